import { ActivityFailure, continueAsNew, isCancellation, proxyActivities, sleep } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';

// Takes as long as there are runs to look at, and heartbeats at each.
const { sweepRuns } = proxyActivities<Activities>({ startToCloseTimeout: '1h', heartbeatTimeout: '1m', retry: { maximumInterval: '1m' } });

/** Keeps records true, for ever, whatever becomes of a round: one every `intervalMs` (default 15 s), a new history every 500 rounds. */
export async function maintenanceWorkflow(input: { intervalMs?: number } = {}): Promise<void> {
  for (let round = 0; round < 500; round++) {
    try {
      await sweepRuns();
    } catch (error) {
      if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
    }
    await sleep(input.intervalMs ?? 15_000);
  }
  await continueAsNew<typeof maintenanceWorkflow>(input);
}
