import type { Kysely } from 'kysely';
import { AppError } from '../../../contracts/errors.ts';
import type { Database } from '../../../db/database.ts';
import { insertStep, updateStep } from '../../../db/repositories/steps.repository.ts';
import { lockToolCall, type ToolCallRow, toolCallUpdate, updateExecutingToolCall } from '../../../db/repositories/tool-calls.repository.ts';
import type { ToolCallState } from '../../../db/tables/runs.table.ts';
import { newId } from '../../../platform/ids.ts';
import type { ToolOutcome } from '../tool.ts';
import { keepFiles } from './keep-files.ts';

/** States in which there is nothing left to execute. `outcome_unknown` waits for a person, who may make it `allowed` again. */
const settledStates = ['succeeded', 'failed', 'outcome_unknown', 'rejected', 'denied', 'cancelled'] as const;
export type SettledState = (typeof settledStates)[number];
const isSettled = (state: ToolCallState): state is SettledState => (settledStates as readonly string[]).includes(state);

/** `ticket` is the row's count of attempts after this claim: a later attempt that takes the call over has a higher one. */
type OwnClaim = { kind: 'mine'; call: ToolCallRow; ticket: number; /** An earlier attempt came to the point of acting and left no outcome. */ mayHaveActed: boolean };
export type Claim = { kind: 'settled'; state: SettledState } | OwnClaim;

export type Settlement = { state: 'succeeded'; outcome: ToolOutcome } | { state: 'failed' | 'outcome_unknown'; error: { code: string; message: string } };

const isHeld = (call: ToolCallRow | undefined, { ticket }: OwnClaim): boolean => call?.state === 'executing' && call.attempts === ticket;

/**
 * Takes the call for this attempt, and opens its step in the trace. Throws INTERNAL unless the call was allowed.
 * @param options.actsAtOnce whether the tool of this name may act from now on, rather than from {@link confirmClaim} on.
 */
export async function claimCall(db: Kysely<Database>, { toolCallId, attempt, actsAtOnce }: { toolCallId: string; attempt: number; actsAtOnce: (toolName: string) => boolean }): Promise<Claim> {
  return db.transaction().execute(async (trx): Promise<Claim> => {
    const call = await lockToolCall(trx, toolCallId);
    if (call === undefined) throw new AppError('INTERNAL', `tool call ${toolCallId} is not recorded`);
    if (isSettled(call.state)) return { kind: 'settled', state: call.state };
    if (call.state !== 'allowed' && call.state !== 'executing') throw new AppError('INTERNAL', `tool call ${toolCallId} is ${call.state}, not allowed to run`);
    const now = new Date();
    const ticket = call.attempts + 1;
    const actingBefore = call.state === 'executing' ? call.acting_at : null;
    const claimed = toolCallUpdate(toolCallId, {
      state: 'executing', attempts: ticket, claimedAt: now, error: null, summary: null, startedAt: call.started_at ?? now,
      // What an attempt without an outcome left here is what the next one must know; the tool may have become another one since.
      actingAt: actingBefore ?? (actsAtOnce(call.tool_name) ? now : null),
    });
    await insertStep(trx, { id: newId(), runId: call.run_id, iteration: call.iteration, kind: 'tool', status: 'running', toolName: call.tool_name, toolCallId }, [claimed]);
    // It stands there already when an earlier attempt or a wait for its turn opened it.
    if (ticket > 1 || call.capacity_waits > 0) await updateStep(trx, { toolCallId, kind: 'tool' }, { status: 'running', attempt: Math.max(attempt, ticket), error: null, summary: null, finishedAt: null }, call.tool_name);
    return { kind: 'mine', call, ticket, mayHaveActed: actingBefore !== null };
  });
}

/** Notes that the effect may happen from now on. False, and nothing noted, when the call was ended or taken over since it was claimed. */
export async function confirmClaim(db: Kysely<Database>, { call, ticket }: OwnClaim): Promise<boolean> {
  return updateExecutingToolCall(db, { toolCallId: call.id, ticket }, { actingAt: new Date() });
}

const stepStatusOf = { succeeded: 'completed', failed: 'failed', outcome_unknown: 'waiting' } as const;

/**
 * Writes what an attempt came to and gives how the call stands then. A settled call stays as it is. An attempt that was taken over
 * may still report that the effect happened, or that nobody knows: both bind the attempt after it; that it failed does not.
 */
export async function settleCall(db: Kysely<Database>, claim: OwnClaim, settlement: Settlement): Promise<{ state: SettledState }> {
  return db.transaction().execute(async (trx) => {
    const call = await lockToolCall(trx, claim.call.id);
    if (call === undefined) throw new AppError('INTERNAL', `tool call ${claim.call.id} is gone`);
    if (isSettled(call.state)) return { state: call.state };
    const { state } = settlement;
    if (!isHeld(call, claim) && state === 'failed') throw new AppError('TOOL_UNAVAILABLE', 'The call was taken over by another attempt.');
    const error = settlement.state === 'succeeded' ? null : settlement.error;
    const summary = settlement.state === 'succeeded' ? settlement.outcome.summary : settlement.error.message;
    const finishedAt = state === 'outcome_unknown' ? null : new Date();
    const output = settlement.state === 'succeeded' ? await keepFiles(trx, call, settlement.outcome) : undefined;
    const stands = toolCallUpdate(call.id, { state, outputRef: output?.hash ?? null, summary, error, finishedAt });
    await updateStep(trx, { toolCallId: call.id, kind: 'tool' }, { status: stepStatusOf[state], summary, error, finishedAt }, call.tool_name, [...(output === undefined ? [] : [output.insert]), stands]);
    return { state };
  });
}

/** Gives the claim back so that another attempt starts afresh: nothing has happened. A call that was taken over is left alone. */
export async function releaseCall(db: Kysely<Database>, { call, ticket }: OwnClaim): Promise<void> {
  await updateExecutingToolCall(db, { toolCallId: call.id, ticket }, { state: 'allowed', claimedAt: null });
}

/** Adds what an attempt learned too late to a call whose outcome a person is being asked about. */
export async function recordLateReport(db: Kysely<Database>, { id, tool_name: toolName }: ToolCallRow, outcome: ToolOutcome): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const call = await lockToolCall(trx, id);
    if (call?.state !== 'outcome_unknown') return;
    const summary = `It did happen, as a late answer says: ${outcome.summary}`;
    const output = await keepFiles(trx, call, outcome);
    await updateStep(trx, { toolCallId: id, kind: 'tool' }, { status: 'waiting', summary }, toolName, [output.insert, toolCallUpdate(id, { summary, outputRef: output.hash })]);
  });
}
