import type { FieldIssue } from '../../contracts/errors.ts';

/** Deeper than any body the contract knows, and shallow enough for every recursive reader behind it. */
const maxDepth = 64;

const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\u0000');

/**
 * The first place of a request that PostgreSQL could not store (a NUL, half a surrogate pair) or that is nested too deeply to
 * be walked safely; undefined when there is none. Not recursive, so that the nesting cannot overflow the stack.
 */
export function findUnstorable(value: unknown): FieldIssue | undefined {
  const open: { value: unknown; path: string; depth: number }[] = [{ value, path: '', depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { path, depth } = next;
    if (typeof next.value === 'string' && !isStorable(next.value)) return { path, message: 'Contains a character that cannot be stored.' };
    if (next.value === null || typeof next.value !== 'object') continue;
    if (depth >= maxDepth) return { path: path.slice(0, 200), message: `Nested more than ${maxDepth} levels deep.` };
    for (const [key, member] of Object.entries(next.value)) {
      if (!isStorable(key)) return { path, message: 'Has a field name that cannot be stored.' };
      open.push({ value: member, path: path === '' ? key : `${path}.${key}`, depth: depth + 1 });
    }
  }
  return undefined;
}
