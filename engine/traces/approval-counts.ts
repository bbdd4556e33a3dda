import type { Kysely } from 'kysely';
import type { ApprovalCounts } from '../../contracts/approvals.ts';
import type { RiskLevel } from '../../contracts/tools.ts';
import type { Database } from '../../db/database.ts';
import { countPendingGroups, readDecisionTimes } from '../../db/repositories/approval-figures.repository.ts';
import { loadElectorate } from '../hitl/index.ts';
import { listPendingBallotsOfReader } from './approvals-of-reader.ts';

const dayMs = 24 * 3_600_000;

/** How many requests wait, which of them concern the reader, how long they wait, and how fast people decided in the last 24 hours. */
export async function countApprovals({ db }: { db: Kysely<Database> }, { userId }: { userId: string }): Promise<ApprovalCounts> {
  const [groups, own, times] = await Promise.all([
    countPendingGroups(db),
    loadElectorate(db).then((electorate) => listPendingBallotsOfReader(db, { electorate, userId })),
    readDecisionTimes(db, new Date(Date.now() - dayMs)),
  ]);
  const byRisk: Record<RiskLevel, number> = { LOW: 0, MEDIUM: 0, HIGH: 0, CRITICAL: 0 };
  const byTool = new Map<string, number>();
  const byAgent = new Map<string, { agent_id: string; agent_name: string; count: number }>();
  for (const { tool_name: toolName, agent_id: agentId, agent_name: agentName, risk_level: riskLevel, count } of groups) {
    byRisk[riskLevel] += count;
    byTool.set(toolName, (byTool.get(toolName) ?? 0) + count);
    byAgent.set(agentId, { agent_id: agentId, agent_name: agentName, count: (byAgent.get(agentId)?.count ?? 0) + count });
  }
  const oldest = groups.map((group) => group.oldest.getTime());
  return {
    pending: groups.reduce((total, { count }) => total + count, 0),
    mine: own.reduce((total, { count }) => total + count, 0),
    by_risk: byRisk,
    by_tool: [...byTool].map(([tool_name, count]) => ({ tool_name, count })).toSorted((left, right) => right.count - left.count || left.tool_name.localeCompare(right.tool_name)),
    by_agent: [...byAgent.values()].toSorted((left, right) => right.count - left.count || left.agent_name.localeCompare(right.agent_name)),
    oldest_requested_at: oldest.length === 0 ? null : new Date(Math.min(...oldest)).toISOString(),
    decided_24h: times.decided,
    expired_24h: times.expired,
    median_time_to_decide_ms: times.median_ms,
    p95_time_to_decide_ms: times.p95_ms,
  };
}
