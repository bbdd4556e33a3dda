import { isRecord } from '../../../platform/json.ts';

/** Longer texts are bodies rather than something to decide by, and stay out of the ledger. */
const maxTextLength = 200;
const maxDepth = 3;
const maxArguments = 100;

const isSecretName = (name: string): boolean => /authorization|token|key|secret|password|credential/i.test(name);

/** An address may carry a name and a password. */
const withoutCredentials = (text: string): string => text.replaceAll(/(:\/\/)[^/@\s]+@/g, '$1…@');

/** Arguments as policies read them and the ledger keeps them. */
export interface ArgumentFacts {
  /** Texts, and yes or no as `true` and `false`. */
  arguments: Record<string, string>;
  numbers: Record<string, number>;
  /** Names of arguments policies cannot look at: too long, a list, or named like a secret; {@link anyOther}: there are more. A policy that wants one is answered with a person. */
  unreadable_arguments: string[];
}

/** Among the unreadable arguments: whichever are not named elsewhere. */
export const anyOther = '*';

/**
 * Short texts and whole numbers of a call's arguments by name; what stands inside another one goes by `outer.inner`. `bodies` names arguments
 * that are content, whatever their length. Two arguments of one such name are both unreadable: neither may hide the other.
 */
export function toArgumentFacts(args: unknown, bodies: readonly string[] = []): ArgumentFacts {
  const texts = new Map<string, string>();
  const numbers = new Map<string, number>();
  const unreadable = new Set<string>();
  const hide = (name: string): void => {
    texts.delete(name);
    numbers.delete(name);
    unreadable.add(name.length > maxTextLength ? anyOther : name);
  };
  const add = (name: string, value: unknown, depth: number): void => {
    if (value === null || value === undefined) return;
    if (texts.size + numbers.size + unreadable.size >= maxArguments) unreadable.add(anyOther);
    else if (name.length > maxTextLength || isSecretName(name) || bodies.includes(name) || texts.has(name) || numbers.has(name)) hide(name);
    else if (unreadable.has(name)) return;
    else if (isRecord(value) && depth < maxDepth) for (const [inner, innerValue] of Object.entries(value)) add(`${name}.${inner}`, innerValue, depth + 1);
    else if (typeof value === 'string' && value.length <= maxTextLength) texts.set(name, withoutCredentials(value));
    else if (typeof value === 'boolean') texts.set(name, String(value));
    else if (typeof value === 'number' && Number.isSafeInteger(value)) numbers.set(name, value);
    else hide(name);
  };
  if (isRecord(args)) for (const [name, value] of Object.entries(args)) add(name, value, 1);
  return { arguments: Object.fromEntries(texts), numbers: Object.fromEntries(numbers), unreadable_arguments: [...unreadable].toSorted() };
}
