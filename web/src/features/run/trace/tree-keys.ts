import type { TraceNode } from './build-trace.ts';

export type TreeMove = { kind: 'focus'; row: number } | { kind: 'expand' | 'collapse'; node: TraceNode } | { kind: 'open'; node: TraceNode } | undefined;

/** Where a key leads in the tree, as the treegrid pattern has it. `row` counts among the visible rows. */
export const moveOf = (
  key: string,
  { nodes, rows, row, pageSize, isCollapsed }: { nodes: readonly TraceNode[]; rows: readonly number[]; row: number; pageSize: number; isCollapsed: (node: TraceNode) => boolean },
): TreeMove => {
  const index = rows[row];
  const node = index === undefined ? undefined : nodes[index];
  if (index === undefined || node === undefined) return undefined;
  const last = rows.length - 1;
  const focus = (to: number): TreeMove => ({ kind: 'focus', row: Math.min(last, Math.max(0, to)) });
  const hasChildren = node.end > index + 1;
  switch (key) {
    case 'ArrowDown':
    case 'j': return focus(row + 1);
    case 'ArrowUp':
    case 'k': return focus(row - 1);
    case 'Home': return focus(0);
    case 'End': return focus(last);
    case 'PageDown': return focus(row + pageSize);
    case 'PageUp': return focus(row - pageSize);
    case 'ArrowRight':
      if (!hasChildren) return undefined;
      return isCollapsed(node) ? { kind: 'expand', node } : focus(row + 1);
    case 'ArrowLeft':
      if (hasChildren && !isCollapsed(node)) return { kind: 'collapse', node };
      return node.parent < 0 ? undefined : focus(rows.indexOf(node.parent));
    case 'Enter':
    case ' ': return { kind: 'open', node };
    default: return undefined;
  }
};
