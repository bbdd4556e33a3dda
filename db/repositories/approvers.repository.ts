import { type Kysely, sql } from 'kysely';
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

/** The same with their groups and the ids of whoever they stand in for at a moment: one look, so that all of it was true together. */
export async function listApproversAt(db: Kysely<Database>, roles: readonly Role[], at: Date): Promise<(ApproverRow & { groups: string[]; absent_ids: string[] })[]> {
  return db
    .selectFrom('users')
    .select([
      'id', 'email', 'name', 'role',
      sql<string[]>`array(select approver_groups.name from approver_group_members join approver_groups on approver_groups.id = approver_group_members.group_id where approver_group_members.user_id = users.id)`.as('groups'),
      sql<string[]>`array(
        select delegations.from_user_id from delegations
        where delegations.to_user_id = users.id and delegations.revoked_at is null and delegations.starts_at <= ${at} and delegations.ends_at > ${at}
        order by delegations.created_at, delegations.id
      )`.as('absent_ids'),
    ])
    .where('role', 'in', roles)
    .where('is_disabled', '=', false)
    .orderBy('name')
    .orderBy('id')
    .execute();
}
