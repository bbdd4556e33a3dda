import type { Arguments } from './argument-items.ts';

/** One place where two versions of a call differ. `path` is dotted: `inputs.tickets`, `to.1`. */
export interface ArgumentChange {
  path: string;
  kind: 'changed' | 'added' | 'removed';
  before: unknown;
  after: unknown;
}

const isBranch = (value: unknown): value is Record<string, unknown> | unknown[] => typeof value === 'object' && value !== null;

const collect = (before: unknown, after: unknown, path: string, changes: ArgumentChange[]): void => {
  if (isBranch(before) && isBranch(after) && Array.isArray(before) === Array.isArray(after)) {
    const left = before as Record<string, unknown>;
    const right = after as Record<string, unknown>;
    for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
      const child = path === '' ? key : `${path}.${key}`;
      if (!Object.hasOwn(right, key)) changes.push({ path: child, kind: 'removed', before: left[key], after: undefined });
      else if (!Object.hasOwn(left, key)) changes.push({ path: child, kind: 'added', before: undefined, after: right[key] });
      else collect(left[key], right[key], child, changes);
    }
  } else if (!Object.is(before, after)) {
    changes.push({ path, kind: 'changed', before, after });
  }
};

/** Every place where two versions of a call differ; empty when they are the same. `1` and `"1"` differ. */
export const diffArguments = (before: Arguments, after: Arguments): ArgumentChange[] => {
  const changes: ArgumentChange[] = [];
  collect(before, after, '', changes);
  return changes;
};

export interface DiffLine {
  kind: 'same' | 'removed' | 'added';
  text: string;
}

/** Above this many comparisons a text is shown as replaced: the page must not stand still for a diff. */
const maxComparisons = 4_000_000;

/** Two texts line by line: what stayed, what went, what came. */
export const diffLines = (before: string, after: string): DiffLine[] => {
  const left = before.split('\n');
  const right = after.split('\n');
  const whole = (kind: DiffLine['kind']) => (text: string): DiffLine => ({ kind, text });
  let start = 0;
  while (start < left.length && start < right.length && left[start] === right[start]) start += 1;
  let end = 0;
  while (end < left.length - start && end < right.length - start && left.at(-1 - end) === right.at(-1 - end)) end += 1;
  const a = left.slice(start, left.length - end);
  const b = right.slice(start, right.length - end);
  const same = left.slice(0, start).map(whole('same'));
  const tail = left.slice(left.length - end).map(whole('same'));
  if (a.length * b.length > maxComparisons) return [...same, ...a.map(whole('removed')), ...b.map(whole('added')), ...tail];

  // Longest common subsequence, from the end, so that the walk below goes forward.
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  const lengthAt = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] = a[i] === b[j] ? lengthAt(i + 1, j + 1) + 1 : Math.max(lengthAt(i + 1, j), lengthAt(i, j + 1));
    }
  }
  const middle: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const one = a[i];
    const other = b[j];
    if (one !== undefined && one === other) {
      middle.push({ kind: 'same', text: one });
      i += 1;
      j += 1;
    } else if (one !== undefined && (other === undefined || lengthAt(i + 1, j) >= lengthAt(i, j + 1))) {
      middle.push({ kind: 'removed', text: one });
      i += 1;
    } else if (other !== undefined) {
      middle.push({ kind: 'added', text: other });
      j += 1;
    }
  }
  return [...same, ...middle, ...tail];
};
