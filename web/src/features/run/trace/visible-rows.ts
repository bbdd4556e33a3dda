import type { TraceNode } from './build-trace.ts';

export interface RowFilter {
  text: string;
  onlyErrors: boolean;
}

/** Steps that failed, by index. A call somebody or a policy refused is no error. */
export const errorRows = (nodes: readonly TraceNode[]): number[] =>
  nodes.flatMap((node, index) => (node.kind === 'step' && node.status === 'failed' ? [index] : []));

const matches = (node: TraceNode, words: readonly string[], onlyErrors: boolean): boolean => {
  if (onlyErrors && !(node.kind === 'step' && node.status === 'failed')) return false;
  if (words.length === 0) return true;
  const text = `${node.label} ${node.detail ?? ''} ${node.step?.error?.message ?? ''}`.toLowerCase();
  return words.every((word) => text.includes(word));
};

const wordsOf = (text: string): string[] => text.toLowerCase().split(/\s+/).filter((word) => word !== '');

/** Whether a filter leaves anything out. */
export const isFiltering = (filter: RowFilter): boolean => filter.onlyErrors || wordsOf(filter.text).length > 0;

/**
 * Indices of the rows to show, in order. Without a filter: all but what lies in collapsed rows. With one: the rows that
 * match and what they belong to, whatever is collapsed. One pass each.
 */
export const visibleRows = (nodes: readonly TraceNode[], collapsed: ReadonlySet<string>, filter: RowFilter): { rows: number[]; hits: number } => {
  const rows: number[] = [];
  if (!isFiltering(filter)) {
    for (let index = 0; index < nodes.length; ) {
      const node = nodes[index] as TraceNode;
      rows.push(index);
      index = collapsed.has(node.id) ? node.end : index + 1;
    }
    return { rows, hits: 0 };
  }
  const words = wordsOf(filter.text);
  const isShown = new Uint8Array(nodes.length);
  let hits = 0;
  nodes.forEach((node, index) => {
    // Iterations and calls are shown for what is in them.
    if (node.kind !== 'step' || !matches(node, words, filter.onlyErrors)) return;
    hits += 1;
    for (let at = index; at >= 0 && isShown[at] === 0; at = (nodes[at] as TraceNode).parent) isShown[at] = 1;
  });
  nodes.forEach((_, index) => {
    if (isShown[index] === 1) rows.push(index);
  });
  return { rows, hits };
};

/** The next entry of `sorted` after `current` (or before it), going round at the end; undefined when there is none. */
export const nextIn = (sorted: readonly number[], current: number, direction: 1 | -1): number | undefined =>
  direction === 1 ? (sorted.find((index) => index > current) ?? sorted[0]) : (sorted.findLast((index) => index < current) ?? sorted.at(-1));
