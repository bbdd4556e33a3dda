import { type Kysely, type Selectable, sql, type Updateable } from 'kysely';
import type { LlmProvider } from '../../contracts/agents.ts';
import type { Attempt } from '../../contracts/runs.ts';
import { type Beside, withBeside } from '../beside.ts';
import type { Database } from '../database.ts';
import { toJsonb, toStorableText } from '../storable.ts';
import type { ModelCallsTable } from '../tables/models.table.ts';
import { type CallUsage, toUsageColumns } from '../usage.ts';

export type ModelCallRow = Selectable<ModelCallsTable>;

export interface NewModelCall {
  id: string;
  runId: string;
  iteration: number;
  provider: LlmProvider;
  connectionId: string;
  connectionName: string;
  model: string;
  droppedTurns?: number;
  isCached?: boolean;
}

/** How often a number is asked for anew when another worker took it meanwhile: two workers on one turn are rare, more are not seen. */
const maxNumberings = 5;

/** Notes that a request is about to be sent, under the turn's next number. */
export async function insertModelCall(db: Kysely<Database>, call: NewModelCall): Promise<ModelCallRow> {
  for (let numbering = 1; ; numbering++) {
    const row = await db
      .insertInto('model_calls')
      .values((eb) => ({
        id: call.id,
        run_id: call.runId,
        iteration: call.iteration,
        attempt: eb
          .selectFrom('model_calls as earlier')
          .select(sql<number>`coalesce(max(earlier.attempt), 0) + 1`.as('next'))
          .where('earlier.run_id', '=', call.runId)
          .where('earlier.iteration', '=', call.iteration),
        llm_provider: call.provider,
        connection_id: call.connectionId,
        connection_name: toStorableText(call.connectionName),
        llm_model: toStorableText(call.model),
        status: 'running',
        is_cached: call.isCached ?? false,
        dropped_turns: call.droppedTurns ?? 0,
      }))
      .onConflict((conflict) => conflict.columns(['run_id', 'iteration', 'attempt']).doNothing())
      .returningAll()
      .executeTakeFirst();
    if (row !== undefined) return row;
    if (numbering === maxNumberings) throw new Error(`no free attempt number in turn ${call.iteration} of run ${call.runId}`);
  }
}

export interface ModelCallChange {
  status: Exclude<Attempt['status'], 'running'>;
  error?: { code: string; message: string } | null;
  action?: Attempt['action'];
  retryAt?: Date | null;
  usage?: CallUsage;
  rawUsage?: unknown;
  costMicroUsd?: number | null;
  firstTokenMs?: number | undefined;
  request?: { url: string; ref: string | null; bytes: number } | undefined;
}

/** Takes the draft of a run out of the log, beside what takes its place. */
export const draftsDelete = (runId: string): Beside => (db) => db.deleteFrom('events').where('run_id', '=', runId).where('type', '=', 'text-delta');

/** {@link updateModelCall}, to be carried out beside other writes. */
export function modelCallUpdate(callId: string, change: ModelCallChange): Beside {
  const set: Updateable<ModelCallsTable> = { status: change.status, finished_at: new Date() };
  if (change.error !== undefined) set.error = change.error === null ? null : toJsonb(change.error);
  if (change.action !== undefined) set.action = change.action;
  if (change.retryAt !== undefined) set.retry_at = change.retryAt;
  if (change.usage !== undefined) Object.assign(set, toUsageColumns(change.usage));
  if (change.rawUsage !== undefined) set.raw_usage = toJsonb(change.rawUsage);
  if (change.costMicroUsd !== undefined) set.cost_micro_usd = change.costMicroUsd;
  if (change.firstTokenMs !== undefined) set.first_token_ms = Math.round(change.firstTokenMs);
  if (change.request !== undefined) {
    set.request_url = change.request.url;
    set.request_ref = change.request.ref;
    set.request_bytes = change.request.bytes;
  }
  return (db) => db.updateTable('model_calls').set(set).where('id', '=', callId);
}

/**
 * Ends a call. `endsDraftsOf` names the run whose draft goes with it, in the same statement: the recorded answer, or another attempt,
 * takes its place.
 */
export async function updateModelCall(trx: Kysely<Database>, callId: string, change: ModelCallChange, { endsDraftsOf }: { endsDraftsOf?: string } = {}): Promise<void> {
  await modelCallUpdate(callId, change)(withBeside(trx, endsDraftsOf === undefined ? [] : [draftsDelete(endsDraftsOf)])).execute();
}

/** Every call of a run, oldest first. */
export async function listModelCalls(db: Kysely<Database>, runId: string): Promise<ModelCallRow[]> {
  return db.selectFrom('model_calls').selectAll().where('run_id', '=', runId).orderBy('iteration').orderBy('attempt').execute();
}

/** Every call of one turn, oldest first. */
export async function listTurnCalls(db: Kysely<Database>, runId: string, iteration: number): Promise<ModelCallRow[]> {
  return db.selectFrom('model_calls').selectAll().where('run_id', '=', runId).where('iteration', '=', iteration).orderBy('attempt').execute();
}

/** Closes the calls of a turn whose worker died. */
export async function abandonModelCalls(trx: Kysely<Database>, runId: string, iteration: number): Promise<void> {
  await trx.updateTable('model_calls').set({ status: 'abandoned', finished_at: new Date() }).where('run_id', '=', runId).where('iteration', '=', iteration).where('status', '=', 'running').execute();
}

/** Clears up after a run that has ended: nothing is being said any more, nobody waits for an answer or for capacity. */
export async function endModelWork(trx: Kysely<Database>, runId: string): Promise<void> {
  await withBeside(trx, [draftsDelete(runId), (db) => db.deleteFrom('llm_reservations').where('run_id', '=', runId)])
    .updateTable('model_calls')
    .set({ status: 'abandoned', finished_at: new Date() })
    .where('run_id', '=', runId)
    .where('status', '=', 'running')
    .execute();
}

/** One call of a turn with its request, by the call's id. */
export async function findTurnCall(db: Kysely<Database>, { runId, iteration, callId }: { runId: string; iteration: number; callId: string }): Promise<ModelCallRow | undefined> {
  return db.selectFrom('model_calls').selectAll().where('id', '=', callId).where('run_id', '=', runId).where('iteration', '=', iteration).executeTakeFirst();
}

/** Since when a turn has been waiting for capacity of a connection, in milliseconds; undefined: it is not. */
export async function findCapacityWaitMs(db: Kysely<Database>, { runId, iteration, connectionId }: { runId: string; iteration: number; connectionId: string }): Promise<number | undefined> {
  const row = await db
    .selectFrom('llm_reservations')
    .select(sql<number>`extract(epoch from clock_timestamp() - created_at)::float8 * 1000`.as('ms'))
    .where('run_id', '=', runId)
    .where('iteration', '=', iteration)
    .where('connection_id', '=', connectionId)
    .executeTakeFirst();
  return row?.ms;
}
