import type { ObservabilityResponse } from '@contracts/system.ts';
import { ArrowDownRight, ArrowRight, ArrowUpRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { Unknown } from '@/components/figures.tsx';
import { Badge } from '@/components/ui/badge.tsx';
import { Card } from '@/components/ui/card.tsx';
import { countOf, formatDuration, formatInteger, formatMoney, formatShare } from '@/lib/format.ts';
import { formatCount } from '../format-count.ts';
import { type Change, changeOf, changeOfShare } from './change.ts';

/** Percentiles of fewer samples say little. */
export const fewSamples = 20;

const arrows = { up: ArrowUpRight, down: ArrowDownRight, same: ArrowRight };
const words = { up: 'up', down: 'down', same: '' };

const ChangeMark = ({ change }: { change: Change | undefined }) => {
  if (change === undefined) return <span className="text-caption text-muted-foreground">nothing to compare with</span>;
  const Arrow = arrows[change.direction];
  return (
    <span className="tabular inline-flex items-center gap-1 text-caption text-muted-foreground">
      <Arrow aria-hidden className="size-3.5" />
      <span className="sr-only">{words[change.direction]} </span>
      {change.text}
    </span>
  );
};

const Tile = ({ label, value, note, change, isThin = false }: { label: string; value: ReactNode; note?: ReactNode; change: Change | undefined; isThin?: boolean }) => (
  <Card className="gap-1 p-4 max-sm:p-3">
    <h3 className="flex items-center justify-between gap-2 text-caption text-muted-foreground">{label}{isThin && <Badge title={`Fewer than ${fewSamples} samples`}>few data</Badge>}</h3>
    <p className="tabular text-headline font-semibold max-sm:text-page">{value}</p>
    <ChangeMark change={change} />
    {note !== undefined && <p className="text-caption text-muted-foreground">{note}</p>}
  </Card>
);

const orUnknown = (value: number | null, format: (value: number) => string, reason: string): ReactNode => (value === null ? <Unknown reason={reason} /> : format(value));

/** The figures one looks at first, each with its change against the range before of the same length. */
export const Tiles = ({ totals, previous }: Pick<ObservabilityResponse, 'totals' | 'previous'>) => {
  const ended = totals.completed + totals.failed;
  const tokens = totals.input_tokens + totals.output_tokens;
  return (
    <div className="grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-4">
      <Tile label="Runs" value={formatInteger(totals.runs)} change={changeOf(totals.runs, previous.runs)} note={`${countOf(totals.failed, 'failed', 'failed')}`} />
      <Tile label="Success rate" value={orUnknown(totals.success_rate, formatShare, 'no run has ended')} change={changeOfShare(totals.success_rate, previous.success_rate)} isThin={ended < fewSamples} note={`of ${formatInteger(ended)} ended`} />
      <Tile
        label="Active time, p95" value={orUnknown(totals.active_ms.p95, formatDuration, 'no run has ended')} change={changeOf(totals.active_ms.p95, previous.active_ms.p95)} isThin={totals.active_ms.samples < fewSamples}
        note={totals.active_ms.p50 === null ? 'waiting for people left out' : `p50 ${formatDuration(totals.active_ms.p50)}, ${countOf(totals.active_ms.samples, 'sample')}`}
      />
      <Tile
        label="First token, p95" value={orUnknown(totals.first_token_ms.p95, formatDuration, 'no answer was streamed')} change={changeOf(totals.first_token_ms.p95, previous.first_token_ms.p95)} isThin={totals.first_token_ms.samples < fewSamples}
        note={totals.first_token_ms.p50 === null ? 'from request to first word' : `p50 ${formatDuration(totals.first_token_ms.p50)}, ${countOf(totals.first_token_ms.samples, 'sample')}`}
      />
      <Tile
        label="Cost" value={orUnknown(totals.cost_micro_usd, formatMoney, 'the prices of the models are not known')} change={changeOf(totals.cost_micro_usd, previous.cost_micro_usd)}
        note={totals.runs_with_unknown_cost > 0 ? `${countOf(totals.runs_with_unknown_cost, 'run')} of unknown cost left out` : 'every price known'}
      />
      <Tile label="Tokens" value={formatCount(tokens)} change={changeOf(tokens, previous.input_tokens + previous.output_tokens)} note={`${formatCount(totals.input_tokens)} in, ${formatCount(totals.output_tokens)} out, ${formatCount(totals.cached_input_tokens)} cached`} />
      <Tile
        label="Approvals" value={formatInteger(totals.approvals)} change={changeOf(totals.approvals, previous.approvals)}
        note={`${totals.median_time_to_decide_ms === null ? 'none decided' : `median ${formatDuration(totals.median_time_to_decide_ms)} to decide`}, ${formatInteger(totals.approvals_expired)} expired`}
      />
    </div>
  );
};
