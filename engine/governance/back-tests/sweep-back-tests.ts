import type { Kysely } from 'kysely';
import type { Database } from '../../../db/database.ts';
import { listRunningBackTests } from '../../../db/repositories/back-tests.repository.ts';
import type { TemporalRunStatus } from '../../runs/agent-runs.ts';
import { type BackTestEnding, endBackTest } from './end-back-test.ts';
import type { BackTestRunner } from './runner.ts';

/** What a back-test's row must say when Temporal says this of its workflow; undefined: nothing to correct. */
const endingOf = (backTestId: string, status: TemporalRunStatus): BackTestEnding | undefined => {
  switch (status) {
    case 'open': return undefined;
    case 'cancelled': return { backTestId, status: 'cancelled' };
    case 'missing': return { backTestId, status: 'failed', error: 'Temporal does not know the workflow of this back-test. Start it again.' };
    case 'terminated': return { backTestId, status: 'failed', error: 'The workflow was terminated from the Temporal side.' };
    case 'timed_out':
    case 'failed':
    case 'completed': return { backTestId, status: 'failed', error: 'The workflow ended on the Temporal side without writing its end.' };
  }
};

/**
 * Ends back-tests whose row says that they are under way while Temporal knows better. Young ones are left alone: their request may be
 * under way. Throws TEMPORAL_UNAVAILABLE.
 * @param options.minAgeMs default 10,000.
 */
export async function sweepBackTests({ db, backTestRunner }: { db: Kysely<Database>; backTestRunner: Pick<BackTestRunner, 'describe'> }, options: { minAgeMs?: number; onProgress?: () => void } = {}): Promise<void> {
  for (const { id } of await listRunningBackTests(db, new Date(Date.now() - (options.minAgeMs ?? 10_000)))) {
    options.onProgress?.();
    const ending = endingOf(id, await backTestRunner.describe(id));
    if (ending !== undefined) await endBackTest({ db }, ending);
  }
}
