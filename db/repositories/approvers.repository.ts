import type { Kysely } from 'kysely';
import type { Role } from '../../contracts/permissions.ts';
import type { Database } from '../database.ts';

export interface ApproverRow {
  id: string;
  email: string;
  name: string;
  role: Role;
}

/** People of these roles who may sign in, by name. */
export async function listPeopleOfRoles(db: Kysely<Database>, roles: readonly Role[]): Promise<ApproverRow[]> {
  return db.selectFrom('users').select(['id', 'email', 'name', 'role']).where('role', 'in', roles).where('is_disabled', '=', false).orderBy('name').orderBy('id').execute();
}

/** Every membership of a group. */
export async function listMemberships(db: Kysely<Database>): Promise<{ user_id: string; group: string }[]> {
  return db
    .selectFrom('approver_group_members')
    .innerJoin('approver_groups', 'approver_groups.id', 'approver_group_members.group_id')
    .select(['approver_group_members.user_id', 'approver_groups.name as group'])
    .execute();
}
