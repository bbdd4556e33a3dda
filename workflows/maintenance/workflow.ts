import { continueAsNew, proxyActivities, sleep } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';

const { sweepRuns } = proxyActivities<Activities>({ startToCloseTimeout: '2m', retry: { maximumInterval: '1m' } });

/** Keeps records true, for ever: one round every `intervalMs` (default 15 s), a new history every 500 rounds. */
export async function maintenanceWorkflow(input: { intervalMs?: number } = {}): Promise<void> {
  for (let round = 0; round < 500; round++) {
    await sweepRuns();
    await sleep(input.intervalMs ?? 15_000);
  }
  await continueAsNew<typeof maintenanceWorkflow>(input);
}
