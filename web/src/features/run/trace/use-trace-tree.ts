import type { Step } from '@contracts/runs.ts';
import { useMemo, useState } from 'react';
import { buildTrace, type TraceNode } from './build-trace.ts';
import { errorRows, type RowFilter, visibleRows } from './visible-rows.ts';

/** The rows of a trace on screen: the tree, what is collapsed, what the filter leaves. */
export const useTraceTree = (steps: readonly Step[], { text, onlyErrors }: RowFilter) => {
  const nodes = useMemo(() => buildTrace(steps), [steps]);
  const indexOf = useMemo(() => new Map(nodes.map((node, index) => [node.id, index])), [nodes]);
  const errors = useMemo(() => errorRows(nodes), [nodes]);
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set());
  const { rows, hits } = useMemo(() => visibleRows(nodes, collapsed, { text, onlyErrors }), [nodes, collapsed, text, onlyErrors]);

  const setExpanded = (node: TraceNode, isExpanded: boolean): void =>
    setCollapsed((before) => {
      const after = new Set(before);
      if (isExpanded) after.delete(node.id);
      else after.add(node.id);
      return after;
    });
  /** Opens whatever a row lies in. */
  const reveal = (index: number): void =>
    setCollapsed((before) => {
      const after = new Set(before);
      for (let at = nodes[index]?.parent ?? -1; at >= 0; at = nodes[at]?.parent ?? -1) after.delete((nodes[at] as TraceNode).id);
      return after.size === before.size ? before : after;
    });
  const expandAll = (): void => setCollapsed(new Set());
  const collapseAll = (): void => setCollapsed(new Set(nodes.filter((node, index) => node.end > index + 1).map((node) => node.id)));
  return { nodes, indexOf, errors, rows, hits, collapsed, setExpanded, reveal, expandAll, collapseAll };
};

export type TraceTree = ReturnType<typeof useTraceTree>;
