import { AppError } from '../../contracts/errors.ts';
import { isTerminal, type StepWaitReason } from '../../contracts/runs.ts';
import { insertModelCall, type ModelCallChange, type ModelCallRow, type NewModelCall, updateModelCall } from '../../db/repositories/model-calls.repository.ts';
import { addRunTotals, lockRun } from '../../db/repositories/runs.repository.ts';
import { type StepChange, updateStep } from '../../db/repositories/steps.repository.ts';
import { type CallUsage, toUsageColumns } from '../../db/usage.ts';
import { newId } from '../../platform/ids.ts';
import type { ModelTarget } from '../../contracts/agents.ts';
import type { ResolvedModel } from '../llm/index.ts';
import type { Turn } from './load-turn.ts';
import { connectionIdOf } from './progress.ts';
import type { TurnDeps } from './turn-deps.ts';

type Deps = Pick<TurnDeps, 'db'>;

/** A call about to be recorded, of a model as far as it is known. */
export const toNewCall = ({ runId, iteration }: Turn, target: ModelTarget, resolved: ResolvedModel | undefined, more: Partial<NewModelCall> = {}): NewModelCall => ({
  id: newId(), runId, iteration,
  provider: target.llm_provider,
  connectionId: resolved?.connectionId ?? connectionIdOf(target),
  connectionName: resolved?.connectionName ?? connectionIdOf(target),
  model: target.llm_model,
  ...more,
});

export interface FailedAttempt {
  call: ModelCallRow;
  change: ModelCallChange & { error: { code: string; message: string } };
  step: StepChange;
  /** What was paid all the same. */
  paid?: { usage: CallUsage; costMicroUsd: number | undefined };
}

/** Opens the row of a call, or of one that is not going to be sent. */
export async function openCall({ db }: Deps, turn: Turn, call: NewModelCall): Promise<ModelCallRow> {
  const row = await insertModelCall(db, call);
  turn.calls.push(row);
  return row;
}

/**
 * Closes the row of a call that came to nothing and shows in the trace what follows. What it had said is discarded: the next attempt
 * starts anew. Throws RUN_ENDED when the run ended meanwhile.
 */
export async function recordFailedAttempt({ db }: Deps, turn: Turn, { call, change, step, paid }: FailedAttempt): Promise<void> {
  const { runId, iteration } = turn;
  const phase = await db.transaction().execute(async (trx) => {
    const run = await lockRun(trx, runId);
    if (run === undefined) throw new AppError('RUN_NOT_FOUND', `run ${runId}`);
    await updateModelCall(trx, call.id, change, { endsDraftsOf: runId });
    if (paid !== undefined) await addRunTotals(trx, runId, undefined, { ...paid.usage, costMicroUsd: paid.costMicroUsd });
    if (isTerminal(run.phase)) return run.phase;
    await updateStep(trx, { runId, iteration, kind: 'reasoning' }, step);
    return undefined;
  });
  if (phase !== undefined) throw new AppError('RUN_ENDED', `run ${runId} is ${phase}`);
  call.status = change.status;
  call.action = change.action ?? null;
  call.error = change.error;
  if (paid !== undefined) {
    Object.assign(call, toUsageColumns(paid.usage), { cost_micro_usd: paid.costMicroUsd ?? null });
    // The run's own figures are read before the next call.
    turn.run.input_tokens += paid.usage.inputTokens ?? 0;
    turn.run.output_tokens += paid.usage.outputTokens ?? 0;
    turn.run.cost_micro_usd += paid.costMicroUsd ?? 0;
  }
}

/** Shows in the trace that the turn waits, and for what. An ended run is left alone. */
export async function recordWait({ db }: Deps, { runId, iteration }: Turn, { reason, delayMs, summary }: { reason: StepWaitReason; delayMs: number; summary: string }): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const run = await lockRun(trx, runId);
    if (run === undefined || isTerminal(run.phase)) return;
    await updateStep(trx, { runId, iteration, kind: 'reasoning' }, { status: 'running', summary, waiting: { reason, until: new Date(Date.now() + delayMs) } });
  });
}
