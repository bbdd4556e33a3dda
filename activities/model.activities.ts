import { Context } from '@temporalio/activity';
import { recordTurnFailure, takeTurn, type TurnDeps, type TurnResult, TurnStopped } from '../engine/reasoning/index.ts';
import { describeOutcome } from '../engine/tools/index.ts';
import { startHeartbeat, toActivityFailure, toAppError } from './to-activity-failure.ts';

/** What the model says, and what the agent keeps of it. */
export const createModelActivities = (deps: TurnDeps) => ({
  /**
   * One turn of the model; ids and small facts come back, the content is recorded. A turn that must wait fails with the delay after
   * which Temporal asks again: how often is counted in the records, where waits for capacity and for a lost database do not count.
   */
  async reason({ runId, iteration, isLastTurn }: { runId: string; iteration: number; isLastTurn: boolean }): Promise<TurnResult> {
    const stopHeartbeat = startHeartbeat();
    const { cancellationSignal: signal } = Context.current();
    try {
      return await takeTurn(deps, { runId, iteration, isLastTurn, signal });
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error instanceof TurnStopped) throw toActivityFailure(error, { isLast: error.retryInMs === undefined });
      const isLast = !error.retryable && error.code !== 'INTERNAL';
      if (error.code !== 'DATABASE_UNAVAILABLE' && !signal.aborted) await recordTurnFailure(deps, { runId, iteration, isLast, error }).catch(() => undefined);
      throw toActivityFailure(error, { isLast });
    } finally {
      stopHeartbeat();
    }
  },

  /** Keeps the outcome of a call in the agent's memory. */
  async remember({ runId, toolCallId }: { runId: string; toolCallId: string }): Promise<void> {
    try {
      const outcome = await describeOutcome(deps, toolCallId);
      if (outcome === undefined) return;
      const { call, agentId, text } = outcome;
      await deps.memory.remember({ agentId, runId, toolCallId, iteration: call.iteration, toolName: call.tool_name, text });
    } catch (error) {
      throw toActivityFailure(error);
    }
  },
});
