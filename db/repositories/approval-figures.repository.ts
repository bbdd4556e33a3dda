import { type Kysely, sql } from 'kysely';
import type { RiskLevel } from '../../contracts/tools.ts';
import type { Database } from '../database.ts';

/** Pending requests by tool, agent and risk. */
export async function countPendingGroups(db: Kysely<Database>): Promise<{ tool_name: string; agent_id: string; agent_name: string; risk_level: RiskLevel; count: number; oldest: Date }[]> {
  return db
    .selectFrom('hitl_requests')
    .innerJoin('agents', 'agents.id', 'hitl_requests.agent_id')
    .select((eb) => ['hitl_requests.tool_name', 'hitl_requests.agent_id', 'agents.name as agent_name', 'hitl_requests.risk_level', eb.fn.countAll<number>().as('count'), eb.fn.min('hitl_requests.requested_at').as('oldest')])
    .where('hitl_requests.status', '=', 'pending')
    .groupBy(['hitl_requests.tool_name', 'hitl_requests.agent_id', 'agents.name', 'hitl_requests.risk_level'])
    .execute();
}

/** What was decided since a moment: by people and how fast, and how much expired. */
export async function readDecisionTimes(db: Kysely<Database>, since: Date): Promise<{ decided: number; expired: number; median_ms: number | null; p95_ms: number | null }> {
  const byPeople = sql<boolean>`hitl_decisions.door in ('api', 'bulk', 'temporal_signal')`;
  const percentile = (share: number) => sql<number | null>`(percentile_cont(${sql.lit(share)}) within group (order by extract(epoch from hitl_decisions.decided_at - hitl_requests.requested_at) * 1000) filter (where ${byPeople}))::float8`;
  return db
    .selectFrom('hitl_decisions')
    .innerJoin('hitl_requests', 'hitl_requests.id', 'hitl_decisions.request_id')
    .select((eb) => [
      eb.fn.countAll<number>().filterWhere(byPeople).as('decided'),
      eb.fn.countAll<number>().filterWhere('hitl_decisions.verdict', '=', 'expire').as('expired'),
      percentile(0.5).as('median_ms'),
      percentile(0.95).as('p95_ms'),
    ])
    .where('hitl_decisions.decided_at', '>=', since)
    .executeTakeFirstOrThrow();
}
