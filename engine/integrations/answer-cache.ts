import type { Kysely } from 'kysely';
import type { Database } from '../../db/database.ts';
import { insertAuditEntry } from '../../db/repositories/audit.repository.ts';
import { type Actor, toAuditActor } from '../governance/index.ts';
import type { AnswerCache } from '../llm/index.ts';

/** Forgets kept answers, of one agent or all; says how many. */
export async function purgeAnswerCache({ db, answerCache }: { db: Kysely<Database>; answerCache: Pick<AnswerCache, 'purge'> }, { agentId, actor }: { agentId?: string | undefined; actor: Actor }): Promise<number> {
  const purged = await answerCache.purge({ agentId });
  await db.transaction().execute((trx) => insertAuditEntry(trx, {
    ...toAuditActor(actor), action: 'answer_cache.purge', objectType: 'answer_cache', objectId: agentId ?? 'all', after: { purged },
  }));
  return purged;
}
