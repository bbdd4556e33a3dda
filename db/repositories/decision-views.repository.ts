import { type Kysely, type Selectable, sql } from 'kysely';
import type { PolicyEffect } from '../../contracts/approvals.ts';
import type { Database } from '../database.ts';
import { microsecondText } from '../microsecond-text.ts';
import type { SafetyChecksTable } from '../tables/safety.table.ts';

/** A verdict of the ledger with the name of the agent it was about. */
export type DecisionView = Pick<Selectable<SafetyChecksTable>, 'id' | 'run_id' | 'tool_call_id' | 'agent_id' | 'tool_name' | 'risk_level' | 'verdict' | 'reason' | 'matched_rules' | 'policy_version' | 'facts' | 'problems' | 'created_at'> & {
  agent_name: string | null;
  /** Its time as the next page begins after it. */
  position_at: string;
}

export interface DecisionFilter {
  agentId?: string | undefined;
  toolName?: string | undefined;
  verdict?: PolicyEffect | undefined;
  /** A policy that decided. */
  policyId?: string | undefined;
  from?: string | undefined;
  /** Up to, but not including. */
  to?: string | undefined;
}

/** Verdicts newest first. */
export async function listDecisionViews(db: Kysely<Database>, { after, limit, ...filter }: DecisionFilter & { after?: { at: string; id: string } | undefined; limit: number }): Promise<DecisionView[]> {
  let query = db
    .selectFrom('safety_checks')
    .leftJoin('agents', 'agents.id', 'safety_checks.agent_id')
    .select([
      'safety_checks.id', 'safety_checks.run_id', 'safety_checks.tool_call_id', 'safety_checks.agent_id', 'safety_checks.tool_name', 'safety_checks.risk_level', 'safety_checks.verdict', 'safety_checks.reason',
      'safety_checks.matched_rules', 'safety_checks.policy_version', 'safety_checks.facts', 'safety_checks.problems', 'safety_checks.created_at', 'agents.name as agent_name',
      microsecondText('safety_checks.created_at').as('position_at'),
    ])
    .orderBy('safety_checks.created_at', 'desc')
    .orderBy('safety_checks.id', 'desc')
    .limit(limit);
  if (filter.agentId !== undefined) query = query.where('safety_checks.agent_id', '=', filter.agentId);
  if (filter.toolName !== undefined) query = query.where('safety_checks.tool_name', '=', filter.toolName);
  if (filter.verdict !== undefined) query = query.where('safety_checks.verdict', '=', filter.verdict);
  if (filter.policyId !== undefined) query = query.where(sql<boolean>`safety_checks.matched_rules @> ${JSON.stringify([{ id: filter.policyId }])}::jsonb`);
  if (filter.from !== undefined) query = query.where('safety_checks.created_at', '>=', new Date(filter.from));
  if (filter.to !== undefined) query = query.where('safety_checks.created_at', '<', new Date(filter.to));
  if (after !== undefined) query = query.where(sql<boolean>`(safety_checks.created_at, safety_checks.id) < (${after.at}::timestamptz, ${after.id}::uuid)`);
  return query.execute();
}
