import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { ApprovalDecision, ApprovalDetails, ApprovalRequest, ListApprovalsQuery } from '../../contracts/approvals.ts';
import { AppError } from '../../contracts/errors.ts';
import type { Page } from '../../contracts/pagination.ts';
import type { Database } from '../../db/database.ts';
import { type ApprovalView, findApprovalView, listApprovalViews, positionOf } from '../../db/repositories/approval-views.repository.ts';
import { parsePageCursor, toPageCursor } from '../../platform/page-cursor.ts';

interface Deps {
  db: Kysely<Database>;
}

const cursorSchema = z.strictObject({ order: z.enum(['expiry', 'newest']), at: z.iso.datetime({ precision: 6 }), id: z.uuid() });

type JsonObject = ApprovalRequest['arguments'];

function toDecision(view: ApprovalView): ApprovalDecision | null {
  if (view.verdict === null || view.door === null || view.decided_at === null) return null;
  return {
    verdict: view.verdict,
    door: view.door,
    decided_by: { user_id: view.actor_id, name: view.actor_name ?? 'Maestro' },
    decided_at: view.decided_at.toISOString(),
    time_to_decide_ms: Math.max(0, view.decided_at.getTime() - view.requested_at.getTime()),
    note: view.note,
    edited_arguments: view.edited_arguments as JsonObject | null,
    taken_up_at: view.taken_up_at?.toISOString() ?? null,
    result: null,
  };
}

/** The model's own words around a call: what it thought where it says so, else what it said. */
const reasoningOf = ({ thought, said }: ApprovalView): string | null => [thought, said].find((text) => text != null && text.trim() !== '') ?? null;

const toApproval = (view: ApprovalView, now: Date): ApprovalRequest => ({
  id: view.id,
  run_id: view.run_id,
  agent_id: view.agent_id,
  agent_name: view.agent_name,
  kind: view.kind,
  status: view.status,
  tool_name: view.tool_name,
  tool_call_id: view.tool_call_id,
  iteration: view.iteration,
  arguments: view.arguments as JsonObject,
  arguments_hash: view.arguments_hash,
  version: view.version,
  effect_sentence: view.effect_sentence,
  risk_level: view.risk_level,
  reason: view.reason,
  matched_rules: view.matched_rules,
  policy_version: view.policy_version,
  facts: view.facts,
  goal: view.goal,
  agent_reasoning: reasoningOf(view),
  started_by: view.started_by_name,
  started_by_id: view.started_by_id,
  forbids_self_approval: view.forbids_self_approval,
  original_arguments: null,
  terms: { requirements: [], forbids_self_approval: view.forbids_self_approval, expires_after_seconds: null, extendable_to_seconds: null, reminder_after_seconds: null, escalations: [], editable_fields: null },
  votes: [],
  votes_missing: [1],
  escalated_to: [],
  extendable_until: null,
  drift_reason: null,
  concerns_me: false,
  can_decide: { is_allowed: true, reason: null, on_behalf_of: null },
  requested_at: view.requested_at.toISOString(),
  expires_at: view.expires_at?.toISOString() ?? null,
  server_time: now.toISOString(),
  decision: toDecision(view),
});

/** One approval request. Throws APPROVAL_NOT_FOUND. */
export async function getApproval({ db }: Deps, requestId: string): Promise<ApprovalDetails> {
  const view = await findApprovalView(db, requestId);
  if (view === undefined) throw new AppError('APPROVAL_NOT_FOUND', `approval request ${requestId}`);
  return {
    ...toApproval(view, new Date()), last_steps: [], similar: { asked_before: 0, approved: 0, rejected: 0, last: [] },
    budget: { cost_micro_usd: null, max_cost_micro_usd: null, tokens: 0, max_tokens: 0, iterations: 0, max_iterations: 0, deadline_at: new Date().toISOString() },
  };
}

/** Approval requests: only pending ones by nearest expiry, any other choice newest first. Throws CURSOR_INVALID. */
export async function listApprovals({ db }: Deps, query: ListApprovalsQuery): Promise<Page<ApprovalRequest>> {
  const statuses = query.status?.length === 0 ? undefined : query.status;
  const order = statuses !== undefined && statuses.every((status) => status === 'pending') ? 'expiry' : 'newest';
  const after = parsePageCursor(cursorSchema, query.cursor);
  if (after !== undefined && after.order !== order) throw new AppError('CURSOR_INVALID');
  const views = await listApprovalViews(db, {
    statuses, runId: query.run_id, agentId: query.agent_id, toolName: query.tool_name, riskLevel: query.risk_level, order, after, limit: query.limit + 1,
  });
  const page = views.slice(0, query.limit);
  const last = page.at(-1);
  const now = new Date();
  return {
    items: page.map((view) => toApproval(view, now)),
    next_cursor: views.length > query.limit && last !== undefined ? toPageCursor(positionOf(last, order)) : null,
  };
}
