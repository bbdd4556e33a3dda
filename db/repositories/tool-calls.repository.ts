import { type Kysely, type Selectable, sql, type Transaction, type Updateable } from 'kysely';
import type { Beside } from '../beside.ts';
import type { Database } from '../database.ts';
import { toJsonb, toStorableText } from '../storable.ts';
import type { ToolCallsTable, ToolCallState } from '../tables/runs.table.ts';

export type ToolCallRow = Selectable<ToolCallsTable>;

export interface NewToolCall {
  id: string;
  runId: string;
  iteration: number;
  position: number;
  providerCallId: string;
  toolName: string;
  arguments: Record<string, unknown> | null;
  rawArguments: string | null;
  argumentsHash: string | null;
  idempotencyKey: string;
  state: Extract<ToolCallState, 'proposed' | 'invalid'>;
  error: { code: string; message: string } | null;
}

/** {@link insertToolCalls} of at least one call, to be carried out beside other writes. */
export const toolCallsInsert = (calls: readonly NewToolCall[]): Beside => (db) =>
  db
    .insertInto('tool_calls')
    .values(
      calls.map((call) => ({
        id: call.id,
        run_id: call.runId,
        iteration: call.iteration,
        position: call.position,
        provider_call_id: toStorableText(call.providerCallId),
        tool_name: toStorableText(call.toolName),
        arguments: call.arguments === null ? null : toJsonb(call.arguments),
        raw_arguments: call.rawArguments === null ? null : toStorableText(call.rawArguments),
        arguments_hash: call.argumentsHash,
        idempotency_key: call.idempotencyKey,
        state: call.state,
        error: call.error === null ? null : toJsonb(call.error),
        finished_at: call.state === 'invalid' ? new Date() : null,
      })),
    );

export async function insertToolCalls(trx: Kysely<Database>, calls: readonly NewToolCall[]): Promise<void> {
  if (calls.length > 0) await toolCallsInsert(calls)(trx).execute();
}

export async function findToolCall(db: Kysely<Database>, toolCallId: string): Promise<ToolCallRow | undefined> {
  return db.selectFrom('tool_calls').selectAll().where('id', '=', toolCallId).executeTakeFirst();
}

/** The recorded output of a call of a run that succeeded and was made before this turn, by the id the model knows it by. */
export async function findToolCallOutput(db: Kysely<Database>, { runId, beforeIteration, providerCallId }: { runId: string; beforeIteration: number; providerCallId: string }): Promise<unknown> {
  const row = await db
    .selectFrom('tool_calls')
    .innerJoin('contents', 'contents.hash', 'tool_calls.output_ref')
    .select('contents.body')
    .where('tool_calls.run_id', '=', runId)
    .where('tool_calls.provider_call_id', '=', providerCallId)
    .where('tool_calls.iteration', '<', beforeIteration)
    .where('tool_calls.state', '=', 'succeeded')
    .executeTakeFirst();
  return row?.body;
}

/** A call with its output (undefined where there is none) and whose agent's it is. */
export async function findToolCallOutcome(db: Kysely<Database>, toolCallId: string): Promise<{ call: ToolCallRow; agentId: string; output: unknown } | undefined> {
  const row = await db
    .selectFrom('tool_calls')
    .innerJoin('runs', 'runs.id', 'tool_calls.run_id')
    .leftJoin('contents', 'contents.hash', 'tool_calls.output_ref')
    .selectAll('tool_calls')
    .select(['runs.agent_id', 'contents.body as output'])
    .where('tool_calls.id', '=', toolCallId)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { agent_id: agentId, output, ...call } = row;
  return { call, agentId, output: output ?? undefined };
}

/** The call's row, held until the transaction ends. */
export async function lockToolCall(trx: Transaction<Database>, toolCallId: string): Promise<ToolCallRow | undefined> {
  return trx.selectFrom('tool_calls').selectAll().where('id', '=', toolCallId).forUpdate().executeTakeFirst();
}

/** Calls of a run in the order the model made them. */
export async function listToolCalls(db: Kysely<Database>, runId: string): Promise<ToolCallRow[]> {
  return db.selectFrom('tool_calls').selectAll().where('run_id', '=', runId).orderBy('iteration').orderBy('position').execute();
}

