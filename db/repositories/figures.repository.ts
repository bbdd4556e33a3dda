import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { LlmProvider } from '../../contracts/agents.ts';
import type { Database } from '../database.ts';

/** Which runs figures are about: created from `from` (with it) to `to` (without it). */
export interface FigureFilter {
  from: Date;
  to: Date;
  agentId?: string | undefined;
  llmModel?: string | undefined;
  includeDemo: boolean;
}

/** The filter's choice apart from time, over `r` (runs), `a` (agents) and `v` (agent_versions). */
const chosen = ({ agentId, llmModel, includeDemo }: FigureFilter): RawBuilder<boolean> => sql<boolean>`
  ${agentId === undefined ? sql`true` : sql`r.agent_id = ${agentId}::uuid`}
  and ${llmModel === undefined ? sql`true` : sql`v.definition ->> 'llm_model' = ${llmModel}`}
  and ${includeDemo ? sql`true` : sql`not a.is_demo`}`;

const runsWithAgents = sql`runs r join agents a on a.id = r.agent_id join agent_versions v on v.agent_id = r.agent_id and v.version = r.agent_version`;
const inRange = ({ from, to }: { from: Date; to: Date }): RawBuilder<boolean> => sql<boolean>`r.created_at >= ${from} and r.created_at < ${to}`;

/** Milliseconds a run was at work: from a worker's start to its end, waiting for people left out. Null while it is open. */
const activeMs = sql`case when r.finished_at is not null and r.started_at is not null then greatest(0, extract(epoch from r.finished_at - r.started_at) * 1000 - r.waiting_ms)::float8 end`;
const stepMs = sql`extract(epoch from s.finished_at - s.started_at)::float8 * 1000`;

export interface RunFigureRow extends PercentileRow {
  /** Number of the bucket counted from `from`; 0 when there is only one. */
  bucket: number;
  runs: number;
  completed: number;
  failed: number;
  input_tokens: number;
  output_tokens: number;
  cached_input_tokens: number;
  cost_micro_usd: number;
  runs_with_unknown_cost: number;
}

/** Figures of the chosen runs: one row in all, or one per bucket that has a run. */
export async function getRunFigures(db: Kysely<Database>, filter: FigureFilter, bucketSeconds?: number): Promise<RunFigureRow[]> {
  const bucket = bucketSeconds === undefined ? sql`0` : sql`floor(extract(epoch from r.created_at - ${filter.from}::timestamptz) / ${bucketSeconds}::float8)::int`;
  const { rows } = await sql<RunFigureRow>`
    select bucket, count(*) as runs,
      count(*) filter (where phase = 'completed') as completed,
      count(*) filter (where phase in ('failed', 'timed_out')) as failed,
      count(active_ms) as samples,
      percentile_cont(0.5) within group (order by active_ms) as p50,
      percentile_cont(0.95) within group (order by active_ms) as p95,
      percentile_cont(0.99) within group (order by active_ms) as p99,
      coalesce(sum(input_tokens), 0)::bigint as input_tokens,
      coalesce(sum(output_tokens), 0)::bigint as output_tokens,
      coalesce(sum(cached_input_tokens), 0)::bigint as cached_input_tokens,
      coalesce(sum(cost_micro_usd), 0)::bigint as cost_micro_usd,
      count(*) filter (where has_unknown_cost) as runs_with_unknown_cost
    from (
      select r.phase, r.input_tokens, r.output_tokens, r.cached_input_tokens, r.cost_micro_usd, r.has_unknown_cost, ${bucket} as bucket, ${activeMs} as active_ms
      from ${runsWithAgents} where ${inRange(filter)} and ${chosen(filter)}
    ) figures
    group by bucket order by bucket`.execute(db);
  return rows;
}

/** Approval requests of the chosen runs made in the range, and how long people took to decide. */
export async function getApprovalFigures(db: Kysely<Database>, filter: FigureFilter): Promise<{ approvals: number; expired: number; median_ms: number | null }> {
  const { rows } = await sql<{ approvals: number; expired: number; median_ms: number | null }>`
    select count(*) as approvals, count(*) filter (where h.status = 'expired') as expired,
      percentile_cont(0.5) within group (order by extract(epoch from d.decided_at - h.requested_at)::float8 * 1000)
        filter (where d.door in ('api', 'temporal_signal')) as median_ms
    from hitl_requests h join ${runsWithAgents} on r.id = h.run_id left join hitl_decisions d on d.request_id = h.id
    where h.requested_at >= ${filter.from} and h.requested_at < ${filter.to} and ${chosen(filter)}`.execute(db);
  return rows[0] ?? { approvals: 0, expired: 0, median_ms: null };
}

