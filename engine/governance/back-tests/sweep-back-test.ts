import type { Kysely } from 'kysely';
import type { Database } from '../../../db/database.ts';
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

/** Ends a back-test whose row says that it is under way while Temporal knows better. Throws TEMPORAL_UNAVAILABLE. */
export async function sweepBackTest({ db, backTestRunner }: { db: Kysely<Database>; backTestRunner: Pick<BackTestRunner, 'describe'> }, backTestId: string): Promise<void> {
  const ending = endingOf(backTestId, await backTestRunner.describe(backTestId));
  if (ending !== undefined) await endBackTest({ db }, ending);
}
