import { AppError } from '../../contracts/errors.ts';
import { findApprovalRequest, updateRequestTimes } from '../../db/repositories/approvals.repository.ts';
import { insertAuditEntry } from '../../db/repositories/audit.repository.ts';
import { type Actor, toAuditActor } from '../governance/actor.ts';
import { notEligible, standingOf } from './rules/eligibility.ts';
import { holdRequest, requireOpen, requireUnchanged, requireUnexpired } from './settling/hold-request.ts';
import type { Seen, SettleDeps } from './settling/settlement.ts';
import { tellOfChange } from './tell-of-request.ts';
import { extendableUntil } from './rules/terms.ts';

/**
 * Lets an open request wait longer, as far as its terms allow; only for people who may decide it. Throws APPROVAL_NOT_FOUND,
 * APPROVAL_ALREADY_DECIDED, APPROVAL_STALE, APPROVAL_NOT_ELIGIBLE and APPROVAL_NOT_EXTENDABLE (with `details.extendable_until`).
 * Telling the run is the caller's next step.
 */
export async function extendApproval(deps: Pick<SettleDeps, 'db' | 'notifier'>, { requestId, actor, expiresAt, seen }: { requestId: string; actor: Actor & { userId: string }; expiresAt: Date; seen: Seen }): Promise<{ runId: string }> {
  const known = await findApprovalRequest(deps.db, requestId);
  if (known === undefined) throw new AppError('APPROVAL_NOT_FOUND', `approval request ${requestId}`);
  await deps.db.transaction().execute(async (trx) => {
    const { request, electorate, ballot } = await holdRequest(trx, known);
    await requireOpen(trx, request);
    requireUnchanged(request, seen);
    requireUnexpired(request);
    if (!standingOf(electorate, ballot, actor.userId).isEligible) throw notEligible(ballot);
    if (request.expires_at === null) throw new AppError('APPROVAL_NOT_EXTENDABLE', 'The request waits without a limit already.');
    const until = extendableUntil(request);
    if (until === undefined) throw new AppError('APPROVAL_NOT_EXTENDABLE', undefined, { details: { extendable_until: null } });
    if (expiresAt > until || expiresAt <= request.expires_at) {
      throw new AppError('APPROVAL_NOT_EXTENDABLE', `The expiry can be moved to later than ${request.expires_at.toISOString()}, and no further than ${until.toISOString()}.`, { details: { expires_at: request.expires_at.toISOString(), extendable_until: until.toISOString() } });
    }
    await updateRequestTimes(trx, request.id, { expiresAt });
    await tellOfChange(trx, 'extended', request, electorate, ballot);
    await insertAuditEntry(trx, {
      ...toAuditActor(actor), action: 'approval.extend', objectType: 'approval_request', objectId: request.id,
      before: { expires_at: request.expires_at.toISOString() }, after: { expires_at: expiresAt.toISOString() },
    });
  });
  await deps.notifier.wake();
  return { runId: known.run_id };
}
