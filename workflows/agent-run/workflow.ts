import {
  ApplicationFailure, CancellationScope, condition, continueAsNew, isCancellation, setHandler, workflowInfo,
} from '@temporalio/workflow';
import { createActivityProxies } from './activity-proxies.ts';
import { endOf } from './end-of.ts';
import { createToolCallHandler } from './handle-tool-call.ts';
import { approvalDecisionSignal, type ApprovalDecisionSignal, pauseSignal, resumeSignal, runStateQuery, steerSignal, toKeptSignal, toName } from './messages.ts';
import { createPublisher } from './publish.ts';
import { applyEvent, initialRunState, type RunEnd, type RunEvent, type RunState } from './run-state.ts';
import type { TerminalRunPhase } from '../../contracts/runs.ts';

/** Ids and small facts only: prompts, arguments and results live in the database. */
export interface AgentRunInput {
  runId: string;
  limits: { maxIterations: number; maxTokens: number; maxCostMicroUsd: number | null; maxDurationMs: number };
  onRejection: 'tell_agent' | 'fail_run';
  /** Turns after which the history is cut by continue-as-new; default 25. */
  turnsPerHistory?: number;
  carried?: { state: RunState; startedAtMs: number };
}

type Ending = { phase: TerminalRunPhase; end: RunEnd };
/** Three useless answers in a row: the model will not recover by itself. */
const maxMistakesInRow = 3;
/** Some 2 MB at most: they stay in memory and are not carried on. */
const maxKeptSignals = 1_000;

