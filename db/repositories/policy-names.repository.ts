import { type Kysely, sql } from 'kysely';
import type { Role } from '../../contracts/permissions.ts';
import type { Database } from '../database.ts';

const isUuid = (text: string): boolean => /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text);

/** Which of these are ids of agents that are not deleted. */
export async function findAgentIds(db: Kysely<Database>, ids: readonly string[]): Promise<Set<string>> {
  const possible = ids.filter(isUuid);
  if (possible.length === 0) return new Set();
  const rows = await db.selectFrom('agents').select('id').where('id', 'in', possible).where('deleted_at', 'is', null).execute();
  return new Set(rows.map(({ id }) => id));
}

/** Which of these are tags of an agent that is not deleted. */
export async function findAgentTags(db: Kysely<Database>, tags: readonly string[]): Promise<Set<string>> {
  if (tags.length === 0) return new Set();
  const { rows } = await sql<{ tag: string }>`
    select distinct tag from agents a join agent_versions v on v.agent_id = a.id and v.version = a.current_version
    cross join lateral jsonb_array_elements_text(coalesce(v.definition -> 'tags', '[]')) as tag
    where a.deleted_at is null and tag = any(${tags})`.execute(db);
  return new Set(rows.map(({ tag }) => tag));
}

/** How many members of each of these groups may decide; a group that does not exist is not among them. */
export async function countGroupDeciders(db: Kysely<Database>, names: readonly string[], roles: readonly Role[]): Promise<Map<string, number>> {
  if (names.length === 0) return new Map();
  const rows = await db
    .selectFrom('approver_groups')
    .leftJoin('approver_group_members', 'approver_group_members.group_id', 'approver_groups.id')
    .leftJoin('users', 'users.id', 'approver_group_members.user_id')
    .select((eb) => ['approver_groups.name', eb.fn.count<number>('users.id').filterWhere('users.role', 'in', roles).filterWhere('users.is_disabled', '=', false).as('deciders')])
    .where('approver_groups.name', 'in', names)
    .groupBy('approver_groups.name')
    .execute();
  return new Map(rows.map(({ name, deciders }) => [name, deciders]));
}

/** How many people of these roles may decide who are of one of `approvers` (`role:…`, `group:…`, `user:…`; empty: whoever they are). */
export async function countDeciders(db: Kysely<Database>, approvers: readonly string[], roles: readonly Role[]): Promise<number> {
  const of = (kind: string): string[] => approvers.filter((approver) => approver.startsWith(`${kind}:`)).map((approver) => approver.slice(kind.length + 1).toLowerCase());
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from users where not is_disabled and role = any(${roles}) and (
      ${approvers.length === 0} or role = any(${of('role')}) or lower(email) = any(${of('user')}) or id::text = any(${of('user')})
      or exists (select from approver_group_members m join approver_groups g on g.id = m.group_id where m.user_id = users.id and g.name = any(${of('group')})))`.execute(db);
  return rows[0]?.count ?? 0;
}

/** The people of these e-mail addresses (whatever their case) or ids, by what they were asked for. */
export async function findPeopleNamed(db: Kysely<Database>, keys: readonly string[]): Promise<Map<string, { role: Role; is_disabled: boolean }>> {
  if (keys.length === 0) return new Map();
  const rows = await db
    .selectFrom('users')
    .select(['id', 'email', 'role', 'is_disabled'])
    .where((eb) => eb.or([eb(sql<string>`lower(email)`, 'in', keys.map((key) => key.toLowerCase())), eb(sql<string>`users.id::text`, 'in', keys.map((key) => key.toLowerCase()))]))
    .execute();
  return new Map(keys.flatMap((key) => {
    const person = rows.find(({ id, email }) => id === key.toLowerCase() || email.toLowerCase() === key.toLowerCase());
    return person === undefined ? [] : [[key, { role: person.role, is_disabled: person.is_disabled }]];
  }));
}

/** The texts of the live policies, by name. */
export async function listLivePolicyTexts(db: Kysely<Database>): Promise<{ name: string; cedar: string }[]> {
  return db
    .selectFrom('policies')
    .innerJoin('policy_versions', (join) => join.onRef('policy_versions.policy_id', '=', 'policies.id').onRef('policy_versions.version', '=', 'policies.live_version'))
    .select(['policies.name', 'policy_versions.cedar'])
    .orderBy('policies.name')
    .execute();
}

/** Names of the MCP servers there are. */
export async function listMcpServerNames(db: Kysely<Database>): Promise<Set<string>> {
  return new Set((await db.selectFrom('mcp_servers').select('name').execute()).map(({ name }) => name));
}

/** Names of the data sources an admin made. */
export async function listDataSourceNames(db: Kysely<Database>): Promise<Set<string>> {
  return new Set((await db.selectFrom('data_sources').select('name').execute()).map(({ name }) => name));
}
