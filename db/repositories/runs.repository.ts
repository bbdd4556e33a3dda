import { type Kysely, type Selectable, sql, type Transaction, type Updateable } from 'kysely';
import type { AgentDefinition, RunLimits } from '../../contracts/agents.ts';
import { isTerminal, type RunError, type RunInputs, type RunOutputs, type RunPhase } from '../../contracts/runs.ts';
import type { Beside } from '../beside.ts';
import type { Database } from '../database.ts';
import { toJsonb, toStorableText } from '../storable.ts';
import type { RunsTable } from '../tables/runs.table.ts';
import { insertEvents } from './events.repository.ts';
import { endModelWork } from './model-calls.repository.ts';
import type { CallUsage } from '../usage.ts';

export type RunRow = Selectable<RunsTable>;
/** A run with the pinned version of its agent. */
export interface RunWithAgent {
  run: RunRow;
  agentName: string;
  definition: AgentDefinition;
}

export interface NewRun {
  id: string;
  agentId: string;
  agentVersion: number;
  inputs: RunInputs;
  limits: RunLimits;
  startedBy: string | null;
  idempotencyKey: string | null;
  requestHash: string;
}

/** Inserts a queued run; returns undefined when the same person already used this idempotency key. */
export async function insertRun(trx: Kysely<Database>, run: NewRun): Promise<RunRow | undefined> {
  return trx
    .insertInto('runs')
    .values({
      id: run.id,
      agent_id: run.agentId,
      agent_version: run.agentVersion,
      goal: toStorableText(run.inputs.goal),
      inputs: toJsonb(run.inputs),
      limits: toJsonb(run.limits),
      phase: 'queued',
      started_by: run.startedBy,
      idempotency_key: run.idempotencyKey,
      request_hash: run.requestHash,
    })
    .onConflict((conflict) => conflict.columns(['started_by', 'idempotency_key']).where('idempotency_key', 'is not', null).doNothing())
    .returningAll()
    .executeTakeFirst();
}

export async function findRun(db: Kysely<Database>, runId: string): Promise<RunRow | undefined> {
  return db.selectFrom('runs').selectAll().where('id', '=', runId).executeTakeFirst();
}

export async function findRunByIdempotencyKey(db: Kysely<Database>, startedBy: string, key: string): Promise<RunRow | undefined> {
  return db.selectFrom('runs').selectAll().where('started_by', '=', startedBy).where('idempotency_key', '=', key).executeTakeFirst();
}

export async function findRunWithAgent(db: Kysely<Database>, runId: string): Promise<RunWithAgent | undefined> {
  const row = await db
    .selectFrom('runs')
    .innerJoin('agent_versions', (join) => join.onRef('agent_versions.agent_id', '=', 'runs.agent_id').onRef('agent_versions.version', '=', 'runs.agent_version'))
    .selectAll('runs')
    .select(['agent_versions.name as agent_name', 'agent_versions.definition'])
    .where('runs.id', '=', runId)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { agent_name: agentName, definition, ...run } = row;
  return { run, agentName, definition };
}

/**
 * The run's row, held until the transaction ends: phase changes of one run happen one after another. The weaker lock lets others
 * add rows that reference the run meanwhile, which a FOR UPDATE would deadlock with.
 */
export async function lockRun(trx: Transaction<Database>, runId: string): Promise<RunRow | undefined> {
  return trx.selectFrom('runs').selectAll().where('id', '=', runId).forNoKeyUpdate().executeTakeFirst();
}

/** Removes a run that never started. */
export async function deleteQueuedRun(db: Kysely<Database>, runId: string): Promise<void> {
  await db.deleteFrom('runs').where('id', '=', runId).where('phase', '=', 'queued').execute();
}

const holds = (phase: RunPhase): boolean => phase === 'waiting_for_approval' || phase === 'paused';

/** Moves an open run to another phase, keeps its waiting time and writes the event. An ended run, or the same phase, is left as it is. */
export async function updateRunPhase(
  trx: Transaction<Database>,
  run: RunRow,
  phase: RunPhase,
  ending: { outputs?: RunOutputs | null; error?: RunError | null; iterations?: number } = {},
): Promise<RunRow> {
  if (isTerminal(run.phase) || run.phase === phase) return run;
  const now = new Date();
  const changes: Updateable<RunsTable> = {
    phase,
    phase_since: now,
    waiting_ms: run.waiting_ms + (holds(run.phase) ? now.getTime() - run.phase_since.getTime() : 0),
    ...(isTerminal(phase) ? { finished_at: now } : {}),
    ...(ending.outputs == null ? {} : { outputs: toJsonb(ending.outputs) }),
    ...(ending.error == null ? {} : { error: toJsonb(ending.error) }),
    ...(ending.iterations === undefined ? {} : { iterations: ending.iterations }),
  };
  const updated = await trx.updateTable('runs').set(changes).where('id', '=', run.id).returningAll().executeTakeFirstOrThrow();
  await insertEvents(trx, [{ type: 'run-changed', run_id: run.id, data: { agent_id: run.agent_id, status: phase, iterations: updated.iterations } }]);
  if (isTerminal(phase)) await endModelWork(trx, run.id);
  return updated;
}

