import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { Database } from '../database.ts';
import { toJsonb, toStorableText } from '../storable.ts';
import type { PolicySetMember, PolicySetsTable } from '../tables/policies.table.ts';

export type PolicySetRow = Selectable<PolicySetsTable>;

/**
 * The newest set, held until the transaction ends: whoever makes the next one starts from it, so that two policies that change at
 * once are both in the set that comes out. Undefined before any policy went live.
 */
export async function lockNewestPolicySet(trx: Transaction<Database>): Promise<PolicySetRow | undefined> {
  await sql`select pg_advisory_xact_lock(hashtextextended('policy sets', 0))`.execute(trx);
  return trx.selectFrom('policy_sets').selectAll().orderBy('version', 'desc').limit(1).executeTakeFirst();
}

/** Writes the set that counts from now on. */
export async function insertPolicySet(trx: Transaction<Database>, set: Omit<PolicySetRow, 'created_at'>): Promise<void> {
  await trx
    .insertInto('policy_sets')
    .values({ ...set, members: toJsonb(set.members satisfies PolicySetMember[]), note: toStorableText(set.note) })
    .execute();
}

/** Sets, newest first. */
export async function listPolicySetRows(db: Kysely<Database>, options: { beforeVersion?: number | undefined; limit: number }): Promise<PolicySetRow[]> {
  let query = db.selectFrom('policy_sets').selectAll().orderBy('version', 'desc').limit(options.limit);
  if (options.beforeVersion !== undefined) query = query.where('version', '<', options.beforeVersion);
  return query.execute();
}

/** The version of the newest set; undefined where nothing was ever made live. */
export async function findNewestSetVersion(db: Kysely<Database>): Promise<number | undefined> {
  return (await db.selectFrom('policy_sets').select('version').orderBy('version', 'desc').limit(1).executeTakeFirst())?.version;
}

/**
 * The policies in force: members of the newest set with their text, or of the set of `setVersion`. `setVersion` undefined in the answer: none
 * ever went live. A member whose text is lost has an empty one rather than being left out: what it said must not become what nobody said.
 */
export async function listLivePolicies(
  db: Kysely<Database>,
  { setVersion }: { setVersion?: number | undefined } = {},
): Promise<{ setVersion: number | undefined; policies: { id: string; name: string; version: number; cedar: string }[] }> {
  const { rows } = await sql<{ set_version: number; id: string | null; name: string; version: number; cedar: string }>`
    select s.version as set_version, m.policy_id as id, coalesce(v.name, m.policy_id::text) as name, m.version, coalesce(v.cedar, '') as cedar
    from (select version, members from policy_sets where ${setVersion === undefined ? sql`true` : sql`version = ${setVersion}`} order by version desc limit 1) s
    left join lateral jsonb_to_recordset(s.members) as m (policy_id uuid, version integer) on true
    left join policy_versions v on v.policy_id = m.policy_id and v.version = m.version`.execute(db);
  return { setVersion: rows[0]?.set_version, policies: rows.flatMap(({ id, name, version, cedar }) => (id === null ? [] : [{ id, name, version, cedar }])) };
}
