import { ChevronRight } from 'lucide-react';
import { memo } from 'react';
import { Duration } from '@/components/figures.tsx';
import { StepKindIcon, stepKindLooks } from '@/components/step-kind-icon.tsx';
import { StepStatusMark, stepStatusLooks } from '@/components/trace/step-status.tsx';
import { Badge } from '@/components/ui/badge.tsx';
import { cn } from '@/lib/cn.ts';
import { formatDuration, formatInteger, formatMoney, unknownMark } from '@/lib/format.ts';
import type { Axis } from '../trace/axis.ts';
import type { TraceNode } from '../trace/build-trace.ts';
import { DraftLine } from './draft-view.tsx';
import { costOf, durationAt, tokensOf } from '../trace/figures.ts';

/** Which columns a row shows: all of them; on phones the rows with their times, or with their bars. */
export type TraceColumns = 'all' | 'rows' | 'bars';

export const gridColumns: Record<TraceColumns, string> = {
  all: 'grid-cols-[minmax(0,1fr)_4rem_3.5rem_4.25rem_minmax(6rem,26%)]',
  rows: 'grid-cols-[minmax(0,1fr)_4.75rem]',
  bars: 'grid-cols-[minmax(0,1fr)_52%]',
};

const cellClass = 'tabular truncate px-1.5 text-right text-caption';

/** Bar of a row on the time axis. Its text equivalent is the cell's label. */
const TimeBar = ({ node, axis, pan, now }: { node: TraceNode; axis: Axis; pan: number; now: number }) => {
  const left = axis.toX(node.startedAt);
  const width = Math.max(2, axis.toX(node.finishedAt ?? now) - left);
  const isOpen = node.finishedAt === null;
  const isParent = node.kind !== 'step';
  return (
    <span aria-hidden className="absolute inset-0 overflow-hidden">
      <span className="absolute inset-y-0 left-0" style={{ width: axis.width, transform: `translateX(${-pan}px)` }}>
        {axis.gaps.map((gap) => <span key={gap.from} className="absolute inset-y-0 border-x border-dashed border-border bg-muted" style={{ left: gap.x, width: gap.width }} />)}
        <span
          data-bar={node.status}
          className={cn(
            'absolute top-1/2 -translate-y-1/2 rounded-[2px]',
            isParent ? 'h-1 opacity-60' : 'h-3',
            stepStatusLooks[node.status].barClass,
            isOpen && 'rounded-r-none',
            node.status === 'cancelled' && 'opacity-70',
          )}
          style={{ left, width }}
        />
      </span>
    </span>
  );
};

/** Unknown in a row. Not a tab stop as elsewhere: in a treegrid the rows are, and the details of the step say it again. */
const NotKnown = ({ reason }: { reason: string }) => (
  <span title={reason}>
    <span aria-hidden>{unknownMark}</span>
    <span className="sr-only">Unknown: {reason}</span>
  </span>
);

interface RowProps {
  node: TraceNode;
  hasChildren: boolean;
  isExpanded: boolean;
  isActive: boolean;
  isSelected: boolean;
  rowIndex: number;
  top: number;
  height: number;
  columns: TraceColumns;
  axis: Axis;
  pan: number;
  /** The clock for rows that are open; ended rows get 0 and are not drawn again each second. */
  now: number;
  axisStart: number;
}

/** One row of the treegrid, which handles its keys and presses. */
export const TraceRow = memo(function TraceRow({ node, hasChildren, isExpanded, isActive, isSelected, rowIndex, top, height, columns, axis, pan, now, axisStart }: RowProps) {
  const { step, figures } = node;
  const durationMs = durationAt(figures, now);
  const tokens = tokensOf(figures);
  const cost = costOf(figures);
  const isStruck = node.status === 'cancelled' && node.kind === 'step';
  return (
    <div
      role="row"
      data-row={node.id}
      aria-level={node.level}
      aria-posinset={node.position}
      aria-setsize={node.setSize}
      aria-rowindex={rowIndex + 2}
      aria-expanded={hasChildren ? isExpanded : undefined}
      aria-selected={isSelected}
      tabIndex={isActive ? 0 : -1}
      className={cn(
        'absolute top-0 left-0 grid w-full cursor-default items-stretch border-b border-border/60 text-row -outline-offset-2 hover:bg-muted focus-visible:z-10 focus-visible:-outline-offset-2',
        gridColumns[columns],
        isSelected && 'bg-accent',
        node.kind === 'iteration' && 'font-medium',
        node.status === 'failed' && node.kind === 'step' && 'shadow-[inset_2px_0_0_var(--state-failed-solid)]',
      )}
      style={{ height, transform: `translateY(${top}px)` }}
    >
      <div role="gridcell" className="flex min-w-0 items-center gap-1.5 pr-2" style={{ paddingLeft: 4 + (node.level - 1) * 14 }}>
        {hasChildren ? (
          <span aria-hidden data-toggle className="flex size-6 shrink-0 items-center justify-center rounded-control hover:bg-border">
            <ChevronRight className={cn('size-4 transition-transform duration-120', isExpanded && 'rotate-90')} />
          </span>
        ) : (
          <span className="w-1 shrink-0" />
        )}
        {step !== null && <StepKindIcon kind={step.kind} />}
        <span className={cn('min-w-0 truncate', isStruck && 'line-through')}>
          {step === null ? node.label : (
            <>
              {step.tool_name !== null && step.kind === 'tool' ? <span className="sr-only">{stepKindLooks.tool.word} </span> : stepKindLooks[step.kind].word}
              {step.kind === 'tool' && (step.tool_name ?? 'Tool')}
            </>
          )}
        </span>
        <StepStatusMark status={node.status} inLine={node.isInLine} hasWord={node.status === 'waiting' || node.status === 'failed' || node.status === 'refused'} />
        {/* A narrow row has no room for both this and what an open turn says or waits for. */}
        {step !== null && step.attempt > 1 && step.status !== 'running' && <Badge>attempt {step.attempt}</Badge>}
        {step?.is_cached === true && <Badge>{step.saved_micro_usd === null ? 'from cache' : `from cache, saved ${formatMoney(step.saved_micro_usd)}`}</Badge>}
        {step?.is_fallback === true && <Badge className="bg-waiting-tint text-waiting-text">fallback{step.llm_model !== null && `: ${step.llm_model}`}</Badge>}
        {step !== null && step.kind === 'reasoning' && step.status === 'running' ? <DraftLine step={step} /> : node.detail !== null && <span className="min-w-0 flex-1 truncate font-normal text-muted-foreground">{node.detail}</span>}
      </div>
      {columns !== 'bars' && <div role="gridcell" className={cn(cellClass, 'self-center')}><Duration ms={durationMs} /></div>}
      {columns === 'all' && (
        <>
          <div role="gridcell" className={cn(cellClass, 'self-center')}>
            {tokens === undefined ? null : tokens === null ? <NotKnown reason="the provider reported no token counts" /> : formatInteger(tokens)}
          </div>
          <div role="gridcell" className={cn(cellClass, 'self-center')}>
            {cost === undefined ? null : cost === null ? <NotKnown reason="the price of the model is not known" /> : formatMoney(cost)}
          </div>
        </>
      )}
      {columns !== 'rows' && (
        <div role="gridcell" className="relative border-l border-border/60">
          <span className="sr-only">from {formatDuration(node.startedAt - axisStart)} {node.finishedAt === null ? 'on, still open' : `to ${formatDuration(node.finishedAt - axisStart)}`}</span>
          <TimeBar node={node} axis={axis} pan={pan} now={now} />
        </div>
      )}
    </div>
  );
});
