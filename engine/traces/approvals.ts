import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { ApprovalDecision, ApprovalDetails, ApprovalRequest, ApprovalVote, ListApprovalsQuery } from '../../contracts/approvals.ts';
import { AppError } from '../../contracts/errors.ts';
import { isAllowed, type Role } from '../../contracts/permissions.ts';
import type { Page } from '../../contracts/pagination.ts';
import type { Database } from '../../db/database.ts';
import { type ApprovalListing, type ApprovalView, findApprovalView, listApprovalViews, positionOf } from '../../db/repositories/approval-views.repository.ts';
import { listVotesOfRequests, type NamedVote } from '../../db/repositories/votes.repository.ts';
import { cursorTimeSchema, parsePageCursor, toPageCursor } from '../../platform/page-cursor.ts';
import { toPage } from '../../platform/to-page.ts';
import {
  ballotOf, countVotes, type Electorate, escalatedApprovers, extendableUntil, loadElectorate, mayApprove, termsOf,
} from '../hitl/index.ts';
import { findApprovalContext } from './approval-context.ts';
import { isOfReader, listPendingBallotsOfReader, pickOfReader } from './approvals-of-reader.ts';

interface Deps {
  db: Kysely<Database>;
}

/** Who reads: what concerns them and what they may decide depends on it. */
interface Reader {
  userId: string;
  role: Role;
}

const cursorSchema = z.strictObject({ order: z.enum(['expiry', 'newest']), at: cursorTimeSchema, id: z.uuid() });

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
    result: (view.result ?? null) as ApprovalDecision['result'],
  };
}

/** The model's own words around a call: what it thought where it says so, else what it said. */
const reasoningOf = ({ thought, said }: ApprovalView): string | null => [thought, said].find((text) => text != null && text.trim() !== '') ?? null;

interface Surroundings {
  electorate: Electorate;
  votes: readonly NamedVote[];
  reader: Reader;
  now: Date;
}

/** What of a request depends on people: its yeses and what is missing, and where the reader stands. */
function toStanding(view: ApprovalView, { electorate, votes: all, reader, now }: Surroundings) {
  const ballot = ballotOf(view, { started_by: view.started_by_id });
  const votes = all.filter((vote) => vote.request_id === view.id);
  const isOpen = view.status === 'pending' && (view.expires_at === null || view.expires_at > now);
  const { counts, missing } = countVotes(electorate, ballot, votes.map((vote) => ({ userId: vote.user_id, onBehalfOf: vote.on_behalf_of })));
  const may = mayApprove(electorate, ballot, votes.map((vote) => ({ userId: vote.user_id, onBehalfOf: vote.on_behalf_of })), reader.userId);
  const closed = view.status === 'pending' ? 'It has expired.' : `It is ${view.status.replaceAll('_', ' ')}.`;
  const reason = !isOpen ? closed : !isAllowed(reader.role, 'approvals:decide') ? `The role ${reader.role} does not decide on requests.` : may.reason;
  return {
    votes: votes.map((vote, index): ApprovalVote => ({
      by: { user_id: vote.user_id, name: vote.user_name },
      on_behalf_of: vote.on_behalf_of === null ? null : { user_id: vote.on_behalf_of, name: vote.on_behalf_of_name ?? '' },
      at: vote.voted_at.toISOString(),
      note: vote.note,
      // What has been decided stands, whoever may still decide.
      counts: view.status === 'pending' ? counts[index] === true : true,
    })),
    votes_missing: view.status === 'pending' ? missing : missing.map(() => 0),
    concerns_me: isOfReader(electorate, ballot, reader.userId),
    can_decide: { is_allowed: reason === null, reason, on_behalf_of: reason !== null || may.onBehalfOf === null ? null : { user_id: may.onBehalfOf.id, name: may.onBehalfOf.name } },
  };
}

const toApproval = (view: ApprovalView, surroundings: Surroundings): ApprovalRequest => ({
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
  original_arguments: view.original_arguments as JsonObject | null,
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
  terms: termsOf(view),
  escalated_to: escalatedApprovers({ terms: termsOf(view), escalationLevel: view.escalation_level }),
  extendable_until: extendableUntil(view)?.toISOString() ?? null,
  drift_reason: view.drift_reason,
  forbids_self_approval: view.forbids_self_approval,
  requested_at: view.requested_at.toISOString(),
  expires_at: view.expires_at?.toISOString() ?? null,
  server_time: surroundings.now.toISOString(),
  decision: toDecision(view),
  ...toStanding(view, surroundings),
});

/** One approval request with what surrounds it, as this reader sees it. Throws APPROVAL_NOT_FOUND. */
export async function getApproval({ db }: Deps, requestId: string, reader: Reader): Promise<ApprovalDetails> {
  const view = await findApprovalView(db, requestId);
  if (view === undefined) throw new AppError('APPROVAL_NOT_FOUND', `approval request ${requestId}`);
  const [electorate, votes, context] = await Promise.all([loadElectorate(db), listVotesOfRequests(db, [view.id]), findApprovalContext(db, view)]);
  return { ...toApproval(view, { electorate, votes, reader, now: new Date() }), ...context };
}

/** Approval requests as this reader sees them: only pending ones by nearest expiry, any other choice newest first. Throws CURSOR_INVALID. */
export async function listApprovals({ db }: Deps, query: ListApprovalsQuery, reader: Reader): Promise<Page<ApprovalRequest>> {
  const statuses = query.status?.length === 0 ? undefined : query.status;
  const order = statuses !== undefined && statuses.every((status) => status === 'pending') ? 'expiry' : 'newest';
  const after = parsePageCursor(cursorSchema, query.cursor);
  if (after !== undefined && after.order !== order) throw new AppError('CURSOR_INVALID');
  const electorate = await loadElectorate(db);
  const listing: ApprovalListing = { statuses, runId: query.run_id, agentId: query.agent_id, toolName: query.tool_name, riskLevel: query.risk_level, order, after, limit: query.limit };
  const isMine = query.mine === true;
  // What waits is little, and what it is decided by less; what was decided grows without end.
  const picked = isMine && order === 'newest' ? await pickOfReader(db, { electorate, userId: reader.userId, listing }) : undefined;
  const ballots = isMine && order === 'expiry' ? (await listPendingBallotsOfReader(db, { electorate, userId: reader.userId })).map(({ key }) => key) : undefined;
  const views = await listApprovalViews(db, picked === undefined ? { ...listing, ballots, limit: query.limit + 1 } : { ids: picked.ids, order, limit: query.limit });
  const surroundings = { electorate, votes: await listVotesOfRequests(db, views.map((view) => view.id)), reader, now: new Date() };
  const page = toPage(views, { limit: query.limit, keyOf: (view) => positionOf(view, order), toItem: (view) => toApproval(view, surroundings) });
  return picked === undefined ? page : { ...page, next_cursor: picked.next === undefined ? null : toPageCursor(picked.next) };
}
