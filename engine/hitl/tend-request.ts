import { AppError } from '../../contracts/errors.ts';
import { findApprovalRequest, updateRequestTimes } from '../../db/repositories/approvals.repository.ts';
import { insertAuditEntry } from '../../db/repositories/audit.repository.ts';
import { systemActor, toAuditActor } from '../governance/actor.ts';
import { escalatedApprovers } from './rules/eligibility.ts';
import { holdRequest } from './settling/hold-request.ts';
import { settleApproval } from './settling/settle-approval.ts';
import type { SettleDeps } from './settling/settlement.ts';
import { tellOfChange } from './tell-of-request.ts';
import { ballotOf, timetableOf } from './rules/terms.ts';

/** Somebody else settled it first, or moved its expiry. */
const isOvertaken = (error: unknown): boolean => error instanceof AppError && (error.code === 'APPROVAL_ALREADY_DECIDED' || error.code === 'APPROVAL_STALE');

async function expire(deps: SettleDeps, requestId: string): Promise<void> {
  try {
    await settleApproval(deps, { requestId, verdict: 'expire', door: 'expiry', actor: systemActor, note: 'Nobody decided in time.' });
  } catch (error) {
    if (!isOvertaken(error)) throw error;
  }
}

/**
 * Does what the clock asks of an open request: expires it, else reminds of it and lets more people decide, each step once. Nothing
 * else keeps time: whoever calls this late does then what was due.
 */
export async function tendRequest(deps: SettleDeps, requestId: string): Promise<void> {
  const known = await findApprovalRequest(deps.db, requestId);
  if (known === undefined) throw new AppError('APPROVAL_NOT_FOUND', `approval request ${requestId}`);
  if (known.status !== 'pending') return;
  if (known.expires_at !== null && known.expires_at.getTime() <= Date.now()) return expire(deps, requestId);
  const isDue = (time: Date | undefined): boolean => time !== undefined && time.getTime() <= Date.now();
  const { reminderAt, escalationsAt } = timetableOf(known);
  if (!isDue(reminderAt) && !isDue(escalationsAt[0])) return;
  await deps.db.transaction().execute(async (trx) => {
    const { run, request, electorate } = await holdRequest(trx, known);
    if (request.status !== 'pending') return;
    const due = timetableOf(request);
    const steps = due.escalationsAt.filter(isDue).length;
    if (steps > 0) {
      const escalated = { ...request, escalation_level: request.escalation_level + steps };
      const ballot = ballotOf(escalated, run);
      await updateRequestTimes(trx, request.id, { escalationLevel: escalated.escalation_level });
      await tellOfChange(trx, 'escalated', escalated, electorate, ballot);
      await insertAuditEntry(trx, {
        ...toAuditActor(systemActor), action: 'approval.escalate', objectType: 'approval_request', objectId: request.id,
        before: { level: request.escalation_level }, after: { level: escalated.escalation_level, may_decide_too: escalatedApprovers(ballot) },
      });
    }
    if (isDue(due.reminderAt)) {
      await updateRequestTimes(trx, request.id, { remindedAt: new Date() });
      await tellOfChange(trx, 'reminded', request, electorate, ballotOf(request, run));
    }
  });
  await deps.notifier.wake();
}
