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
