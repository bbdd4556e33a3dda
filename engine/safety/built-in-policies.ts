import { readFileSync } from 'node:fs';

/** A policy that Maestro brings along; part of every set. */
export interface BuiltInPolicy {
  /** `built-in.high-asks` */
  id: string;
  name: string;
  cedar: string;
}

/** Read from the files people read; a file's first line is the policy's name. */
const readBuiltIn = (file: string): BuiltInPolicy => {
  const cedar = readFileSync(new URL(`./built-in/${file}.cedar`, import.meta.url), 'utf8');
  return { id: `built-in.${file}`, name: (cedar.split('\n', 1)[0] ?? '').replace(/^\/\/\s*/, ''), cedar };
};

/** The policies of engine/safety/built-in. They only permit: what is written forbids more, or permits more. */
export const builtInPolicies: readonly BuiltInPolicy[] = ['low-and-medium-run', 'high-asks'].map(readBuiltIn);

/** Rises with every change of the built-in policies. */
const builtInVersion = 1;

/** What a verdict names as the set it was made under: `set-7+built-in-1`, or `built-in-1` where nothing was ever made live. */
export const toPolicyVersion = (setVersion: number | undefined): string => (setVersion === undefined ? `built-in-${builtInVersion}` : `set-${setVersion}+built-in-${builtInVersion}`);
