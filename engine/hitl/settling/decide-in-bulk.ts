import { type ApprovalStatus, type BulkDecisionBody, type BulkOutcome } from '../../../contracts/approvals.ts';
import { AppError, describeError } from '../../../contracts/errors.ts';
import { type ApprovalRequestRow, listRequestsByIds } from '../../../db/repositories/approvals.repository.ts';
import type { Actor } from '../../governance/actor.ts';
import { settleApproval } from './settle-approval.ts';
import type { SettleDeps } from './settlement.ts';

/** Requests approved together; more than a person reads are not. */
const maxApproved = 20;

const refuse = (message: string): never => {
  throw new AppError('APPROVAL_BULK_REFUSED', message);
};

const rulesOf = ({ matched_rules: rules }: ApprovalRequestRow): string => rules.map(({ id }) => id).toSorted().join(' ');

/** Only what is alike and harmless is approved unread: calls of one tool, asked for by one rule, LOW or MEDIUM, as the agent proposed them. */
function checkAlike(requests: readonly ApprovalRequestRow[], count: number): void {
  if (count > maxApproved) refuse(`At most ${maxApproved} requests are approved together; these are ${count}.`);
  const [first] = requests;
  if (first === undefined) return;
  if (requests.some(({ kind }) => kind !== 'tool_call')) refuse('Questions and calls with an unknown outcome are decided one by one.');
  if (requests.some(({ tool_name: name }) => name !== first.tool_name)) refuse('Only calls of one tool are approved together.');
  if (requests.some((request) => rulesOf(request) !== rulesOf(first))) refuse('Only calls that the same policies ask about are approved together.');
  if (requests.some(({ risk_level: risk }) => risk !== 'LOW' && risk !== 'MEDIUM')) refuse('HIGH and CRITICAL calls are approved one by one.');
  if (requests.some(({ original_arguments: original }) => original !== null)) refuse('Calls somebody has edited are approved one by one.');
}

/**
 * Decides several requests by the same rules as each alone; what one is refused for stops no other. Throws APPROVAL_BULK_REFUSED for
 * approvals that must be read one by one, before anything is decided. Waking the runs is the caller's next step.
 */
export async function decideInBulk(deps: SettleDeps, { body, actor }: { body: BulkDecisionBody; actor: Actor }): Promise<{ outcome: BulkOutcome; decided: { runId: string; requestId: string }[] }> {
  if (body.verdict === 'approve') checkAlike(await listRequestsByIds(deps.db, body.items.map(({ id }) => id)), body.items.length);
  const items: BulkOutcome['items'] = [];
  const decided: { runId: string; requestId: string }[] = [];
  for (const { id, version, arguments_hash: argumentsHash } of body.items) {
    try {
      const { runId, status } = await settleApproval(deps, { requestId: id, verdict: body.verdict, door: 'bulk', actor: { ...actor, source: actor.source ?? 'bulk' }, note: body.reason === '' ? undefined : body.reason, seen: { version, argumentsHash } });
      decided.push({ runId, requestId: id });
      items.push({ id, status: status satisfies ApprovalStatus, error: null });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      items.push({ id, status: null, error: { code: error.code, message: error.code === 'APPROVAL_NOT_FOUND' ? describeError(error.code).sentence : error.message } });
    }
  }
  return { outcome: { items }, decided };
}
