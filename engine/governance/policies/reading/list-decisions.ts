import { z } from 'zod';
import type { Page } from '../../../../contracts/pagination.ts';
import type { ListDecisionsQuery, RecordedDecision } from '../../../../contracts/policies.ts';
import { type DecisionView, listDecisionViews } from '../../../../db/repositories/decision-views.repository.ts';
import { cursorTimeSchema, parsePageCursor } from '../../../../platform/page-cursor.ts';
import { toPage } from '../../../../platform/to-page.ts';
import type { PolicyDeps } from '../policy-deps.ts';

const cursorSchema = z.strictObject({ at: cursorTimeSchema, id: z.uuid() });

const toDecision = (view: DecisionView): RecordedDecision => ({
  id: view.id,
  at: view.created_at.toISOString(),
  run_id: view.run_id,
  tool_call_id: view.tool_call_id,
  agent_id: view.agent_id,
  agent_name: view.agent_name,
  tool_name: view.tool_name ?? '',
  risk_level: view.risk_level,
  verdict: view.verdict,
  reason: view.reason,
  matched_rules: view.matched_rules,
  policy_version: view.policy_version,
  facts: view.facts,
  problems: view.problems,
});

/** The decision ledger, newest first. Throws CURSOR_INVALID. */
export async function listDecisions({ db }: Pick<PolicyDeps, 'db'>, query: ListDecisionsQuery): Promise<Page<RecordedDecision>> {
  const rows = await listDecisionViews(db, {
    agentId: query.agent_id, toolName: query.tool_name, verdict: query.verdict, policyId: query.policy_id, from: query.from, to: query.to,
    after: parsePageCursor(cursorSchema, query.cursor), limit: query.limit + 1,
  });
  return toPage(rows, { limit: query.limit, keyOf: ({ position_at: at, id }) => ({ at, id }), toItem: toDecision });
}