/** Whether there is any run at all, whenever it was, among those not hidden as demo. */
export async function hasAnyRun(db: Kysely<Database>, { includeDemo }: Pick<FigureFilter, 'includeDemo'>): Promise<boolean> {
  const { rows } = await sql<{ any: boolean }>`select exists (select 1 from runs r join agents a on a.id = r.agent_id where ${includeDemo ? sql`true` : sql`not a.is_demo`}) as any`.execute(db);
  return rows[0]?.any ?? false;
}

export async function countByAgent(db: Kysely<Database>, filter: FigureFilter) {
  const { rows } = await sql<{ agent_id: string; agent_name: string; runs: number; failed: number; p95_ms: number | null; cost_micro_usd: number; runs_with_unknown_cost: number }>`
    select r.agent_id, a.name as agent_name, count(*) as runs, count(*) filter (where r.phase in ('failed', 'timed_out')) as failed,
      percentile_cont(0.95) within group (order by ${activeMs}) as p95_ms,
      coalesce(sum(r.cost_micro_usd), 0)::bigint as cost_micro_usd, count(*) filter (where r.has_unknown_cost) as runs_with_unknown_cost
    from ${runsWithAgents} where ${inRange(filter)} and ${chosen(filter)}
    group by r.agent_id, a.name order by runs desc, a.name limit 20`.execute(db);
  return rows;
}

/**
 * Calls of each model, as they were sent; answers from the cache are none. Turns of before calls had rows of their own count with the
 * model their agent is set to.
 */
export async function countByModel(db: Kysely<Database>, filter: FigureFilter) {
  const { rows } = await sql<{ llm_provider: LlmProvider; llm_model: string; calls: number; failed: number; p95_ms: number | null; cost_micro_usd: number | null }>`
    select llm_provider, llm_model, count(*) as calls, count(*) filter (where has_failed) as failed,
      percentile_cont(0.95) within group (order by ms) filter (where ms is not null) as p95_ms, sum(cost_micro_usd)::bigint as cost_micro_usd
    from (
      select m.llm_provider, m.llm_model, m.status = 'failed' as has_failed, extract(epoch from m.finished_at - m.started_at)::float8 * 1000 as ms, m.cost_micro_usd
      from ${runsWithAgents} join model_calls m on m.run_id = r.id
      where ${inRange(filter)} and ${chosen(filter)} and not m.is_cached and (m.request_bytes is not null or m.status <> 'failed')
      union all
      select v.definition ->> 'llm_provider', v.definition ->> 'llm_model', s.status = 'failed', ${stepMs}, s.cost_micro_usd
      from ${runsWithAgents} join steps s on s.run_id = r.id
      where ${inRange(filter)} and ${chosen(filter)} and s.kind in ('reasoning', 'finish') and not exists (select 1 from model_calls m where m.run_id = r.id)
    ) calls
    group by 1, 2 order by calls desc, 2 limit 20`.execute(db);
  return rows;
}

/** Why requests to models failed, the most frequent first, each with its newest run. */
export async function countModelErrors(db: Kysely<Database>, filter: FigureFilter) {
  const { rows } = await sql<{ code: string; llm_connection: string; llm_model: string; count: number; example_run_id: string }>`
    select m.error ->> 'code' as code, m.connection_name as llm_connection, m.llm_model, count(*) as count, (array_agg(r.id order by m.started_at desc))[1] as example_run_id
    from ${runsWithAgents} join model_calls m on m.run_id = r.id
    where ${inRange(filter)} and ${chosen(filter)} and m.status = 'failed' and m.error is not null
    group by 1, 2, 3 order by count desc, 1, 2, 3 limit 20`.execute(db);
  return rows;
}

export interface PercentileRow {
  samples: number;
  p50: number | null;
  p95: number | null;
  p99: number | null;
}

/** How long the chosen runs waited for the first token of an answer. */
export async function getFirstTokenFigures(db: Kysely<Database>, filter: FigureFilter): Promise<PercentileRow> {
  const { rows } = await sql<PercentileRow>`
    select count(*) as samples, percentile_cont(0.5) within group (order by m.first_token_ms) as p50, percentile_cont(0.95) within group (order by m.first_token_ms) as p95,
      percentile_cont(0.99) within group (order by m.first_token_ms) as p99
    from ${runsWithAgents} join model_calls m on m.run_id = r.id
    where ${inRange(filter)} and ${chosen(filter)} and m.first_token_ms is not null`.execute(db);
  return rows[0] ?? { samples: 0, p50: null, p95: null, p99: null };
}

