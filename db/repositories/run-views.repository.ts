import { type Kysely, sql } from 'kysely';
import type { LlmProvider } from '../../contracts/agents.ts';
import { type RunPhase, runPhases } from '../../contracts/runs.ts';
import type { Database } from '../database.ts';
import { microsecondText } from '../microsecond-text.ts';
import { toLikeText } from '../like-text.ts';

/** Where a run stands in the list. */
export interface RunPosition {
  created_at: string;
  id: string;
}

const runView = (db: Kysely<Database>) =>
  db
    .selectFrom('runs')
    .innerJoin('agents', 'agents.id', 'runs.agent_id')
    .innerJoin('agent_versions', (join) => join.onRef('agent_versions.agent_id', '=', 'runs.agent_id').onRef('agent_versions.version', '=', 'runs.agent_version'))
    .leftJoin('users', 'users.id', 'runs.started_by')
    // What a provider did not say of any turn is unknown for the whole run.
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('steps')
          .select([sql<boolean>`bool_or(cached_input_tokens is null)`.as('lacks_cached'), sql<boolean>`bool_or(cache_write_tokens is null)`.as('lacks_cache_write'), sql<boolean>`bool_or(reasoning_tokens is null)`.as('lacks_reasoning')])
          .whereRef('steps.run_id', '=', 'runs.id')
          .where('steps.message_id', 'is not', null)
          .as('turns'),
      (join) => join.onTrue(),
    )
    .select((eb) => [
      'runs.id', 'runs.agent_id', 'runs.agent_version', 'runs.goal', 'runs.inputs', 'runs.limits', 'runs.phase', 'runs.phase_since', 'runs.waiting_ms',
      'runs.iterations', 'runs.input_tokens', 'runs.output_tokens', 'runs.cached_input_tokens', 'runs.cache_write_tokens', 'runs.reasoning_tokens', 'runs.has_unknown_usage',
      'runs.cost_micro_usd', 'runs.has_unknown_cost', 'runs.outputs', 'runs.error', 'runs.temporal_run_id', 'runs.created_at', 'runs.started_at', 'runs.finished_at',
      'agents.is_demo', 'agent_versions.name as agent_name', 'users.name as started_by_name', 'turns.lacks_cached', 'turns.lacks_cache_write', 'turns.lacks_reasoning',
      sql<LlmProvider>`agent_versions.definition ->> 'llm_provider'`.as('llm_provider'),
      sql<string>`agent_versions.definition ->> 'llm_model'`.as('llm_model'),
      microsecondText('runs.created_at').as('position_at'),
      eb
        .selectFrom('hitl_requests')
        .select((inner) => inner.fn.countAll<number>().as('count'))
        .whereRef('hitl_requests.run_id', '=', 'runs.id')
        .where('hitl_requests.status', '=', 'pending')
        .as('pending_approvals'),
    ]);

/** A run with what lists and pages show beside it. */
export type RunView = Awaited<ReturnType<ReturnType<typeof runView>['executeTakeFirstOrThrow']>>;

export async function findRunView(db: Kysely<Database>, runId: string): Promise<RunView | undefined> {
  return runView(db).where('runs.id', '=', runId).executeTakeFirst();
}

export interface RunFilter {
  phases?: readonly RunPhase[] | undefined;
  agentId?: string | undefined;
  /** Words of the goal, or the start of an id. */
  text?: string | undefined;
  createdAfter?: string | undefined;
  createdBefore?: string | undefined;
}

/** Runs newest first. */
export async function listRunViews(db: Kysely<Database>, options: RunFilter & { after?: RunPosition | undefined; limit: number }): Promise<RunView[]> {
  let query = runView(db).orderBy('runs.created_at', 'desc').orderBy('runs.id', 'desc').limit(options.limit);
  if (options.phases !== undefined) query = query.where('runs.phase', 'in', options.phases);
  if (options.agentId !== undefined) query = query.where('runs.agent_id', '=', options.agentId);
  if (options.createdAfter !== undefined) query = query.where('runs.created_at', '>=', new Date(options.createdAfter));
  if (options.createdBefore !== undefined) query = query.where('runs.created_at', '<', new Date(options.createdBefore));
  const text = options.text?.trim() ?? '';
  if (text !== '') {
    const words = text.split(/\s+/);
    query = query.where((eb) =>
      eb.or([
        eb.and(words.map((word) => eb('runs.goal', 'ilike', `%${toLikeText(word)}%`))),
        eb(sql<string>`runs.id::text`, 'like', `${toLikeText(text.toLowerCase())}%`),
      ]));
  }
  if (options.after !== undefined) query = query.where(sql<boolean>`(runs.created_at, runs.id) < (${options.after.created_at}::timestamptz, ${options.after.id}::uuid)`);
  return query.execute();
}

/** How many runs are in each phase; every phase is named. */
export async function countRunPhases(db: Kysely<Database>, options: { agentId?: string | undefined }): Promise<Record<RunPhase, number>> {
  let query = db.selectFrom('runs').select((eb) => ['phase', eb.fn.countAll<number>().as('count')]).groupBy('phase');
  if (options.agentId !== undefined) query = query.where('agent_id', '=', options.agentId);
  const counts = Object.fromEntries(runPhases.map((phase) => [phase, 0])) as Record<RunPhase, number>;
  for (const { phase, count } of await query.execute()) counts[phase] = count;
  return counts;
}
