import { type RunError, runErrorSchema, type TerminalRunPhase } from '../../contracts/runs.ts';
import { isTerminal } from '../../contracts/runs.ts';
import { listPendingRequests } from '../../db/repositories/approvals.repository.ts';
import { listMessages } from '../../db/repositories/messages.repository.ts';
import { hasUnseenMessages, lockRun, updateRunPhase } from '../../db/repositories/runs.repository.ts';
import { closeOpenSteps, findLastFailedStep } from '../../db/repositories/steps.repository.ts';
import { closeOpenToolCalls } from '../../db/repositories/tool-calls.repository.ts';
import { systemActor } from '../governance/actor.ts';
import { type SettleDeps, withdrawRequests } from '../hitl/index.ts';

export interface RunEnding {
  runId: string;
  phase: TerminalRunPhase;
  /** Null for completed runs. */
  end: { code: string | null; message: string } | null;
}

/**
 * Writes the end of a run: phase, answer or reason, open questions withdrawn, open steps and calls closed, all in one transaction.
 * Idempotent; an ended run stays as it ended. A run whose operator said something the model has not read yet does not complete:
 * `isFinished` is false then and the loop goes on.
 */
export async function finishRun(deps: SettleDeps, { runId, phase, end }: RunEnding): Promise<{ isFinished: boolean }> {
  return deps.db.transaction().execute(async (trx) => {
    const run = await lockRun(trx, runId);
    if (run === undefined || isTerminal(run.phase)) return { isFinished: true };
    if (phase === 'completed') {
      if (await hasUnseenMessages(trx, runId)) return { isFinished: false };
      const answer = (await listMessages(trx, runId)).findLast((message) => message.source === 'model')?.text ?? '';
      await updateRunPhase(trx, run, 'completed', { outputs: { answer } });
      return { isFinished: true };
    }
    await closeOpenSteps(trx, runId, phase === 'failed' ? 'failed' : 'cancelled');
    const error: RunError = {
      code: runErrorSchema.shape.code.catch('INTERNAL').parse(end?.code),
      message: phase === 'cancelled' && run.cancel_reason !== null ? run.cancel_reason : (end?.message ?? ''),
      step_id: phase === 'failed' ? ((await findLastFailedStep(trx, runId)) ?? null) : null,
    };
    const ended = await updateRunPhase(trx, run, phase, { error });
    await withdrawRequests(trx, deps, ended, await listPendingRequests(trx, runId), systemActor);
    await closeOpenToolCalls(trx, runId);
    return { isFinished: true };
  });
}

/** Shows that a run is held or goes on again. */
export async function recordPhase({ db }: Pick<SettleDeps, 'db'>, { runId, phase }: { runId: string; phase: 'paused' | 'running' }): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const run = await lockRun(trx, runId);
    if (run !== undefined) await updateRunPhase(trx, run, phase);
  });
}
