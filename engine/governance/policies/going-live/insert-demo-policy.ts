import type { Kysely } from 'kysely';
import type { Database } from '../../../../db/database.ts';
import { insertAuditEntry } from '../../../../db/repositories/audit.repository.ts';
import { insertPolicy, listPolicyViews } from '../../../../db/repositories/policies.repository.ts';
import { newId } from '../../../../platform/ids.ts';
import { checkPolicySource, type PolicySource } from '../../../safety/index.ts';
import { systemActor, toAuditActor } from '../../actor.ts';

/** Leaves a draft to try and to back-test in a database where nobody has written a policy yet. It is never live by itself. */
export async function insertDemoPolicy({ db }: { db: Kysely<Database> }, { name, source }: { name: string; source: PolicySource }): Promise<void> {
  if ((await listPolicyViews(db)).length > 0) return;
  const { cedar, form } = checkPolicySource(source);
  const id = newId();
  await db.transaction().execute(async (trx) => {
    await insertPolicy(trx, { id, name, text: { cedar, form }, createdBy: null });
    await insertAuditEntry(trx, { ...toAuditActor(systemActor), action: 'policy.create', objectType: 'policy', objectId: id, after: { name, draft: cedar } });
  });
}
