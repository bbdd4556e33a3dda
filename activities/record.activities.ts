import { Context } from '@temporalio/activity';
import type { ApprovalKind } from '../contracts/approvals.ts';
import type { PolicyEffect } from '../contracts/approvals.ts';
import { type DecisionSignal, type DecisionTaken, expireApproval, type OpenApproval, requestApproval, takeDecision } from '../engine/hitl/index.ts';
import { finishRun, recordPhase, type RunEnding, type RunFinished, type SweepDeps, type SweepResult, sweepRuns } from '../engine/runs/index.ts';
import { checkToolCall } from '../engine/safety/index.ts';
import { toActivityFailure } from './to-activity-failure.ts';

const converted = async <Result>(work: Promise<Result>): Promise<Result> => {
  try {
    return await work;
  } catch (error) {
    throw toActivityFailure(error);
  }
};

/** Verdicts, questions, decisions and phases: small idempotent reads and writes of the records. */
export const createRecordActivities = (deps: SweepDeps) => ({
  checkSafety: ({ toolCallId }: { runId: string; toolCallId: string }): Promise<{ verdict: PolicyEffect }> => converted(checkToolCall(deps, { toolCallId })),
  requestApproval: (input: { runId: string; toolCallId: string; kind: Exclude<ApprovalKind, 'question'> }): Promise<OpenApproval> => converted(requestApproval(deps, input)),
  takeDecision: (input: { runId: string } & DecisionSignal): Promise<DecisionTaken> => converted(takeDecision(deps, input)),
  expireApproval: (input: { runId: string; requestId: string }): Promise<DecisionTaken> => converted(expireApproval(deps, input)),
  recordPhase: (input: { runId: string; phase: 'paused' | 'running'; by: string }): Promise<void> => converted(recordPhase(deps, input)),
  finishRun: (input: RunEnding): Promise<RunFinished> => converted(finishRun(deps, input)),
  async sweepRuns(): Promise<SweepResult> {
    const context = Context.current();
    return converted(
      sweepRuns(deps, {
        onProgress: () => context.heartbeat(),
        onFailure: (error, about) => context.log.warn('the sweep met a failure', { ...about, error }),
      }),
    );
  },
});
