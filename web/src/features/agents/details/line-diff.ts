/** One row of two texts side by side; a side without a line has none. */
export interface DiffRow {
  kind: 'same' | 'changed' | 'removed' | 'added';
  left: string | undefined;
  right: string | undefined;
}

/** Above this many pairs of lines the exact answer would cost too much: the middle is then shown as replaced whole. */
const maxCells = 1_000_000;

/** Lines removed and added next to each other stand on one row, as a change. */
const pair = (removed: string[], added: string[]): DiffRow[] =>
  Array.from({ length: Math.max(removed.length, added.length) }, (_, index): DiffRow => {
    const left = removed[index];
    const right = added[index];
    return { kind: left === undefined ? 'added' : right === undefined ? 'removed' : 'changed', left, right };
  });

/** Two texts line by line, side by side: what both have stands on the same row (longest common subsequence). */
export const diffLines = (before: string, after: string): DiffRow[] => {
  const a = before === '' ? [] : before.split('\n');
  const b = after === '' ? [] : after.split('\n');
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const middleA = a.slice(start, a.length - end);
  const middleB = b.slice(start, b.length - end);
  const same = (line: string): DiffRow => ({ kind: 'same', left: line, right: line });
  const rows: DiffRow[] = a.slice(0, start).map(same);

  if (middleA.length * middleB.length > maxCells) rows.push(...pair(middleA, middleB));
  else {
    const width = middleB.length + 1;
    // lengths[i * width + j]: longest common subsequence of the lines from i and from j on.
    const lengths = new Uint32Array((middleA.length + 1) * width);
    for (let i = middleA.length - 1; i >= 0; i--) {
      for (let j = middleB.length - 1; j >= 0; j--) {
        lengths[i * width + j] = middleA[i] === middleB[j]
          ? (lengths[(i + 1) * width + j + 1] as number) + 1
          : Math.max(lengths[(i + 1) * width + j] as number, lengths[i * width + j + 1] as number);
      }
    }
    let removed: string[] = [];
    let added: string[] = [];
    let i = 0;
    let j = 0;
    while (i < middleA.length || j < middleB.length) {
      const left = middleA[i];
      const right = middleB[j];
      if (left !== undefined && left === right) {
        rows.push(...pair(removed, added), same(left));
        removed = [];
        added = [];
        i++;
        j++;
      } else if (right === undefined || (left !== undefined && (lengths[(i + 1) * width + j] as number) >= (lengths[i * width + j + 1] as number))) {
        removed.push(left as string);
        i++;
      } else {
        added.push(right);
        j++;
      }
    }
    rows.push(...pair(removed, added));
  }
  return [...rows, ...a.slice(a.length - end).map(same)];
};
