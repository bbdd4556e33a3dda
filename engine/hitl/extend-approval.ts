import { AppError } from '../../contracts/errors.ts';
import { findApprovalRequest, updateRequestTimes } from '../../db/repositories/approvals.repository.ts';
import { insertAuditEntry } from '../../db/repositories/audit.repository.ts';
import { type Actor, toAuditActor } from '../governance/actor.ts';
import { notEligible, standingOf } from './rules/eligibility.ts';
import { holdRequest, requireOngoing, requireOpen, requireUnchanged, requireUnexpired } from './settling/hold-request.ts';
import type { Seen, SettleDeps } from './settling/settlement.ts';
import { tellOfChange } from './tell-of-request.ts';
import { extendableUntil } from './rules/terms.ts';

/** Each extension wakes the run, which takes 10,000 signals and no more. */
const leastExtensionMs = 60_000;

/**
 * Lets an open request wait longer, as far as its terms allow; only for people who may decide it. Throws APPROVAL_NOT_FOUND,
 * APPROVAL_ALREADY_DECIDED, RUN_ENDED, APPROVAL_STALE, APPROVAL_NOT_ELIGIBLE and APPROVAL_NOT_EXTENDABLE (with `details.earliest`
 * and `details.extendable_until`: a minute is the least). Telling the run is the caller's next step.
 */
export async function extendApproval(deps: Pick<SettleDeps, 'db' | 'notifier'>, { requestId, actor, expiresAt, seen }: { requestId: string; actor: Actor & { userId: string }; expiresAt: Date; seen: Seen }): Promise<{ runId: string }> {
  const known = await findApprovalRequest(deps.db, requestId);
  if (known === undefined) throw new AppError('APPROVAL_NOT_FOUND', `approval request ${requestId}`);
  await deps.db.transaction().execute(async (trx) => {
    const { run, request, electorate, ballot } = await holdRequest(trx, known);
    await requireOpen(trx, request);
    requireOngoing(run);
    requireUnchanged(request, seen);
    requireUnexpired(request);
    if (!standingOf(electorate, ballot, actor.userId).isEligible) throw notEligible(ballot);
    if (request.expires_at === null) throw new AppError('APPROVAL_NOT_EXTENDABLE', 'The request waits without a limit already.');
    const until = extendableUntil(request);
    if (until === undefined) throw new AppError('APPROVAL_NOT_EXTENDABLE', undefined, { details: { extendable_until: null } });
    // The last step may be shorter: what the terms allow can always be used up.
    const earliest = new Date(Math.min(request.expires_at.getTime() + leastExtensionMs, until.getTime()));
    if (expiresAt > until || expiresAt < earliest) {
      throw new AppError('APPROVAL_NOT_EXTENDABLE', `An extension is a minute or more: the expiry can be moved to ${earliest.toISOString()} at the earliest, and no further than ${until.toISOString()}.`, {
        details: { expires_at: request.expires_at.toISOString(), earliest: earliest.toISOString(), extendable_until: until.toISOString() },
      });
    }
    await updateRequestTimes(trx, request.id, { expiresAt });
    await tellOfChange(trx, 'extended', request, electorate, ballot, actor.userId);
    await insertAuditEntry(trx, {
      ...toAuditActor(actor), action: 'approval.extend', objectType: 'approval_request', objectId: request.id,
      before: { expires_at: request.expires_at.toISOString() }, after: { expires_at: expiresAt.toISOString() },
    });
  });
  await deps.notifier.wake();
  return { runId: known.run_id };
}