/** Calls of a run with their recorded outputs (undefined where there is none). */
export async function listToolCallsWithOutputs(db: Kysely<Database>, runId: string): Promise<(ToolCallRow & { output: unknown })[]> {
  return db
    .selectFrom('tool_calls')
    .leftJoin('contents', 'contents.hash', 'tool_calls.output_ref')
    .selectAll('tool_calls')
    .select('contents.body as output')
    .where('run_id', '=', runId)
    .orderBy('iteration')
    .orderBy('position')
    .execute();
}

export interface ToolCallChange {
  state?: ToolCallState;
  riskLevel?: ToolCallRow['risk_level'];
  effect?: ToolCallRow['effect'];
  attempts?: number;
  claimedAt?: Date | null;
  actingAt?: Date | null;
  /** Attempts that only waited for their turn. */
  capacityWaits?: number;
  editedArguments?: Record<string, unknown>;
  outputRef?: string | null;
  summary?: string | null;
  error?: { code: string; message: string } | null;
  startedAt?: Date;
  finishedAt?: Date | null;
}

function toColumns(change: ToolCallChange): Updateable<ToolCallsTable> {
  const set: Updateable<ToolCallsTable> = {};
  if (change.state !== undefined) set.state = change.state;
  if (change.riskLevel !== undefined) set.risk_level = change.riskLevel;
  if (change.effect !== undefined) set.effect = change.effect;
  if (change.attempts !== undefined) set.attempts = change.attempts;
  if (change.claimedAt !== undefined) set.claimed_at = change.claimedAt;
  if (change.actingAt !== undefined) set.acting_at = change.actingAt;
  if (change.capacityWaits !== undefined) set.capacity_waits = change.capacityWaits;
  if (change.editedArguments !== undefined) set.edited_arguments = toJsonb(change.editedArguments);
  if (change.outputRef !== undefined) set.output_ref = change.outputRef;
  if (change.summary !== undefined) set.summary = change.summary === null ? null : toStorableText(change.summary);
  if (change.error !== undefined) set.error = change.error === null ? null : toJsonb(change.error);
  if (change.startedAt !== undefined) set.started_at = change.startedAt;
  if (change.finishedAt !== undefined) set.finished_at = change.finishedAt;
  return set;
}

/** {@link updateToolCall}, to be carried out beside other writes. */
export const toolCallUpdate = (toolCallId: string, change: ToolCallChange): Beside => (db) => db.updateTable('tool_calls').set(toColumns(change)).where('id', '=', toolCallId);

/** Changes a call that this attempt, the `ticket`-th, executes still; false, and nothing changed, when it does not. */
export async function updateExecutingToolCall(db: Kysely<Database>, { toolCallId, ticket }: { toolCallId: string; ticket: number }, change: ToolCallChange): Promise<boolean> {
  const { numUpdatedRows } = await db.updateTable('tool_calls').set(toColumns(change)).where('id', '=', toolCallId).where('state', '=', 'executing').where('attempts', '=', ticket).executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** Changes a call; fields left out stay. */
export async function updateToolCall(trx: Kysely<Database>, toolCallId: string, change: ToolCallChange): Promise<void> {
  await toolCallUpdate(toolCallId, change)(trx).execute();
}

/** Closes what an ended run left open: a call whose outside effect may be under way has an unknown outcome, the rest did nothing. */
export async function closeOpenToolCalls(trx: Kysely<Database>, runId: string): Promise<void> {
  const now = new Date();
  // Whoever held a turn for the run, alive or dead, holds it no longer.
  await trx.updateTable('tool_turns').set({ until: sql<Date>`least(until, now())` }).where('tool_call_id', 'in', trx.selectFrom('tool_calls').select('id').where('run_id', '=', runId).where('state', '=', 'executing')).execute();
  await trx.updateTable('tool_calls').set({ state: 'outcome_unknown', finished_at: now }).where('run_id', '=', runId).where('state', '=', 'executing').where('effect', '=', 'external').where('acting_at', 'is not', null).execute();
  await trx.updateTable('tool_calls').set({ state: 'cancelled', finished_at: now }).where('run_id', '=', runId).where('state', 'in', ['proposed', 'allowed', 'awaiting_approval', 'executing']).execute();
}
