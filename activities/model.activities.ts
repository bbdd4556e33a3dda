import { activityInfo, Context } from '@temporalio/activity';
import { recordTurnFailure, takeTurn, type TurnDeps, type TurnResult } from '../engine/reasoning/index.ts';
import { describeOutcome } from '../engine/tools/index.ts';
import { startHeartbeat, toActivityFailure, toAppError } from './to-activity-failure.ts';

/** A provider's bad day is not waited out for ever; with the provider's own delays this is some minutes. */
const maxModelAttempts = 6;

/** What the model says, and what the agent keeps of it. */
export const createModelActivities = (deps: TurnDeps) => ({
  /** One turn of the model; ids and small facts come back, the content is recorded. */
  async reason({ runId, iteration, isLastTurn }: { runId: string; iteration: number; isLastTurn: boolean }): Promise<TurnResult> {
    const stopHeartbeat = startHeartbeat();
    const { attempt } = activityInfo();
    try {
      return await takeTurn(deps, { runId, iteration, isLastTurn, attempt, signal: Context.current().cancellationSignal });
    } catch (thrown) {
      const error = toAppError(thrown);
      // Waiting for the database does not use up the attempts a provider gets.
      const isLast = error.code !== 'DATABASE_UNAVAILABLE' && error.code !== 'INTERNAL' && (!error.retryable || attempt >= maxModelAttempts);
      const isCancelled = Context.current().cancellationSignal.aborted;
      if (error.code !== 'DATABASE_UNAVAILABLE' && !isCancelled) {
        await recordTurnFailure(deps, { runId, iteration, attempt, isLast, error }).catch(() => undefined);
      }
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
