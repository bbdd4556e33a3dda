import { diffArrays } from 'diff';

/** One row of two texts side by side; a side without a line has none. */
export interface DiffRow {
  kind: 'same' | 'changed' | 'removed' | 'added';
  left: string | undefined;
  right: string | undefined;
}

/** Texts with more changed lines than this are shown as replaced whole: the exact answer would hold the page up. */
const maxEditLength = 2_000;

/** Lines removed and added next to each other stand on one row, as a change. */
const pair = (removed: readonly string[], added: readonly string[]): DiffRow[] =>
  Array.from({ length: Math.max(removed.length, added.length) }, (_, index): DiffRow => {
    const left = removed[index];
    const right = added[index];
    return { kind: left === undefined ? 'added' : right === undefined ? 'removed' : 'changed', left, right };
  });

const toLines = (text: string): string[] => (text === '' ? [] : text.split('\n'));

/** Two texts line by line, side by side: what both have stands on the same row. */
export const diffLines = (before: string, after: string): DiffRow[] => {
  const left = toLines(before);
  const right = toLines(after);
  const changes = diffArrays(left, right, { maxEditLength });
  if (changes === undefined) return pair(left, right);
  const rows: DiffRow[] = [];
  let removed: string[] = [];
  let added: string[] = [];
  for (const { value, removed: isRemoved, added: isAdded } of changes) {
    if (isRemoved) removed.push(...value);
    else if (isAdded) added.push(...value);
    else {
      rows.push(...pair(removed, added), ...value.map((line): DiffRow => ({ kind: 'same', left: line, right: line })));
      removed = [];
      added = [];
    }
  }
  return [...rows, ...pair(removed, added)];
};

/** One line of two texts below each other. */
export interface DiffLine {
  kind: 'same' | 'removed' | 'added';
  text: string;
}

/** Two texts line by line, below each other: what stayed, what went, what came. */
export const diffLinesBelow = (before: string, after: string): DiffLine[] => {
  const left = before.split('\n');
  const right = after.split('\n');
  const changes = diffArrays(left, right, { maxEditLength }) ?? [{ value: left, removed: true, added: false }, { value: right, removed: false, added: true }];
  return changes.flatMap(({ value, removed, added }) => value.map((text): DiffLine => ({ kind: removed ? 'removed' : added ? 'added' : 'same', text })));
};
