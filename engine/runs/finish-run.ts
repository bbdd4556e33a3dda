import type { Transaction } from 'kysely';
import { isTerminal, type RunError, runErrorSchema, type RunOutputs, type TerminalRunPhase } from '../../contracts/runs.ts';
import type { Database } from '../../db/database.ts';
import { countPendingRequests, listPendingRequests } from '../../db/repositories/approvals.repository.ts';
import { insertAuditEntry } from '../../db/repositories/audit.repository.ts';
import { findLastModelMessage } from '../../db/repositories/messages.repository.ts';
import { findRunWithAgent, hasUnseenMessages, lockRun, type RunRow, updateRunPhase } from '../../db/repositories/runs.repository.ts';
import { closeOpenSteps, findLastFailedStep, updateStep } from '../../db/repositories/steps.repository.ts';
import { closeOpenToolCalls } from '../../db/repositories/tool-calls.repository.ts';
import { systemActor } from '../governance/actor.ts';
import { type SettleDeps, withdrawRequests } from '../hitl/index.ts';
import { parseAnswer } from '../reasoning/index.ts';

export interface RunEnding {
  runId: string;
  phase: TerminalRunPhase;
  /** Null for completed runs. */
  end: { code: string | null; message: string } | null;
}

/** Whether the run is over, and the phase it ended in; null when its row is gone. */
export interface RunFinished {
  isFinished: boolean;
  phase: TerminalRunPhase | null;
}

/** The answer, and as data where the agent has an output schema. That it fits was found when the turn was recorded; the run's row is held here. */
async function toOutputs(trx: Transaction<Database>, runId: string, answer: string): Promise<RunOutputs> {
  const schema = (await findRunWithAgent(trx, runId))?.definition.output_schema ?? null;
  const parsed = schema === null ? undefined : parseAnswer(answer);
  return parsed === undefined ? { answer } : { answer, data: parsed.value as RunOutputs['data'] };
}

/** Withdraws what an ended run still asks, and closes its calls. Returns whether anything was withdrawn: those who are to hear of it wait. */
async function closeCalls(trx: Transaction<Database>, run: RunRow): Promise<boolean> {
  const requests = await listPendingRequests(trx, run.id);
  await withdrawRequests(trx, run, requests, systemActor);
  await closeOpenToolCalls(trx, run.id);
  return requests.length > 0;
}

/** Closes what a run that has ended left open; one that has not is left alone. */
export async function closeEndedRun({ db, notifier }: Pick<SettleDeps, 'db' | 'notifier'>, runId: string): Promise<void> {
  const isWithdrawn = await db.transaction().execute(async (trx) => {
    const run = await lockRun(trx, runId);
    return run !== undefined && isTerminal(run.phase) && closeCalls(trx, run);
  });
  if (isWithdrawn) await notifier.wake();
}

/**
 * Writes the end of a run: phase, answer or reason, open questions withdrawn, open steps and calls closed, all in one transaction.
 * Idempotent; an ended run stays as it ended. A run whose operator said something the model has not read yet does not complete:
 * `isFinished` is false then and the loop goes on.
 */
export async function finishRun(deps: SettleDeps, { runId, phase, end }: RunEnding): Promise<RunFinished> {
  let isWithdrawn = false;
  const finished = await deps.db.transaction().execute(async (trx): Promise<RunFinished> => {
    const run = await lockRun(trx, runId);
    if (run === undefined) return { isFinished: true, phase: null };
    if (isTerminal(run.phase)) return { isFinished: true, phase: run.phase };
    if (phase === 'completed') {
      if (await hasUnseenMessages(trx, runId)) return { isFinished: false, phase: null };
      const last = await findLastModelMessage(trx, runId);
      // The turn that only gives the answer is no iteration of its own, unless it is the only one.
      const iteration = Math.max(1, (last?.iteration ?? 1) - 1);
      if (last !== undefined) await updateStep(trx, { runId, iteration: last.iteration, kind: 'reasoning' }, { kind: 'finish', iteration, status: 'completed' });
      await updateRunPhase(trx, run, 'completed', { outputs: await toOutputs(trx, runId, last?.text ?? ''), iterations: iteration });
      return { isFinished: true, phase: 'completed' };
    }
    await closeOpenSteps(trx, runId, phase === 'failed' ? 'failed' : 'cancelled');
    const error: RunError = {
      code: runErrorSchema.shape.code.catch('INTERNAL').parse(end?.code),
      message: end?.code === 'CANCELLED_BY_USER' && run.cancel_reason !== null ? run.cancel_reason : (end?.message ?? ''),
      step_id: phase === 'failed' ? ((await findLastFailedStep(trx, runId)) ?? null) : null,
    };
    const ended = await updateRunPhase(trx, run, phase, { error });
    isWithdrawn = await closeCalls(trx, ended);
    // A cancel that no route has audited came from the Temporal side.
    if (phase === 'cancelled' && run.cancel_reason === null) {
      await insertAuditEntry(trx, { actorId: null, actorName: 'Temporal', action: 'run.cancelled', objectType: 'run', objectId: runId, before: { status: run.phase }, after: { code: error.code, message: error.message } });
    }
    return { isFinished: true, phase };
  });
  if (isWithdrawn) await deps.notifier.wake();
  return finished;
}

/**
 * Shows that a run is held or goes on again, and audits it with who asked, whatever door they came through; one that goes on with
 * open questions waits for people.
 */
export async function recordPhase({ db }: Pick<SettleDeps, 'db'>, { runId, phase, by }: { runId: string; phase: 'paused' | 'running'; by: string }): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const run = await lockRun(trx, runId);
    if (run === undefined) return;
    const isWaiting = phase === 'running' && (await countPendingRequests(trx, runId)) > 0;
    const target = isWaiting ? 'waiting_for_approval' : phase;
    if (run.phase === target || isTerminal(run.phase)) return;
    await updateRunPhase(trx, run, target);
    await insertAuditEntry(trx, { actorId: null, actorName: by, action: phase === 'paused' ? 'run.paused' : 'run.resumed', objectType: 'run', objectId: runId, before: { status: run.phase }, after: { status: target } });
  });
}
