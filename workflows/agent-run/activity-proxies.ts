import { ActivityCancellationType, proxyActivities, proxyLocalActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import { siblingTaskQueue } from '../../temporal/names.ts';
import { createTurnstile } from './turnstile.ts';

/**
 * Attempts are bounded by the activities themselves, which know what failed: a missing database is waited for (hours), a
 * provider's bad day is not. This bound only keeps an unforeseen failure from retrying for ever.
 */
const retry = { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '30s', maximumAttempts: 1_000 } as const;

/** Long work heartbeats every 2 s, so a dead worker is noticed 10 s later at most. */
const longWork = {
  startToCloseTimeout: '20m',
  heartbeatTimeout: '10s',
  retry,
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
} as const;

/** A call of a limited tool looks about once a second whether it is its turn, for which Temporal counts an attempt: only the run's own time limit bounds that. */
const toolWork = { ...longWork, retry: { ...retry, maximumAttempts: Number.POSITIVE_INFINITY } } as const;

/** The run's activities, each on the queue of the role that carries it out, beside this workflow's own queue. */
export function createActivityProxies() {
  const own = workflowInfo().taskQueue;
  const records = proxyActivities<Activities>({ taskQueue: own, startToCloseTimeout: '30s', retry });
  const moments = proxyLocalActivities<Activities>({ startToCloseTimeout: '10s', scheduleToCloseTimeout: '8h', localRetryThreshold: '1m', retry });
  const inTurn = createTurnstile();
  return {
    reason: proxyActivities<Activities>({ ...longWork, taskQueue: siblingTaskQueue(own, 'models') }).reason,
    remember: proxyActivities<Activities>({ taskQueue: siblingTaskQueue(own, 'models'), startToCloseTimeout: '1m', retry: { ...retry, maximumAttempts: 5 } }).remember,
    executeTool: {
      tools: proxyActivities<Activities>({ ...toolWork, taskQueue: siblingTaskQueue(own, 'tools') }).executeTool,
      sandbox: proxyActivities<Activities>({ ...toolWork, taskQueue: siblingTaskQueue(own, 'sandbox') }).executeTool,
    },
    requestApproval: records.requestApproval,
    finishRun: records.finishRun,
    // Milliseconds each and idempotent: evaluation in memory plus one small write.
    checkSafety: inTurn(moments.checkSafety),
    takeDecision: inTurn(moments.takeDecision),
    expireApproval: inTurn(moments.expireApproval),
    recordPhase: inTurn(moments.recordPhase),
  };
}
export type ActivityProxies = ReturnType<typeof createActivityProxies>;
