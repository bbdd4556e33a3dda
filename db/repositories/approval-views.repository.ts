import { type Kysely, sql } from 'kysely';
import type { ApprovalStatus } from '../../contracts/approvals.ts';
import type { RiskLevel, ToolName } from '../../contracts/tools.ts';
import type { Database } from '../database.ts';
import { microsecondText } from '../microsecond-text.ts';
import { ballotColumns, ballotKey } from './ballots.repository.ts';

/** Order of a list: what is nearest to its expiry first (what never expires last), or the newest first. */
export type ApprovalOrder = 'expiry' | 'newest';

/** Where a request stands in a list of that order. */
export interface ApprovalPosition {
  order: ApprovalOrder;
  at: string;
  id: string;
}

/** Later than any expiry, and a value a cursor can carry. */
const never = '9999-12-31T00:00:00.000000Z';
const expiryOrNever = sql`coalesce(hitl_requests.expires_at, ${never}::timestamptz)`;

const requestsOfRuns = (db: Kysely<Database>) => db.selectFrom('hitl_requests').innerJoin('runs', 'runs.id', 'hitl_requests.run_id');

const positionColumns = [
  'hitl_requests.id',
  microsecondText('hitl_requests.requested_at').as('requested_at_text'),
  sql<string>`to_char(${expiryOrNever} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`.as('expiry_text'),
] as const;

const approvalView = (requests: ReturnType<typeof requestsOfRuns>) =>
  requests
    .innerJoin('agent_versions', (join) => join.onRef('agent_versions.agent_id', '=', 'runs.agent_id').onRef('agent_versions.version', '=', 'runs.agent_version'))
    .innerJoin('tool_calls', 'tool_calls.id', 'hitl_requests.tool_call_id')
    .leftJoin('messages', (join) => join.onRef('messages.run_id', '=', 'hitl_requests.run_id').onRef('messages.iteration', '=', 'tool_calls.iteration').on('messages.source', '=', 'model'))
    .leftJoin('users', 'users.id', 'runs.started_by')
    .leftJoin('hitl_decisions', 'hitl_decisions.request_id', 'hitl_requests.id')
    .select([
      ...positionColumns, 'hitl_requests.run_id', 'hitl_requests.agent_id', 'hitl_requests.kind', 'hitl_requests.status', 'hitl_requests.tool_name', 'hitl_requests.tool_call_id',
      'hitl_requests.arguments', 'hitl_requests.arguments_hash', 'hitl_requests.version', 'hitl_requests.effect_sentence', 'hitl_requests.risk_level', 'hitl_requests.reason',
      'hitl_requests.matched_rules', 'hitl_requests.policy_version', 'hitl_requests.facts', 'hitl_requests.requested_at', 'hitl_requests.expires_at', 'hitl_requests.forbids_self_approval',
      'hitl_requests.terms', 'hitl_requests.original_arguments', 'hitl_requests.drift_reason', 'hitl_requests.escalation_level',
      'agent_versions.name as agent_name', 'tool_calls.iteration', 'runs.goal', 'runs.started_by as started_by_id', 'users.name as started_by_name', 'messages.text as said', 'messages.thought',
      'hitl_decisions.verdict', 'hitl_decisions.door', 'hitl_decisions.actor_id', 'hitl_decisions.actor_name', 'hitl_decisions.decided_at', 'hitl_decisions.note', 'hitl_decisions.edited_arguments', 'hitl_decisions.taken_up_at', 'hitl_decisions.result',
    ]);

/** A request with everything a person needs to decide on it, and its decision. */
export type ApprovalView = Awaited<ReturnType<ReturnType<typeof approvalView>['executeTakeFirstOrThrow']>>;

export const positionOf = (view: Pick<ApprovalView, 'id' | 'requested_at_text' | 'expiry_text'>, order: ApprovalOrder): ApprovalPosition => ({ order, at: order === 'expiry' ? view.expiry_text : view.requested_at_text, id: view.id });

export async function findApprovalView(db: Kysely<Database>, requestId: string): Promise<ApprovalView | undefined> {
  return approvalView(requestsOfRuns(db)).where('hitl_requests.id', '=', requestId).executeTakeFirst();
}

/** Which requests a list is of, in which order, from where on. */
export interface ApprovalListing {
  statuses?: readonly ApprovalStatus[] | undefined;
  runId?: string | undefined;
  agentId?: string | undefined;
  toolName?: ToolName | undefined;
  riskLevel?: RiskLevel | undefined;
  /** Only those with one of these {@link ballotKey}s. */
  ballots?: readonly string[] | undefined;
  /** Only these. */
  ids?: readonly string[] | undefined;
  order: ApprovalOrder;
  after?: ApprovalPosition | undefined;
  limit: number;
}

function listed(db: Kysely<Database>, options: ApprovalListing) {
  let query = requestsOfRuns(db).limit(options.limit);
  const { after } = options;
  if (options.order === 'expiry') {
    query = query.orderBy(expiryOrNever, 'asc').orderBy('hitl_requests.id', 'asc');
    if (after !== undefined) query = query.where(sql<boolean>`(${expiryOrNever}, hitl_requests.id) > (${after.at}::timestamptz, ${after.id}::uuid)`);
  } else {
    query = query.orderBy('hitl_requests.requested_at', 'desc').orderBy('hitl_requests.id', 'desc');
    if (after !== undefined) query = query.where(sql<boolean>`(hitl_requests.requested_at, hitl_requests.id) < (${after.at}::timestamptz, ${after.id}::uuid)`);
  }
  if (options.statuses !== undefined) query = query.where('hitl_requests.status', 'in', options.statuses);
  if (options.runId !== undefined) query = query.where('hitl_requests.run_id', '=', options.runId);
  if (options.agentId !== undefined) query = query.where('hitl_requests.agent_id', '=', options.agentId);
  if (options.toolName !== undefined) query = query.where('hitl_requests.tool_name', '=', options.toolName);
  if (options.riskLevel !== undefined) query = query.where('hitl_requests.risk_level', '=', options.riskLevel);
  if (options.ballots !== undefined) query = query.where(ballotKey, '=', sql<string>`any(${[...options.ballots]}::text[])`);
  if (options.ids !== undefined) query = query.where('hitl_requests.id', '=', sql<string>`any(${[...options.ids]}::uuid[])`);
  return query;
}

export async function listApprovalViews(db: Kysely<Database>, listing: ApprovalListing): Promise<ApprovalView[]> {
  return approvalView(listed(db, listing)).execute();
}

/** The same list as what decides who may decide, without what people read: for a choice among many. */
export async function listApprovalBallots(db: Kysely<Database>, listing: ApprovalListing) {
  return listed(db, listing).select([...positionColumns, ...ballotColumns]).execute();
}
