import { decisionVerdictSchema } from '../../contracts/approvals.ts';
import { AppError } from '../../contracts/errors.ts';
import { findApprovalRequest, takeUpDecision } from '../../db/repositories/approvals.repository.ts';
import { insertAuditEntry } from '../../db/repositories/audit.repository.ts';
import { systemActor } from '../governance/actor.ts';
import { settleApproval, type SettleDeps } from './settle-approval.ts';

/** How a request stands, as the run goes on with it. `approved` means: execute what is allowed now. */
export type DecisionTaken =
  | { status: 'pending'; expiresAtMs: number | null }
  | { status: 'approved' | 'declined'; reason: string };

/** A signal as it may come from the Temporal CLI: anything. */
export interface DecisionSignal {
  requestId: string;
  verdict?: unknown;
  note?: unknown;
  by?: unknown;
}

async function readDecision(deps: SettleDeps, requestId: string): Promise<DecisionTaken> {
  const decision = await takeUpDecision(deps.db, requestId);
  if (decision !== undefined) return { status: decision.verdict === 'approve' ? 'approved' : 'declined', reason: decision.note ?? 'No reason was given.' };
  const request = await findApprovalRequest(deps.db, requestId);
  if (request === undefined) throw new AppError('APPROVAL_NOT_FOUND', `approval request ${requestId}`);
  return { status: 'pending', expiresAtMs: request.expires_at?.getTime() ?? null };
}

/**
 * Takes up a signal: reads the row when it is settled; a verdict that came with the signal (Temporal CLI) is settled like any other,
 * by the same rules, and audited. A verdict the rules refuse is audited too and changes nothing.
 */
export async function takeDecision(deps: SettleDeps, signal: DecisionSignal): Promise<DecisionTaken> {
  const verdict = decisionVerdictSchema.extract(['approve', 'reject', 'confirm_happened']).safeParse(signal.verdict);
  const state = await readDecision(deps, signal.requestId);
  if (state.status !== 'pending' || signal.verdict === undefined) return state;
  const actor = { userId: null, name: `${typeof signal.by === 'string' && signal.by !== '' ? signal.by.slice(0, 120) : 'somebody'} (Temporal signal)` };
  const note = typeof signal.note === 'string' ? signal.note.slice(0, 2_000) : undefined;
  try {
    if (!verdict.success) throw new AppError('VALIDATION_FAILED', `a signal's verdict is approve, reject or confirm_happened`);
    await settleApproval(deps, { requestId: signal.requestId, verdict: verdict.data, door: 'temporal_signal', actor, note: note ?? (verdict.data === 'reject' ? 'Rejected by a Temporal signal.' : undefined) });
  } catch (error) {
    if (!(error instanceof AppError) || error.retryable) throw error;
    await deps.db.transaction().execute((trx) =>
      insertAuditEntry(trx, { actorId: null, actorName: actor.name, action: 'approval.signal_refused', objectType: 'approval_request', objectId: signal.requestId, after: { code: error.code, verdict: String(signal.verdict).slice(0, 100) } }),
    );
  }
  return readDecision(deps, signal.requestId);
}

/** Settles a request as expired when its time is up and nobody decided; tells how it stands after that. */
export async function expireApproval(deps: SettleDeps, { requestId }: { requestId: string }): Promise<DecisionTaken> {
  const state = await readDecision(deps, requestId);
  if (state.status !== 'pending' || state.expiresAtMs === null || state.expiresAtMs > Date.now()) return state;
  try {
    await settleApproval(deps, { requestId, verdict: 'expire', door: 'expiry', actor: systemActor, note: 'Nobody decided in time.' });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'APPROVAL_ALREADY_DECIDED') throw error;
  }
  return readDecision(deps, requestId);
}
