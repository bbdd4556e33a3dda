import { condition, continueAsNew, proxyActivities, setHandler, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import { wakeNoticesSignal } from './messages.ts';

// Tried for ever: what it delivers has its own end, and a lost database comes back.
const { deliverNotices } = proxyActivities<Activities>({ startToCloseTimeout: '10m', heartbeatTimeout: '10s', retry: { initialInterval: '1s', maximumInterval: '1m' } });

/** A new history after so many rounds; some ten events each. */
const maxRounds = 200;

/** Delivers what waits, sleeps until the next notice falls due or something is queued, and ends when nothing waits. */
export async function noticesWorkflow(): Promise<void> {
  let isWoken = false;
  setHandler(wakeNoticesSignal, () => {
    isWoken = true;
  });
  for (let round = 0; round < maxRounds && !workflowInfo().continueAsNewSuggested; round++) {
    isWoken = false;
    const { waitMs } = await deliverNotices();
    if (isWoken || waitMs === 0) continue;
    // A signal that comes as this ends is either seen here, or starts the workflow anew.
    if (waitMs === null) return;
    await condition(() => isWoken, waitMs);
  }
  await continueAsNew<typeof noticesWorkflow>();
}
