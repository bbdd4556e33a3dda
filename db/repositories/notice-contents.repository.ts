import { type Kysely, sql } from 'kysely';
import type { Database } from '../database.ts';

/** What of these requests may be told to people and other systems: never their arguments, nor sentences made of them. */
export async function listToldRequests(db: Kysely<Database>, requestIds: readonly string[]) {
  return db
    .selectFrom('hitl_requests')
    .innerJoin('runs', 'runs.id', 'hitl_requests.run_id')
    .innerJoin('agent_versions', (join) => join.onRef('agent_versions.agent_id', '=', 'runs.agent_id').onRef('agent_versions.version', '=', 'runs.agent_version'))
    .select([
      'hitl_requests.id', 'hitl_requests.run_id', 'hitl_requests.agent_id', 'agent_versions.name as agent_name', 'hitl_requests.tool_name', 'hitl_requests.risk_level',
      'hitl_requests.status', 'hitl_requests.kind', 'hitl_requests.expires_at',
      // The hosts a call goes to, of tools that go to some.
      sql<unknown>`hitl_requests.facts -> 'host'`.as('host'), sql<unknown>`hitl_requests.facts -> 'recipient_domains'`.as('recipient_domains'),
    ])
    .where('hitl_requests.id', '=', sql<string>`any(${[...requestIds]}::uuid[])`)
    .execute();
}
export type ToldRequest = Awaited<ReturnType<typeof listToldRequests>>[number];

/** Where these people are written to. */
export async function listMailAddresses(db: Kysely<Database>, userIds: readonly string[]): Promise<{ id: string; email: string; is_disabled: boolean }[]> {
  return db.selectFrom('users').select(['id', 'email', 'is_disabled']).where('id', '=', sql<string>`any(${[...userIds]}::uuid[])`).execute();
}
