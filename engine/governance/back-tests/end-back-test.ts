import type { Kysely } from 'kysely';
import type { Database } from '../../../db/database.ts';
import { insertAuditEntry } from '../../../db/repositories/audit.repository.ts';
import { endBackTestRow, lockBackTest } from '../../../db/repositories/back-tests.repository.ts';
import { insertEvents } from '../../../db/repositories/events.repository.ts';
import { toBackTestEvent } from './to-back-test.ts';

/** How a back-test ended that did not come to its end by itself. `error` is a sentence. */
export type BackTestEnding = { backTestId: string } & ({ status: 'cancelled' } | { status: 'failed'; error: string });

/** Ends a back-test from the Temporal side, where nobody is known by name; one that has ended, or is not there, is left alone. */
export async function endBackTest({ db }: { db: Kysely<Database> }, { backTestId, ...ending }: BackTestEnding): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const test = await lockBackTest(trx, backTestId);
    if (test?.status !== 'running') return;
    const ended = await endBackTestRow(trx, backTestId, { error: null, ...ending });
    await insertEvents(trx, [toBackTestEvent(ended)]);
    if (ending.status === 'cancelled') {
      await insertAuditEntry(trx, {
        actorId: null, actorName: 'Temporal', source: 'temporal', action: 'back_test.cancel', objectType: 'back_test', objectId: backTestId,
        before: { status: 'running' }, after: { status: 'cancelled', done: test.done, total: test.total },
      });
    }
  });
}
