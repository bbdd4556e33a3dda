import type { Kysely } from 'kysely';
import type { ObservabilityQuery, ObservabilityResponse, timeRanges } from '../../contracts/system.ts';
import type { Database } from '../../db/database.ts';
import {
  countByAgent, countByModel, countByTool, countErrors, countModelErrors, type FigureFilter, getApprovalFigures, getFirstTokenFigures, getRunFigures, hasAnyRun, listSlowestSteps, type PercentileRow, type RunFigureRow,
} from '../../db/repositories/figures.repository.ts';
import { toSuccessRate } from './success-rate.ts';

const minute = 60;
const hour = 3_600;

/** Length of each range and of its buckets in seconds: 24 to 30 points to a chart. */
const ranges: Record<(typeof timeRanges)[number], { seconds: number; bucketSeconds: number }> = {
  '1h': { seconds: hour, bucketSeconds: 2 * minute },
  '24h': { seconds: 24 * hour, bucketSeconds: hour },
  '7d': { seconds: 7 * 24 * hour, bucketSeconds: 6 * hour },
  '30d': { seconds: 30 * 24 * hour, bucketSeconds: 24 * hour },
};

type Totals = ObservabilityResponse['totals'];
type Percentiles = Totals['active_ms'];

const round = (value: number | null): number | null => (value === null ? null : Math.round(value));

type RunFigures = Omit<RunFigureRow, 'bucket'>;

const toPercentiles = (figures: PercentileRow): Percentiles => ({ p50: round(figures.p50), p95: round(figures.p95), p99: round(figures.p99), samples: figures.samples });

/** The sum of what is known; null when nothing is, so that an unknown price never reads as free. */
const toCost = (figures: { runs: number; cost_micro_usd: number; runs_with_unknown_cost: number }): number | null =>
  figures.runs_with_unknown_cost > 0 && figures.runs_with_unknown_cost === figures.runs ? null : figures.cost_micro_usd;

const noRuns: RunFigures = { runs: 0, completed: 0, failed: 0, samples: 0, p50: null, p95: null, p99: null, input_tokens: 0, output_tokens: 0, cached_input_tokens: 0, cost_micro_usd: 0, runs_with_unknown_cost: 0 };

async function getTotals(db: Kysely<Database>, filter: FigureFilter): Promise<Totals> {
  const [[figures = noRuns], approvals, firstToken] = await Promise.all([getRunFigures(db, filter), getApprovalFigures(db, filter), getFirstTokenFigures(db, filter)]);
  return {
    runs: figures.runs,
    completed: figures.completed,
    failed: figures.failed,
    success_rate: toSuccessRate(figures.completed, figures.failed),
    active_ms: toPercentiles(figures),
    first_token_ms: toPercentiles(firstToken),
    input_tokens: figures.input_tokens,
    output_tokens: figures.output_tokens,
    cached_input_tokens: figures.cached_input_tokens,
    cost_micro_usd: toCost(figures),
    runs_with_unknown_cost: figures.runs_with_unknown_cost,
    approvals: approvals.approvals,
    approvals_expired: approvals.expired,
    median_time_to_decide_ms: round(approvals.median_ms),
  };
}

/** Latency, errors, cost and approvals of the runs created in a range, the same of the range before it, and where the figures come from. */
export async function getObservability({ db }: { db: Kysely<Database> }, query: ObservabilityQuery, now: Date = new Date()): Promise<ObservabilityResponse> {
  const { seconds, bucketSeconds } = ranges[query.range];
  const from = new Date(now.getTime() - seconds * 1000);
  const filter: FigureFilter = { from, to: now, agentId: query.agent_id, llmModel: query.llm_model, includeDemo: query.include_demo };
  const previousFilter: FigureFilter = { ...filter, from: new Date(from.getTime() - seconds * 1000), to: from };
  const [hasAny, totals, previous, series, byAgent, byModel, byTool, errors, modelErrors, slowest] = await Promise.all([
    hasAnyRun(db, filter),
    getTotals(db, filter),
    getTotals(db, previousFilter),
    getRunFigures(db, filter, bucketSeconds),
    countByAgent(db, filter),
    countByModel(db, filter),
    countByTool(db, filter),
    countErrors(db, filter),
    countModelErrors(db, filter),
    listSlowestSteps(db, filter),
  ]);
  return {
    from: from.toISOString(),
    to: now.toISOString(),
    bucket_seconds: bucketSeconds,
    has_any_run: hasAny,
    totals,
    previous,
    series: series.map((figures) => ({
      at: new Date(from.getTime() + figures.bucket * bucketSeconds * 1000).toISOString(),
      runs: figures.runs,
      completed: figures.completed,
      failed: figures.failed,
      other: figures.runs - figures.completed - figures.failed,
      active_ms: toPercentiles(figures),
      input_tokens: figures.input_tokens,
      output_tokens: figures.output_tokens,
      cost_micro_usd: toCost(figures),
    })),
    by_agent: byAgent.map(({ runs_with_unknown_cost: unknown, ...row }) => ({ ...row, p95_ms: round(row.p95_ms), cost_micro_usd: toCost({ ...row, runs_with_unknown_cost: unknown }) })),
    by_model: byModel.map((row) => ({ ...row, p95_ms: round(row.p95_ms) })),
    by_tool: byTool.map((row) => ({ ...row, p95_ms: round(row.p95_ms) })),
    errors,
    model_errors: modelErrors,
    slowest_steps: slowest.map((row) => ({ ...row, duration_ms: Math.round(row.duration_ms) })),
  };
}
