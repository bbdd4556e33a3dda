import type { Kysely } from 'kysely';
import type { BackTest } from '../../../contracts/back-tests.ts';
import { AppError } from '../../../contracts/errors.ts';
import type { Database } from '../../../db/database.ts';
import { insertAuditEntry } from '../../../db/repositories/audit.repository.ts';
import { endBackTestRow, lockBackTest } from '../../../db/repositories/back-tests.repository.ts';
import { insertEvents } from '../../../db/repositories/events.repository.ts';
import { type Actor, toAuditActor } from '../actor.ts';
import type { BackTestRunner } from './runner.ts';
import { toBackTest, toBackTestEvent } from './to-back-test.ts';

/**
 * Stops a back-test; what it counted so far stays. The row decides: whoever carries it out sees it with the next batch, so that it stops
 * without Temporal too. Throws BACK_TEST_NOT_FOUND and BACK_TEST_ENDED.
 */
export async function cancelBackTest({ db, backTestRunner }: { db: Kysely<Database>; backTestRunner: BackTestRunner }, { backTestId, actor }: { backTestId: string; actor: Actor }): Promise<BackTest> {
  const cancelled = await db.transaction().execute(async (trx) => {
    const test = await lockBackTest(trx, backTestId);
    if (test === undefined) throw new AppError('BACK_TEST_NOT_FOUND', `back-test ${backTestId}`);
    if (test.status !== 'running') throw new AppError('BACK_TEST_ENDED', `back-test ${backTestId} is ${test.status}`, { details: { status: test.status } });
    const row = await endBackTestRow(trx, backTestId, { status: 'cancelled', error: null });
    await insertEvents(trx, [toBackTestEvent(row)]);
    await insertAuditEntry(trx, {
      ...toAuditActor(actor), action: 'back_test.cancel', objectType: 'back_test', objectId: backTestId, before: { status: 'running' }, after: { status: 'cancelled', done: row.done, total: row.total },
    });
    return row;
  });
  await backTestRunner.cancel(backTestId).catch((error: unknown) => {
    if (!(error instanceof AppError && error.code === 'TEMPORAL_UNAVAILABLE')) throw error;
  });
  return toBackTest(cancelled);
}
