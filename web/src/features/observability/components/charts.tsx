import type { ObservabilityResponse } from '@contracts/system.ts';
import { useMemo } from 'react';
import { countOf, formatDuration, formatInteger, formatMoney } from '@/lib/format.ts';
import { Chart, type Series } from '../charts/chart.tsx';
import { formatCount } from '../format-count.ts';
import { fewSamples } from './tiles.tsx';

const latency: Series[] = [
  { name: 'p50', className: 'stroke-running-solid fill-running-solid' },
  { name: 'p95', className: 'stroke-waiting-solid fill-waiting-solid', dash: '6 3' },
  { name: 'p99', className: 'stroke-failed-solid fill-failed-solid', dash: '2 3' },
];
const outcomes: Series[] = [
  { name: 'Completed', className: 'fill-completed-solid' },
  { name: 'Failed or timed out', className: 'fill-failed-solid', isHatched: true },
  { name: 'Open or cancelled', className: 'fill-border' },
];
const money: Series[] = [{ name: 'Cost', className: 'fill-primary' }];
const tokens: Series[] = [
  { name: 'In', className: 'fill-running-solid' },
  { name: 'Out', className: 'fill-timed-out-solid', isHatched: true },
];

/** What changed when: time at work, outcomes, cost, tokens. */
export const Charts = ({ data }: { data: ObservabilityResponse }) => {
  const { series, from, to, bucket_seconds: bucketSeconds, totals } = data;
  const range = { from, to, bucketSeconds };
  const samples = useMemo(
    () => ({
      latency: series.map((row) => ({ at: row.at, values: [row.active_ms.p50, row.active_ms.p95, row.active_ms.p99] })),
      outcomes: series.map((row) => ({ at: row.at, values: [row.completed, row.failed, row.other] })),
      money: series.map((row) => ({ at: row.at, values: [row.cost_micro_usd] })),
      tokens: series.map((row) => ({ at: row.at, values: [row.input_tokens, row.output_tokens] })),
    }),
    [series],
  );
  const count = `${countOf(totals.active_ms.samples, 'sample')}${totals.active_ms.samples < fewSamples ? ', few data' : ''}`;
  return (
    <div className="grid gap-4 xl:grid-cols-2">
      <Chart title="Runs by outcome" kind="bar" series={outcomes} samples={samples.outcomes} range={range} format={formatInteger} isWhole />
      <Chart title="Active time" description={`Waiting for people left out; ${count}`} kind="line" series={latency} samples={samples.latency} range={range} format={formatDuration} />
      <Chart title="Cost" {...(totals.runs_with_unknown_cost > 0 ? { description: `${countOf(totals.runs_with_unknown_cost, 'run')} of unknown cost left out` } : {})} kind="bar" series={money} samples={samples.money} range={range} format={formatMoney} />
      <Chart title="Tokens" kind="bar" series={tokens} samples={samples.tokens} range={range} format={formatCount} />
    </div>
  );
};
