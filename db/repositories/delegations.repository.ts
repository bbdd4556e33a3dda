import type { Kysely, Selectable, Transaction } from 'kysely';
import type { Database } from '../database.ts';
import { toStorableText } from '../storable.ts';
import type { DelegationsTable } from '../tables/approvers.table.ts';

export type DelegationRow = Selectable<DelegationsTable>;
export type DelegationView = DelegationRow & { from_name: string; to_name: string };

export async function insertDelegation(trx: Kysely<Database>, delegation: Omit<DelegationRow, 'created_at' | 'revoked_at'>): Promise<void> {
  await trx.insertInto('delegations').values({ ...delegation, note: toStorableText(delegation.note) }).execute();
}

const views = (db: Kysely<Database>) =>
  db
    .selectFrom('delegations')
    .innerJoin('users as from_users', 'from_users.id', 'delegations.from_user_id')
    .innerJoin('users as to_users', 'to_users.id', 'delegations.to_user_id')
    .selectAll('delegations')
    .select(['from_users.name as from_name', 'to_users.name as to_name']);

export async function findDelegation(db: Kysely<Database>, delegationId: string): Promise<DelegationView | undefined> {
  return views(db).where('delegations.id', '=', delegationId).executeTakeFirst();
}

/** The newest 200 delegations, of everybody or from and to one person. */
export async function listDelegationViews(db: Kysely<Database>, options: { userId?: string | undefined }): Promise<DelegationView[]> {
  const { userId } = options;
  let query = views(db).orderBy('delegations.starts_at', 'desc').orderBy('delegations.id', 'desc').limit(200);
  if (userId !== undefined) query = query.where((eb) => eb.or([eb('delegations.from_user_id', '=', userId), eb('delegations.to_user_id', '=', userId)]));
  return query.execute();
}

/** Ends a delegation now; false when it was revoked before. */
export async function revokeDelegationRow(trx: Transaction<Database>, delegationId: string): Promise<boolean> {
  const { numUpdatedRows } = await trx.updateTable('delegations').set({ revoked_at: new Date() }).where('id', '=', delegationId).where('revoked_at', 'is', null).executeTakeFirst();
  return numUpdatedRows > 0n;
}
