import { activityInfo, Context } from '@temporalio/activity';
import { judgeAgain, type SettleDeps } from '../engine/hitl/index.ts';
import { executeToolCall, type ExecutionDeps, type ExecutionResult } from '../engine/tools/index.ts';
import { startHeartbeat, toActivityFailure } from './to-activity-failure.ts';

/** Attempts at a tool that is out of reach before the model is told. */
const maxToolAttempts = 5;

/** What acts on the world. */
export const createToolActivities = (deps: Omit<ExecutionDeps, 'judgeAgain'> & Pick<SettleDeps, 'policies'>) => ({
  /** Executes an allowed call and records its outcome; a tool's failure is an outcome, not an error. */
  async executeTool({ toolCallId }: { runId: string; toolCallId: string }): Promise<ExecutionResult> {
    const stopHeartbeat = startHeartbeat();
    try {
      return await executeToolCall({ ...deps, judgeAgain: (registry, call) => judgeAgain(deps, registry, call) }, { toolCallId, attempt: activityInfo().attempt, maxAttempts: maxToolAttempts, signal: Context.current().cancellationSignal });
    } catch (error) {
      throw toActivityFailure(error);
    } finally {
      stopHeartbeat();
    }
  },
});
