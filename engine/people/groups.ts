import type { Kysely, Transaction } from 'kysely';
import { AppError, refuseField } from '../../contracts/errors.ts';
import type { CreateGroupBody, Group, UpdateGroupBody } from '../../contracts/people.ts';
import type { Database } from '../../db/database.ts';
import { insertAuditEntry } from '../../db/repositories/audit.repository.ts';
import {
  deleteGroupRow, type GroupMember, type GroupRow, insertGroup, listGroupMembers, listGroupRows, listPoliciesNamingGroups, lockGroup, replaceGroupMembers, updateGroupRow,
} from '../../db/repositories/groups.repository.ts';
import { listUsersByIds } from '../../db/repositories/users.repository.ts';
import { newId } from '../../platform/ids.ts';
import { type Actor, toAuditActor } from '../governance/actor.ts';

interface Deps {
  db: Kysely<Database>;
}

const toGroup = (row: GroupRow, members: readonly GroupMember[], policies: readonly string[]): Group => ({
  id: row.id,
  name: row.name,
  description: row.description,
  members: members.map((member) => ({ user_id: member.user_id, name: member.name, role: member.role, is_disabled: member.is_disabled })),
  used_by_policies: [...policies],
  version: row.version,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});

const auditedFields = (row: GroupRow, members: readonly GroupMember[]) => ({ name: row.name, description: row.description, members: members.map(({ user_id: id, name }) => ({ id, name })) });

/** All groups with their members and the live policies that name them, by name. */
export async function listGroups({ db }: Deps): Promise<Group[]> {
  const rows = await listGroupRows(db);
  const members = await listGroupMembers(db);
  const uses = await listPoliciesNamingGroups(db, rows.map(({ name }) => name));
  return rows.map((row) => toGroup(row, members.filter((member) => member.group_id === row.id), uses.filter(({ group }) => group === row.name).map(({ policy }) => policy)));
}

async function readGroup(trx: Transaction<Database>, row: GroupRow): Promise<{ group: Group; members: GroupMember[] }> {
  const members = await listGroupMembers(trx, row.id);
  const uses = await listPoliciesNamingGroups(trx, [row.name]);
  return { group: toGroup(row, members, uses.map(({ policy }) => policy)), members };
}

async function requirePeople(trx: Transaction<Database>, ids: readonly string[]): Promise<void> {
  const known = new Set((await listUsersByIds(trx, ids)).map(({ id }) => id));
  const missing = ids.findIndex((id) => !known.has(id));
  if (missing >= 0) refuseField(`member_ids.${missing}`, 'There is no such person.');
}

/** Adds a group. Throws GROUP_NAME_TAKEN and VALIDATION_FAILED. */
export async function createGroup({ db }: Deps, { body, actor }: { body: CreateGroupBody; actor: Actor }): Promise<Group> {
  return db.transaction().execute(async (trx) => {
    await requirePeople(trx, body.member_ids);
    const row = await insertGroup(trx, { id: newId(), name: body.name, description: body.description });
    if (row === undefined) throw new AppError('GROUP_NAME_TAKEN', undefined, { details: { issues: [{ path: 'name', message: 'Another group already has this name.' }] } });
    await replaceGroupMembers(trx, row.id, body.member_ids);
    const { group, members } = await readGroup(trx, row);
    await insertAuditEntry(trx, { ...toAuditActor(actor), action: 'group.create', objectType: 'approver_group', objectId: row.id, after: auditedFields(row, members) });
    return group;
  });
}

/** Changes a group's description and members; what members have approved counts only while they are members. Throws GROUP_NOT_FOUND, GROUP_CHANGED and VALIDATION_FAILED. */
export async function updateGroup({ db }: Deps, { groupId, body, actor }: { groupId: string; body: UpdateGroupBody; actor: Actor }): Promise<Group> {
  return db.transaction().execute(async (trx) => {
    const before = await lockGroup(trx, groupId);
    if (before === undefined) throw new AppError('GROUP_NOT_FOUND', `group ${groupId}`);
    if (before.version !== body.version) throw new AppError('GROUP_CHANGED', undefined, { details: { version: before.version } });
    const membersBefore = await listGroupMembers(trx, groupId);
    if (body.member_ids !== undefined) {
      await requirePeople(trx, body.member_ids);
      await replaceGroupMembers(trx, groupId, body.member_ids);
    }
    const row = await updateGroupRow(trx, groupId, { description: body.description });
    const { group, members } = await readGroup(trx, row);
    await insertAuditEntry(trx, { ...toAuditActor(actor), action: 'group.update', objectType: 'approver_group', objectId: groupId, before: auditedFields(before, membersBefore), after: auditedFields(row, members) });
    return group;
  });
}

/**
 * Deletes a group. One that live policies name needs its name typed in, since nobody may then decide what they ask of it. Throws
 * GROUP_NOT_FOUND and GROUP_IN_USE (with the policies).
 */
export async function deleteGroup({ db }: Deps, { groupId, confirmName, actor }: { groupId: string; confirmName: string | undefined; actor: Actor }): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const row = await lockGroup(trx, groupId);
    if (row === undefined) throw new AppError('GROUP_NOT_FOUND', `group ${groupId}`);
    const { group, members } = await readGroup(trx, row);
    if (group.used_by_policies.length > 0 && confirmName !== row.name) {
      throw new AppError('GROUP_IN_USE', `${group.used_by_policies.join(', ')} ${group.used_by_policies.length === 1 ? 'names' : 'name'} this group. Give its name to delete it all the same.`, { details: { policies: group.used_by_policies } });
    }
    await deleteGroupRow(trx, groupId);
    await insertAuditEntry(trx, { ...toAuditActor(actor), action: 'group.delete', objectType: 'approver_group', objectId: groupId, before: auditedFields(row, members) });
  });
}
