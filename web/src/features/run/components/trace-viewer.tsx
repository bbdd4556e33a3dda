import { isTerminal, type Run, type Step } from '@contracts/runs.ts';
import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDownToLine } from 'lucide-react';
import { type KeyboardEvent, type MouseEvent, useCallback, useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from 'react';
import { EmptyState } from '@/components/empty-state.tsx';
import { Button } from '@/components/ui/button.tsx';
import { useMediaQuery } from '@/hooks/use-media-query.ts';
import { useShortcuts } from '@/hooks/use-shortcuts.ts';
import { cn } from '@/lib/cn.ts';
import { formatInteger } from '@/lib/format.ts';
import type { SearchProps } from '../search.ts';
import type { TraceNode } from '../trace/build-trace.ts';
import { moveOf } from '../trace/tree-keys.ts';
import { useTimeAxis } from '../trace/use-time-axis.ts';
import { useTraceTree } from '../trace/use-trace-tree.ts';
import { isFiltering, nextIn } from '../trace/visible-rows.ts';
import { AxisHeader } from './axis-header.tsx';
import { gridColumns, type TraceColumns, TraceRow } from './trace-row.tsx';
import { TraceToolbar } from './trace-toolbar.tsx';

const headerPx = 28;

/**
 * The reasoning of a run as a tree beside a time axis: iterations, in them thinking, checks, approvals, tools, memory.
 * Rows are virtual; the row with the focus is always drawn, so that the focus is never lost.
 */
export const ReasoningTraceViewer = ({ run, receivedAt, steps, isWhole, columns, search, onSearch }: SearchProps & {
  run: Run;
  receivedAt: number;
  steps: readonly Step[];
  isWhole: boolean;
  columns: TraceColumns;
}) => {
  const isPhone = useMediaQuery('(max-width: 639.98px)');
  const rowPx = isPhone ? 44 : 28;
  const filter = { text: search.find ?? '', onlyErrors: search.errors === true };
  const tree = useTraceTree(steps, filter);
  const { nodes, rows, indexOf, collapsed } = tree;
  const time = useTimeAxis(run, receivedAt, nodes);
  const scroller = useRef<HTMLDivElement>(null);
  const isLive = !isTerminal(run.status);
  const [isFollowing, setIsFollowing] = useState(search.step === undefined);
  const [seenRows, setSeenRows] = useState(rows.length);

  const [activeId, setActiveId] = useState(search.step);
  const [isFocusWanted, setIsFocusWanted] = useState(false);
  const activeIndex = activeId === undefined ? undefined : indexOf.get(activeId);
  const foundRow = activeIndex === undefined ? -1 : rows.indexOf(activeIndex);
  const activeRow = Math.max(0, foundRow);

  // oxlint-disable-next-line react/incompatible-library -- no compiler memoizes this component; its rows get plain values
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 14,
    scrollMargin: headerPx,
    scrollPaddingStart: headerPx,
    getItemKey: (row) => nodes[rows[row] ?? 0]?.id ?? row,
    rangeExtractor: useCallback((range: Range) => {
      const drawn = defaultRangeExtractor(range);
      return drawn.includes(activeRow) || activeRow >= range.count ? drawn : [...drawn, activeRow].sort((a, b) => a - b);
    }, [activeRow]),
  });
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, rowPx]);

  const goTo = (index: number, hasFocus: boolean): void => {
    const node = nodes[index];
    if (node === undefined) return;
    tree.reveal(index);
    setActiveId(node.id);
    setIsFocusWanted(hasFocus);
    setIsFollowing(false);
  };

  // The row a key or a link leads to is scrolled to, and focused once it is drawn.
  useLayoutEffect(() => {
    if (foundRow < 0 || !isFocusWanted) return;
    virtualizer.scrollToIndex(foundRow, { align: 'auto' });
    scroller.current?.querySelector<HTMLElement>(`[data-row="${activeId}"]`)?.focus({ preventScroll: true });
    setIsFocusWanted(false);
  }, [virtualizer, foundRow, isFocusWanted, activeId]);

  // The address names a step (a link, Back, "Go to failing step"): its row is brought into view, once per step.
  const revealed = useRef<string>(undefined);
  const stepIndex = search.step === undefined ? undefined : indexOf.get(search.step);
  const revealStep = useEffectEvent((index: number) => {
    tree.reveal(index);
    setActiveId(search.step);
    setIsFollowing(false);
  });
  useEffect(() => {
    if (search.step === undefined) revealed.current = undefined;
    if (stepIndex === undefined || revealed.current === search.step) return;
    revealStep(stepIndex);
    const row = rows.indexOf(stepIndex);
    if (row < 0) return;
    revealed.current = search.step;
    virtualizer.scrollToIndex(row, { align: 'auto' });
  }, [virtualizer, search.step, stepIndex, rows]);

  // Following: the newest row stays in view.
  useEffect(() => {
    if (!isLive || !isFollowing || rows.length === 0) return;
    virtualizer.scrollToIndex(rows.length - 1, { align: 'end' });
    setSeenRows(rows.length);
  }, [virtualizer, isLive, isFollowing, rows.length]);

  const select = (node: TraceNode): void => {
    setActiveId(node.id);
    setIsFollowing(false);
    if (node.step === null) return tree.setExpanded(node, collapsed.has(node.id));
    // The first step opened is a place to go Back from; going from step to step is not.
    onSearch({ step: node.step.id, ...(search.step === undefined ? { panel: undefined } : {}) }, { replace: search.step !== undefined });
  };
  const toggle = (node: TraceNode): void => {
    setActiveId(node.id);
    tree.setExpanded(node, collapsed.has(node.id));
  };
  const goToError = (direction: 1 | -1): void => {
    const next = nextIn(tree.errors, activeIndex ?? -1, direction);
    if (next === undefined) return;
    goTo(next, true);
    const step = nodes[next]?.step;
    if (step != null) onSearch({ step: step.id }, { replace: search.step !== undefined });
  };
  useShortcuts({
    e: () => goToError(1), 'Shift+e': () => goToError(-1),
    '+': () => time.zoomBy(1), '-': () => time.zoomBy(-1),
  });

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const pageSize = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 300) / rowPx) - 2);
    const move = moveOf(event.key, { nodes, rows, row: activeRow, pageSize, isCollapsed: (node) => collapsed.has(node.id) && !isFiltering(filter) });
    if (move === undefined) {
      if (event.key === 'Escape' && search.step !== undefined) onSearch({ step: undefined, panel: undefined });
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    if (move.kind === 'focus') {
      setIsFollowing(false);
      setActiveId(nodes[rows[move.row] ?? -1]?.id);
      setIsFocusWanted(true);
    } else if (move.kind === 'open') select(move.node);
    else toggle(move.node);
  };

  const onPress = (event: MouseEvent): void => {
    if (!(event.target instanceof Element)) return;
    const index = indexOf.get(event.target.closest<HTMLElement>('[data-row]')?.dataset.row ?? '');
    const node = index === undefined ? undefined : nodes[index];
    if (node === undefined) return;
    if (event.target.closest('[data-toggle]') === null) select(node);
    else toggle(node);
  };

  const news = isLive && !isFollowing ? rows.length - seenRows : 0;
  const hasBars = columns !== 'rows';
  return (
    <section aria-label="Reasoning trace" className="flex min-h-0 min-w-0 flex-col overflow-hidden rounded-card border bg-card">
      <TraceToolbar
        tree={tree} time={time} search={search} onSearch={onSearch} onError={goToError} hasBars={hasBars}
        hits={isFiltering(filter) ? tree.hits : undefined}
        live={isLive ? { isFollowing, onFollow: setIsFollowing } : undefined}
      />
      <div
        ref={scroller}
        role="treegrid"
        aria-label="Steps of the run"
        aria-rowcount={rows.length + 1}
        aria-busy={!isWhole}
        tabIndex={-1}
        onKeyDown={onKeyDown}
        onClick={onPress}
        onWheel={(event) => event.deltaY < 0 && setIsFollowing(false)}
        onTouchMove={() => setIsFollowing(false)}
        // The scrollbar belongs to the element itself.
        onPointerDown={(event) => event.target === event.currentTarget && setIsFollowing(false)}
        className="relative max-h-[max(22rem,calc(100dvh-var(--covered-top,3rem)-9rem))] min-h-40 overflow-x-hidden overflow-y-auto overscroll-contain"
        style={{ height: rows.length * rowPx + headerPx + 2 }}
      >
        <div role="row" aria-rowindex={1} className={cn('sticky top-0 z-20 grid border-b bg-card text-caption text-muted-foreground', gridColumns[columns])} style={{ height: headerPx }}>
          <span role="columnheader" className="self-center pl-2">Step</span>
          {columns !== 'bars' && <span role="columnheader" className="self-center px-1.5 text-right">Duration</span>}
          {columns === 'all' && (
            <>
              <span role="columnheader" className="self-center px-1.5 text-right">Tokens</span>
              <span role="columnheader" className="self-center px-1.5 text-right">Cost</span>
            </>
          )}
          {hasBars && <div role="columnheader" className="border-l border-border/60"><AxisHeader time={time} /></div>}
        </div>
        <div role="rowgroup" className="relative" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((item) => {
            const index = rows[item.index] ?? 0;
            const node = nodes[index];
            if (node === undefined) return null;
            return (
              <TraceRow
                key={node.id} node={node} rowIndex={item.index} top={item.start - headerPx} height={rowPx} columns={columns}
                hasChildren={node.end > index + 1} isExpanded={isFiltering(filter) || !collapsed.has(node.id)}
                isActive={item.index === activeRow} isSelected={node.step !== null && node.id === search.step}
                axis={time.axis} pan={time.pan} now={node.finishedAt === null ? time.now : 0} axisStart={time.startedAt}
              />
            );
          })}
        </div>
      </div>
      {rows.length === 0 && (nodes.length === 0
        ? <EmptyState title={isLive ? 'Nothing has happened yet. Steps appear here as they begin.' : 'This run ended before its first step.'} />
        : <EmptyState title="No step fits." action={<Button variant="outline" size="small" onClick={() => onSearch({ find: undefined, errors: undefined }, { replace: true })}>Clear</Button>} />)}
      <div className="flex min-h-8 items-center gap-3 border-t px-3 text-caption text-muted-foreground">
        <span>{formatInteger(steps.length)} steps{isWhole ? '' : ' so far, reading more'}</span>
        {news > 0 && (
          <Button variant="outline" size="small" className="ml-auto h-7 rounded-full" onClick={() => setIsFollowing(true)}>
            <ArrowDownToLine aria-hidden />Jump to latest
          </Button>
        )}
      </div>
    </section>
  );
};