/** Notes that Temporal took the run over. */
export async function updateRunAccepted(trx: Transaction<Database>, run: RunRow, temporalRunId: string): Promise<RunRow> {
  await trx.updateTable('runs').set({ temporal_run_id: temporalRunId, start_accepted_at: new Date() }).where('id', '=', run.id).execute();
  return run.phase === 'queued' ? updateRunPhase(trx, run, 'running') : run;
}

/** Notes that a worker began with the run. */
export async function updateRunStarted(db: Kysely<Database>, runId: string): Promise<void> {
  await db.updateTable('runs').set({ started_at: new Date() }).where('id', '=', runId).where('started_at', 'is', null).execute();
}

export interface TurnTotals extends CallUsage {
  costMicroUsd: number | undefined;
}

/** {@link addRunTotals}, to be carried out beside other writes. */
export const runTotalsUpdate = (runId: string, iterations: number | undefined, totals: TurnTotals): Beside => (db) =>
  db
    .updateTable('runs')
    .set((eb) => ({
      ...(iterations === undefined ? {} : { iterations }),
      input_tokens: eb('input_tokens', '+', totals.inputTokens ?? 0),
      output_tokens: eb('output_tokens', '+', totals.outputTokens ?? 0),
      cached_input_tokens: eb('cached_input_tokens', '+', totals.cachedInputTokens ?? 0),
      cache_write_tokens: eb('cache_write_tokens', '+', totals.cacheWriteTokens ?? 0),
      reasoning_tokens: eb('reasoning_tokens', '+', totals.reasoningTokens ?? 0),
      cost_micro_usd: eb('cost_micro_usd', '+', totals.costMicroUsd ?? 0),
      ...(totals.inputTokens === undefined || totals.outputTokens === undefined ? { has_unknown_usage: true } : {}),
      ...(totals.costMicroUsd === undefined ? { has_unknown_cost: true } : {}),
    }))
    .where('id', '=', runId);

/** Adds one model call to the run's totals; unknown parts mark the sum as unknown instead of counting as 0. `iterations` undefined leaves them. */
export async function addRunTotals(trx: Kysely<Database>, runId: string, iterations: number | undefined, totals: TurnTotals): Promise<void> {
  await runTotalsUpdate(runId, iterations, totals)(trx).execute();
}

/** Notes under which policies the run's newest verdict is made, for a call that awaits it. Before the call is locked: a run's row goes first. */
export async function updatePolicyVersionOfRun(trx: Transaction<Database>, toolCallId: string, policyVersion: string): Promise<void> {
  await trx
    .updateTable('runs')
    .from('tool_calls')
    .set({ policy_version: policyVersion })
    .whereRef('runs.id', '=', 'tool_calls.run_id')
    .where('tool_calls.id', '=', toolCallId)
    .where('tool_calls.state', '=', 'proposed')
    .where(sql<boolean>`runs.policy_version is distinct from ${policyVersion}`)
    .execute();
}

export async function updateCancelReason(db: Kysely<Database>, runId: string, reason: string): Promise<void> {
  await db.updateTable('runs').set({ cancel_reason: toStorableText(reason) }).where('id', '=', runId).execute();
}

/** Notes whether somebody last asked for a hold or its end, and when. */
export async function updateHoldAsked(trx: Transaction<Database>, runId: string, { asked, askedAt }: { asked: NonNullable<RunRow['hold_asked']>; askedAt: Date }): Promise<void> {
  await trx.updateTable('runs').set({ hold_asked: asked, hold_asked_at: askedAt }).where('id', '=', runId).execute();
}

/** Takes back what was asked at `askedAt`, unless somebody has asked for something since. What was asked `before` stands again, without its time: it is given no more patience. */
export async function takeBackHoldAsked(db: Kysely<Database>, runId: string, { askedAt, before }: { askedAt: Date; before: RunRow['hold_asked'] }): Promise<void> {
  await db.updateTable('runs').set({ hold_asked: before, hold_asked_at: null }).where('id', '=', runId).where('hold_asked_at', '=', askedAt).execute();
}

/** Open runs the sweeper compares with Temporal, oldest first; `afterId` pages through all of them. */
export async function listOpenRuns(db: Kysely<Database>, options: { afterId?: string | undefined; limit: number }): Promise<RunRow[]> {
  let query = db.selectFrom('runs').selectAll().where('phase', 'in', ['queued', 'running', 'waiting_for_approval', 'paused']).orderBy('id').limit(options.limit);
  if (options.afterId !== undefined) query = query.where('id', '>', options.afterId);
  return query.execute();
}

/** Whether an ended run has messages of an operator the model has not seen. */
export async function hasUnseenMessages(trx: Kysely<Database>, runId: string): Promise<boolean> {
  const row = await trx
    .selectFrom('messages')
    .select(sql<boolean>`exists (
      select 1 from messages o where o.run_id = ${runId} and o.source = 'operator'
      and o.position > coalesce((select max(m.seen_position) from messages m where m.run_id = ${runId} and m.source = 'model'), 0)
    )`.as('unseen'))
    .where('run_id', '=', runId)
    .limit(1)
    .executeTakeFirst();
  return row?.unseen ?? false;
}

