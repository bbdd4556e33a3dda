import type { Transaction } from 'kysely';
import type { ApprovalKind, DecisionVerdict } from '../../../contracts/approvals.ts';
import { AppError } from '../../../contracts/errors.ts';
import type { Database } from '../../../db/database.ts';
import { chooseSeat, isOpenToAll, notEligible, standingOf } from '../rules/eligibility.ts';
import { requireOngoing, requireOpen, requireUnchanged, requireUnexpired } from './hold-request.ts';
import { type HeldRequest, type Settlement, toVote } from './settlement.ts';

/** What people may say to each kind of request. */
const verdictsOf: Record<ApprovalKind, readonly DecisionVerdict[]> = {
  tool_call: ['approve', 'reject', 'provide_result'],
  question: ['answer', 'reject'],
  outcome_unknown: ['approve', 'reject', 'confirm_happened'],
};

const kindWords: Record<ApprovalKind, string> = { tool_call: 'A call is approved, rejected or done by hand.', question: 'A question is answered or rejected.', outcome_unknown: 'A call with an unknown outcome is done again, confirmed or given up.' };

function requireFittingVerdict({ request }: HeldRequest, { verdict, editedArguments }: Settlement): void {
  if (!verdictsOf[request.kind].includes(verdict)) throw new AppError('APPROVAL_KIND_MISMATCH', kindWords[request.kind], { details: { kind: request.kind, verdict } });
  if (editedArguments !== undefined && request.kind === 'outcome_unknown') {
    throw new AppError('APPROVAL_EDIT_INVALID', 'A call that may have happened already can only be done again as it was.', { details: { issues: [] } });
  }
}

/** A signal of the Temporal side names nobody who was authenticated: it may say no, and yes only where anybody may. */
function requireSignalMay({ ballot }: HeldRequest, { verdict }: Settlement): void {
  if (verdict === 'reject' || isOpenToAll(ballot)) return;
  if (ballot.terms.forbids_self_approval) throw new AppError('APPROVAL_SELF_FORBIDDEN', 'Nobody knows who sent a Temporal signal, and whoever started the run may not approve it.');
  throw notEligible(ballot);
}

/** Whose seat a decision takes: null for a person's own, and for decisions nobody of this system makes. */
export type Seat = { onBehalfOf: string | null };

/**
 * Checks under the locks that a decision may be made: the request is open, of a run that goes on, and as the decider saw it, the verdict
 * fits its kind, and the terms let them decide. A yes, and whatever else makes the run go on, is kept from whoever started the run where
 * the terms say so; a no is not.
 */
export async function checkDecidable(trx: Transaction<Database>, held: HeldRequest, settlement: Settlement): Promise<Seat> {
  const { run, request, ballot, electorate, votes } = held;
  const { door, verdict, actor } = settlement;
  await requireOpen(trx, request);
  requireOngoing(run);
  if (door === 'expiry') {
    // It may have been extended since somebody looked.
    if (request.expires_at === null || request.expires_at.getTime() > Date.now()) throw new AppError('APPROVAL_STALE', 'The request has not expired.');
    return { onBehalfOf: null };
  }
  // An edit names what is to run; a plain yes runs what somebody else made of it.
  const isPlainYes = verdict === 'approve' && settlement.editedArguments === undefined;
  requireUnchanged(request, settlement.seen, { mustBeNamed: isPlainYes && actor.userId !== null });
  requireFittingVerdict(held, settlement);
  requireUnexpired(request);
  if (actor.userId === null) {
    requireSignalMay(held, settlement);
    return { onBehalfOf: null };
  }
  if (verdict === 'reject') {
    const standing = standingOf(electorate, ballot, actor.userId);
    if (!standing.isEligible) throw notEligible(ballot);
    return { onBehalfOf: standing.onBehalfOf?.id ?? null };
  }
  // An edit voids the yeses there are, and what is said of facts does not add to them: only a plain yes is kept from repeating itself.
  return { onBehalfOf: chooseSeat(electorate, ballot, isPlainYes ? votes.map(toVote) : [], actor.userId).onBehalfOf };
}