export async function countByTool(db: Kysely<Database>, filter: FigureFilter) {
  const { rows } = await sql<{ tool_name: string; calls: number; failed: number; refused: number; p95_ms: number | null }>`
    select c.tool_name, count(*) as calls,
      count(*) filter (where c.state in ('failed', 'invalid', 'outcome_unknown')) as failed,
      count(*) filter (where c.state in ('denied', 'rejected')) as refused,
      percentile_cont(0.95) within group (order by extract(epoch from c.finished_at - c.started_at)::float8 * 1000) filter (where c.started_at is not null and c.finished_at is not null) as p95_ms
    from ${runsWithAgents} join tool_calls c on c.run_id = r.id
    where ${inRange(filter)} and ${chosen(filter)}
    group by c.tool_name order by calls desc, c.tool_name limit 20`.execute(db);
  return rows;
}

/** Why runs ended other than by an answer, the most frequent first, each with its newest run. */
export async function countErrors(db: Kysely<Database>, filter: FigureFilter) {
  const { rows } = await sql<{ code: string; count: number; example_run_id: string }>`
    select r.error ->> 'code' as code, count(*) as count, (array_agg(r.id order by r.created_at desc))[1] as example_run_id
    from ${runsWithAgents}
    where ${inRange(filter)} and ${chosen(filter)} and r.phase in ('failed', 'timed_out') and r.error is not null
    group by 1 order by count desc, 1 limit 20`.execute(db);
  return rows;
}

/** The slowest steps that did work; waiting for people is not slowness. */
export async function listSlowestSteps(db: Kysely<Database>, filter: FigureFilter) {
  const { rows } = await sql<{ run_id: string; step_id: string; kind: string; tool_name: string | null; duration_ms: number }>`
    select s.run_id, s.id as step_id, s.kind, c.tool_name, greatest(0, ${stepMs}) as duration_ms
    from ${runsWithAgents} join steps s on s.run_id = r.id left join tool_calls c on c.id = s.tool_call_id
    where ${inRange(filter)} and ${chosen(filter)} and s.kind in ('reasoning', 'tool', 'memory', 'finish') and s.finished_at is not null
    order by duration_ms desc, s.id limit 10`.execute(db);
  return rows;
}

interface Span {
  from: Date;
  to: Date;
}

/** Runs that ended in a span; `failed` includes those that timed out. */
export async function countEndings(db: Kysely<Database>, { from, to }: Span): Promise<{ ended: number; completed: number; failed: number }> {
  const { rows } = await sql<{ ended: number; completed: number; failed: number }>`
    select count(*) as ended, count(*) filter (where phase = 'completed') as completed, count(*) filter (where phase in ('failed', 'timed_out')) as failed
    from runs where finished_at >= ${from} and finished_at <= ${to}`.execute(db);
  return rows[0] ?? { ended: 0, completed: 0, failed: 0 };
}

/** What model calls of a span cost, in millionths of a US dollar, and whether any call's cost is unknown. */
export async function sumCost(db: Kysely<Database>, { from, to }: Span): Promise<{ microUsd: number; hasUnknown: boolean }> {
  const { rows } = await sql<{ microUsd: number; hasUnknown: boolean }>`
    select coalesce(sum(cost_micro_usd), 0)::bigint as "microUsd", coalesce(bool_or(cost_micro_usd is null), false) as "hasUnknown"
    from steps where message_id is not null and started_at >= ${from} and started_at <= ${to}`.execute(db);
  return rows[0] ?? { microUsd: 0, hasUnknown: false };
}

/** Runs created per hour, by the hour's number counted from `from`. */
export async function listHourlyRunCounts(db: Kysely<Database>, { from, to }: Span): Promise<Map<number, number>> {
  const { rows } = await sql<{ hour: number; count: number }>`
    select floor(extract(epoch from created_at - ${from}::timestamptz) / 3600)::int as hour, count(*) as count
    from runs where created_at >= ${from} and created_at < ${to} group by 1`.execute(db);
  return new Map(rows.map((row) => [row.hour, row.count]));
}

/** Failures of a span by reason, the latest first, each with its newest run. */
export async function listBrokenRuns(db: Kysely<Database>, { from, to, limit }: Span & { limit: number }) {
  const { rows } = await sql<{ code: string; message: string; count: number; last_run_id: string; last_at: Date }>`
    select error ->> 'code' as code, (array_agg(error ->> 'message' order by finished_at desc))[1] as message, count(*) as count,
      (array_agg(id order by finished_at desc))[1] as last_run_id, max(finished_at) as last_at
    from runs where phase in ('failed', 'timed_out') and error is not null and finished_at >= ${from} and finished_at <= ${to}
    group by 1 order by last_at desc limit ${limit}`.execute(db);
  return rows;
}
