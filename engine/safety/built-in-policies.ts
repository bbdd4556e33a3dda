/** A policy that Maestro brings along; part of every set. */
export interface BuiltInPolicy {
  /** `built-in.high-asks` */
  id: string;
  name: string;
  cedar: string;
}

/** The policies of engine/safety/built-in, in the order of their names. */
export const builtInPolicies: readonly BuiltInPolicy[] = [];

/** Rises with every change of the built-in policies. */
export const builtInVersion = 1;

/** What a verdict names as the set it was made under: `set-7+built-in-1`, or `built-in-1` where nothing was ever made live. */
export const toPolicyVersion = (setVersion: number | undefined): string => (setVersion === undefined ? `built-in-${builtInVersion}` : `set-${setVersion}+built-in-${builtInVersion}`);
