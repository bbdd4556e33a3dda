import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { Role } from '../../contracts/permissions.ts';
import type { Database } from '../database.ts';
import { toStorableText } from '../storable.ts';
import type { ApproverGroupsTable } from '../tables/approvers.table.ts';

export type GroupRow = Selectable<ApproverGroupsTable>;
export interface GroupMember {
  group_id: string;
  user_id: string;
  name: string;
  role: Role;
  is_disabled: boolean;
}

/** Adds a group without members; undefined when the name is taken. */
export async function insertGroup(trx: Kysely<Database>, group: { id: string; name: string; description: string }): Promise<GroupRow | undefined> {
  return trx
    .insertInto('approver_groups')
    .values({ ...group, description: toStorableText(group.description) })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .returningAll()
    .executeTakeFirst();
}

export async function lockGroup(trx: Transaction<Database>, groupId: string): Promise<GroupRow | undefined> {
  return trx.selectFrom('approver_groups').selectAll().where('id', '=', groupId).forUpdate().executeTakeFirst();
}

/** Changes a group and counts the change. */
export async function updateGroupRow(trx: Kysely<Database>, groupId: string, change: { description?: string | undefined }): Promise<GroupRow> {
  return trx
    .updateTable('approver_groups')
    .set({ version: sql<number>`version + 1`, updated_at: new Date(), ...(change.description === undefined ? {} : { description: toStorableText(change.description) }) })
    .where('id', '=', groupId)
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function deleteGroupRow(trx: Kysely<Database>, groupId: string): Promise<void> {
  await trx.deleteFrom('approver_groups').where('id', '=', groupId).execute();
}

/** Makes these people, and nobody else, the members. */
export async function replaceGroupMembers(trx: Kysely<Database>, groupId: string, userIds: readonly string[]): Promise<void> {
  await trx.deleteFrom('approver_group_members').where('group_id', '=', groupId).execute();
  if (userIds.length > 0) await trx.insertInto('approver_group_members').values(userIds.map((userId) => ({ group_id: groupId, user_id: userId }))).execute();
}

export async function listGroupRows(db: Kysely<Database>): Promise<GroupRow[]> {
  return db.selectFrom('approver_groups').selectAll().orderBy('name').execute();
}

/** Members of one group or of all, by name. */
export async function listGroupMembers(db: Kysely<Database>, groupId?: string): Promise<GroupMember[]> {
  let query = db
    .selectFrom('approver_group_members')
    .innerJoin('users', 'users.id', 'approver_group_members.user_id')
    .select(['approver_group_members.group_id', 'approver_group_members.user_id', 'users.name', 'users.role', 'users.is_disabled'])
    .orderBy('users.name')
    .orderBy('users.id');
  if (groupId !== undefined) query = query.where('approver_group_members.group_id', '=', groupId);
  return query.execute();
}

/** Which live policies name a group in their annotations, by group name. */
export async function listPoliciesNamingGroups(db: Kysely<Database>, groupNames: readonly string[]): Promise<{ group: string; policy: string }[]> {
  if (groupNames.length === 0) return [];
  return db
    .selectFrom('policies')
    .innerJoin('policy_versions', (join) => join.onRef('policy_versions.policy_id', '=', 'policies.id').onRef('policy_versions.version', '=', 'policies.live_version'))
    .innerJoin('approver_groups', (join) => join.on(sql<boolean>`policy_versions.cedar ~ ('group:' || approver_groups.name || '([^a-z0-9-]|$)')`))
    .select(['approver_groups.name as group', 'policies.name as policy'])
    .where('approver_groups.name', 'in', groupNames)
    .orderBy('policies.name')
    .execute();
}
