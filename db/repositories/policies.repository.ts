import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { PolicyForm } from '../../contracts/policies.ts';
import type { Database } from '../database.ts';
import { toJsonb, toStorableText } from '../storable.ts';
import type { PoliciesTable, PolicyVersionsTable } from '../tables/policies.table.ts';

export type PolicyRow = Selectable<PoliciesTable>;
export type PolicyVersionRow = Selectable<PolicyVersionsTable>;

/** Ids of shipped policies are none, and name nothing here. */
const isUuid = (text: string): boolean => /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text);

/** Text of a policy, and the form it was written with where it was. */
export interface PolicyText {
  cedar: string;
  form: PolicyForm | null;
}

const toDraftColumns = ({ text, basedOn, savedBy }: { text: PolicyText; basedOn: number | null; savedBy: string | null }) => ({
  draft_cedar: toStorableText(text.cedar), draft_form: text.form === null ? null : toJsonb(text.form), draft_based_on: basedOn, draft_updated_at: new Date(), draft_updated_by: savedBy,
});
const noDraft = { draft_cedar: null, draft_form: null, draft_based_on: null, draft_updated_at: null, draft_updated_by: null };

/** Adds a policy that is a draft alone. A name that is taken, whatever its case, violates `policies_name_key`. */
export async function insertPolicy(trx: Kysely<Database>, policy: { id: string; name: string; text: PolicyText; createdBy: string | null }): Promise<void> {
  await trx
    .insertInto('policies')
    .values({ id: policy.id, name: toStorableText(policy.name), ...toDraftColumns({ text: policy.text, basedOn: null, savedBy: policy.createdBy }), created_by: policy.createdBy, changed_by: policy.createdBy })
    .execute();
}

/** A policy with the names of people and its text: what is live, else what was live last, else none. */
const policyView = (db: Kysely<Database>) =>
  db
    .selectFrom('policies')
    .leftJoin('users as changers', 'changers.id', 'policies.changed_by')
    .leftJoin('users as drafters', 'drafters.id', 'policies.draft_updated_by')
    .leftJoin('policy_versions', (join) =>
      join.onRef('policy_versions.policy_id', '=', 'policies.id').on('policy_versions.version', '=', sql<number>`coalesce(policies.live_version, policies.latest_version)`))
    .selectAll('policies')
    .select(['changers.name as changer', 'drafters.name as drafter', 'policy_versions.cedar', 'policy_versions.form']);

export type PolicyView = Awaited<ReturnType<ReturnType<typeof policyView>['executeTakeFirstOrThrow']>>;

export async function findPolicyView(db: Kysely<Database>, policyId: string): Promise<PolicyView | undefined> {
  if (!isUuid(policyId)) return undefined;
  return policyView(db).where('policies.id', '=', policyId).executeTakeFirst();
}

/** All written policies, by name. */
export async function listPolicyViews(db: Kysely<Database>): Promise<PolicyView[]> {
  return policyView(db).orderBy(sql`lower(policies.name)`).execute();
}

/** A policy, held until the transaction ends. */
export async function lockPolicy(trx: Transaction<Database>, policyId: string): Promise<PolicyRow | undefined> {
  if (!isUuid(policyId)) return undefined;
  return trx.selectFrom('policies').selectAll().where('id', '=', policyId).forUpdate().executeTakeFirst();
}

/** The next revision of a policy: what is left out stays. `draft` null: there is none any more. */
export async function updatePolicy(
  trx: Transaction<Database>,
  policyId: string,
  change: { name?: string | undefined; draft?: { text: PolicyText; basedOn: number | null } | null | undefined; liveVersion?: number | null | undefined; latestVersion?: number | undefined; changedBy: string | null },
): Promise<void> {
  await trx
    .updateTable('policies')
    .set((eb) => ({
      revision: eb('revision', '+', 1), changed_by: change.changedBy, changed_at: new Date(),
      ...(change.name === undefined ? {} : { name: toStorableText(change.name) }),
      ...(change.draft === undefined ? {} : change.draft === null ? noDraft : toDraftColumns({ ...change.draft, savedBy: change.changedBy })),
      ...(change.liveVersion === undefined ? {} : { live_version: change.liveVersion }),
      ...(change.latestVersion === undefined ? {} : { latest_version: change.latestVersion }),
    }))
    .where('id', '=', policyId)
    .execute();
}

/** Takes away a policy that never had a version. */
export async function deletePolicy(trx: Transaction<Database>, policyId: string): Promise<void> {
  await trx.deleteFrom('policies').where('id', '=', policyId).execute();
}

/** Writes a version, for good. */
export async function insertPolicyVersion(trx: Transaction<Database>, version: Omit<PolicyVersionRow, 'created_at'>): Promise<void> {
  await trx
    .insertInto('policy_versions')
    .values({ ...version, name: toStorableText(version.name), cedar: toStorableText(version.cedar), note: toStorableText(version.note), form: version.form === null ? null : toJsonb(version.form) })
    .execute();
}

export async function findPolicyVersion(db: Kysely<Database>, policyId: string, version: number): Promise<PolicyVersionRow | undefined> {
  return db.selectFrom('policy_versions').selectAll().where('policy_id', '=', policyId).where('version', '=', version).executeTakeFirst();
}

/** Versions of a policy, newest first. */
export async function listPolicyVersionRows(db: Kysely<Database>, options: { policyId: string; beforeVersion?: number | undefined; limit: number }): Promise<PolicyVersionRow[]> {
  let query = db.selectFrom('policy_versions').selectAll().where('policy_id', '=', options.policyId).orderBy('version', 'desc').limit(options.limit);
  if (options.beforeVersion !== undefined) query = query.where('version', '<', options.beforeVersion);
  return query.execute();
}

/**
 * The newest completed back-test of exactly this text: in the place of the policy, or beside all others while the policy is not in force,
 * which comes to the same. One that found no decision it could judge anew shows nothing, and does not count.
 */
export async function findCompletedBackTest(
  db: Kysely<Database>,
  { policyId, isLive, cedarHash }: { policyId: string; isLive: boolean; cedarHash: string },
): Promise<{ id: string; finishedAt: Date } | undefined> {
  const row = await db
    .selectFrom('back_tests')
    .select(['id', 'finished_at'])
    .where('cedar_hash', '=', cedarHash)
    .where('status', '=', 'completed')
    .whereRef('done', '>', 'not_replayable')
    .where((eb) => (isLive ? eb('policy_id', '=', policyId) : eb.or([eb('policy_id', '=', policyId), eb('policy_id', 'is', null)])))
    .orderBy('finished_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined || row.finished_at === null ? undefined : { id: row.id, finishedAt: row.finished_at };
}