/** One durable agent run: reason, check, ask, act, remember, until the model is done or a limit is met. */
export async function agentRunWorkflow(input: AgentRunInput): Promise<{ phase: TerminalRunPhase }> {
  const { runId, limits } = input;
  const startedAtMs = input.carried?.startedAtMs ?? workflowInfo().startTime.getTime();
  const activities = createActivityProxies();
  const publish = createPublisher(runId);
  let state = input.carried?.state ?? initialRunState;
  const signals: ApprovalDecisionSignal[] = [];
  const settled = new Set<string>();
  const memories: Promise<unknown>[] = [];
  const apply = (event: RunEvent): void => publish((state = applyEvent(state, event)));

  setHandler(runStateQuery, () => state);
  // Late signals are dropped; of a flood the oldest go, since the sweeper signals a settled request again.
  setHandler(approvalDecisionSignal, (signal) => {
    const kept = toKeptSignal(signal);
    if (kept === undefined || settled.has(kept.requestId)) return;
    if (signals.length >= maxKeptSignals) signals.shift();
    signals.push(kept);
  });
  let resumedBy = 'Temporal';
  setHandler(pauseSignal, (signal) => apply({ type: 'pause-requested', by: toName(signal?.by) ?? 'Temporal' }));
  setHandler(resumeSignal, (signal) => {
    resumedBy = toName(signal?.by) ?? 'Temporal';
    apply({ type: 'resume-requested' });
  });
  setHandler(steerSignal, () => undefined);

  /** Holds here while a person wants the run paused. */
  const gate = async (): Promise<void> => {
    if (state.pauseRequestedBy === null) return;
    const by = state.pauseRequestedBy;
    apply({ type: 'paused' });
    await activities.recordPhase({ runId, phase: 'paused', by });
    await condition(() => state.pauseRequestedBy === null);
    await activities.recordPhase({ runId, phase: 'running', by: resumedBy });
  };

  const limitMet = (): Ending | undefined => {
    if (state.tokens >= limits.maxTokens) return endOf('LIMIT_TOKENS', `The run used ${state.tokens} of ${limits.maxTokens} tokens.`);
    if (limits.maxCostMicroUsd !== null && (state.costMicroUsd ?? 0) >= limits.maxCostMicroUsd) {
      return endOf('LIMIT_COST', `The run reached its cost limit of $${limits.maxCostMicroUsd / 1e6}.`);
    }
    return undefined;
  };

  const handleToolCall = createToolCallHandler({ runId, activities, signals, settled, apply, gate, memories });

  /** One turn of the loop; an ending when the run is over. */
  const takeTurn = async (): Promise<Ending | undefined> => {
    await gate();
    const met = limitMet();
    if (met !== undefined) return met;
    apply({ type: 'turn-started' });
    const isLastTurn = state.iteration > limits.maxIterations;
    const turn = await activities.reason.executeWithOptions({ summary: `${state.iteration} · reason` }, [{ runId, iteration: state.iteration, isLastTurn }]);
    apply({ type: 'turn-taken', tokens: turn.tokens, costMicroUsd: turn.costMicroUsd, outcome: turn.outcome });
    if (turn.outcome === 'failed') return endOf(turn.code, turn.message);
    if (turn.outcome === 'final') {
      const { isFinished } = await activities.finishRun({ runId, phase: 'completed', end: null });
      // Somebody said something the model has not read: it takes one more turn.
      return isFinished ? { phase: 'completed', end: { code: null, message: 'The agent gave its final answer.' } } : undefined;
    }
    if (state.mistakesInRow >= maxMistakesInRow) return endOf('MODEL_MISTAKES', `Three useless answers in a row; the last one: ${turn.mistake ?? 'no usable tool call'}`);
    if (isLastTurn) return endOf('LIMIT_ITERATIONS', `The agent still wanted to act after ${limits.maxIterations} iterations.`);
    const outcomes = await sideBySide(turn.calls.map((call) => () => handleToolCall(call, state.iteration)));
    const rejected = outcomes.find((outcome) => outcome.isRejected);
    return rejected !== undefined && input.onRejection === 'fail_run' ? endOf('APPROVAL_REJECTED', rejected.reason) : undefined;
  };

  const runUntilEnd = async (): Promise<Ending | 'continue'> => {
    for (let turns = 1; ; turns++) {
      const ending = await takeTurn();
      if (ending !== undefined) return ending;
      if (turns >= (input.turnsPerHistory ?? 25) || workflowInfo().continueAsNewSuggested) return 'continue';
    }
  };

  let ending: Ending | 'continue';
  try {
    const remainingMs = Math.max(1, startedAtMs + limits.maxDurationMs - Date.now());
    ending = await CancellationScope.withTimeout(remainingMs, runUntilEnd);
  } catch (error) {
    ending = endingOfError(error, limits.maxDurationMs);
  }
  if (ending === 'continue') {
    await Promise.allSettled(memories);
    // Between turns nothing is asked, and what the next turn asks gets an id nobody knows yet: signals that are left here mean nothing there.
    await continueAsNew<typeof agentRunWorkflow>({ ...input, carried: { state, startedAtMs } });
  }
  return CancellationScope.nonCancellable(() => conclude(ending as Ending));

  /** Writes the end into the run's row, then ends the workflow the way Temporal shows it best. */
  async function conclude(ended: Ending): Promise<{ phase: TerminalRunPhase }> {
    await Promise.allSettled(memories);
    // A cancel that comes while the answer is being written is too late: the row keeps its end and says which.
    const recorded = ended.phase === 'completed' ? ended.phase : (await activities.finishRun({ runId, phase: ended.phase, end: ended.end })).phase;
    const phase = recorded ?? ended.phase;
    const { end } = ended;
    apply({ type: 'run-ended', phase, end });
    if (phase === 'completed' || phase === 'cancelled') return { phase };
    throw ApplicationFailure.nonRetryable(end.message, end.code);
  }
}

/** Like Promise.all, but one failure cancels the others and waits for them, so that nothing acts after the run has failed. */
async function sideBySide<Result>(tasks: readonly (() => Promise<Result>)[]): Promise<Result[]> {
  const scope = new CancellationScope();
  const running = tasks.map((task) => scope.run(task));
  try {
    return await Promise.all(running);
  } catch (error) {
    scope.cancel();
    await Promise.allSettled(running);
    throw error;
  }
}

function endingOfError(error: unknown, maxDurationMs: number): Ending {
  if (!isCancellation(error)) return endOf(undefined, undefined, error);
  return CancellationScope.current().consideredCancelled
    ? { phase: 'cancelled', end: { code: 'CANCELLED_BY_USER', message: 'The run was cancelled.' } }
    : { phase: 'timed_out', end: { code: 'LIMIT_DURATION', message: `The run took longer than its limit of ${Math.round(maxDurationMs / 1000)} s.` } };
}
