import { ActivityFailure, ApplicationFailure, CancellationScope, isCancellation, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';

export interface BackTestInput {
  backTestId: string;
}

// One activity whatever the size of the ledger: how far it is stands in the back-test's row, where an attempt goes on after the one before it died.
const { carryOutBackTest } = proxyActivities<Activities>({ startToCloseTimeout: '24h', heartbeatTimeout: '10s', retry: { maximumInterval: '30s' } });
const { endBackTest } = proxyActivities<Activities>({ startToCloseTimeout: '1m', retry: { maximumInterval: '30s' } });

const sentenceOf = (error: unknown): string => {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return cause instanceof ApplicationFailure ? cause.message : 'The back-test took longer than it may.';
};

/** Judges the recorded decisions of a range anew under a draft; its row says how it ended, whatever ends it here. */
export async function backTestWorkflow({ backTestId }: BackTestInput): Promise<void> {
  try {
    await carryOutBackTest({ backTestId });
  } catch (error) {
    await CancellationScope.nonCancellable(() => endBackTest(isCancellation(error) ? { backTestId, status: 'cancelled' } : { backTestId, status: 'failed', error: sentenceOf(error) }));
    throw error;
  }
}
