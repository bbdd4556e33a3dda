import { decisionVerdictSchema } from '../../contracts/approvals.ts';
import { AppError } from '../../contracts/errors.ts';
import { findApprovalRequest, takeUpDecision } from '../../db/repositories/approvals.repository.ts';
import { insertAuditEntry } from '../../db/repositories/audit.repository.ts';
import { settleApproval } from './settling/settle-approval.ts';
import type { SettleDeps } from './settling/settlement.ts';
import { tendRequest } from './tend-request.ts';
import { wakeAtMs } from './rules/terms.ts';

/**
 * How a request stands, as the run goes on with it. `approved` means: execute what is allowed now; a call whose result a person gave
 * has its outcome already. `wakeAtMs`: when to look at an open one again.
 */
export type DecisionTaken =
  | { status: 'pending'; expiresAtMs: number | null; wakeAtMs: number | null }
  | { status: 'approved' | 'declined'; reason: string };

/** A signal as it may come from the Temporal CLI: anything. */
export interface DecisionSignal {
  requestId: string;
  verdict?: unknown;
  note?: unknown;
  by?: unknown;
}

const goesOn: readonly string[] = ['approve', 'answer', 'provide_result'];

async function readDecision(deps: SettleDeps, requestId: string): Promise<DecisionTaken> {
  const decision = await takeUpDecision(deps.db, requestId);
  if (decision !== undefined) return { status: goesOn.includes(decision.verdict) ? 'approved' : 'declined', reason: decision.note ?? 'No reason was given.' };
  const request = await findApprovalRequest(deps.db, requestId);
  if (request === undefined) throw new AppError('APPROVAL_NOT_FOUND', `approval request ${requestId}`);
  return { status: 'pending', expiresAtMs: request.expires_at?.getTime() ?? null, wakeAtMs: wakeAtMs(request) };
}

/**
 * Takes up a signal: reads the row when it is settled; a verdict that came with the signal (Temporal CLI) is settled like any other,
 * by the same rules, and audited. A verdict the rules refuse is audited too and changes nothing.
 */
export async function takeDecision(deps: SettleDeps, signal: DecisionSignal): Promise<DecisionTaken> {
  const verdict = decisionVerdictSchema.extract(['approve', 'reject', 'confirm_happened']).safeParse(signal.verdict);
  const state = await readDecision(deps, signal.requestId);
  if (state.status !== 'pending' || signal.verdict === undefined) return state;
  const actor = { userId: null, name: `${typeof signal.by === 'string' && signal.by !== '' ? signal.by.slice(0, 120) : 'somebody'} (Temporal signal)`, source: 'Temporal signal' };
  const note = typeof signal.note === 'string' ? signal.note.slice(0, 2_000) : undefined;
  try {
    if (!verdict.success) throw new AppError('VALIDATION_FAILED', `a signal's verdict is approve, reject or confirm_happened`);
    await settleApproval(deps, { requestId: signal.requestId, verdict: verdict.data, door: 'temporal_signal', actor, note: note ?? (verdict.data === 'reject' ? 'Rejected by a Temporal signal.' : undefined) });
  } catch (error) {
    if (!(error instanceof AppError) || error.retryable) throw error;
    await deps.db.transaction().execute((trx) =>
      insertAuditEntry(trx, { actorId: null, actorName: actor.name, source: actor.source, action: 'approval.signal_refused', objectType: 'approval_request', objectId: signal.requestId, after: { code: error.code, verdict: typeof signal.verdict === 'string' ? signal.verdict.slice(0, 100) : 'unreadable' } }),
    );
  }
  return readDecision(deps, signal.requestId);
}

/** Does what the clock asks of a request (a reminder, an escalation, its expiry) and tells how it stands after that. */
export async function expireApproval(deps: SettleDeps, { requestId }: { requestId: string }): Promise<DecisionTaken> {
  const state = await readDecision(deps, requestId);
  if (state.status !== 'pending') return state;
  await tendRequest(deps, requestId);
  return readDecision(deps, requestId);
}
