import { isDeepStrictEqual } from 'node:util';
import type { Kysely, Transaction } from 'kysely';
import { wordsOfOutcome } from '../../../contracts/approvals.ts';
import { AppError } from '../../../contracts/errors.ts';
import { isTerminal } from '../../../contracts/runs.ts';
import type { Database } from '../../../db/database.ts';
import { type ApprovalRequestRow, findDecision, lockApprovalRequest } from '../../../db/repositories/approvals.repository.ts';
import { lockRun, type RunRow } from '../../../db/repositories/runs.repository.ts';
import { listVotes } from '../../../db/repositories/votes.repository.ts';
import { loadElectorate } from '../rules/electorate.ts';
import type { HeldRequest, Seen } from './settlement.ts';
import { ballotOf } from '../rules/terms.ts';

/** Locks a request and its run, always the run first, and reads who may decide now. Throws APPROVAL_NOT_FOUND. */
export async function holdRequest(trx: Transaction<Database>, { id, run_id: runId }: { id: string; run_id: string }): Promise<HeldRequest> {
  const run = await lockRun(trx, runId);
  const request = await lockApprovalRequest(trx, id);
  if (run === undefined || request === undefined) throw new AppError('APPROVAL_NOT_FOUND', `approval request ${id}`);
  // Read once the locks are held: whoever was changed before that is seen as they are.
  return { run, request, ballot: ballotOf(request, run), electorate: await loadElectorate(trx), votes: await listVotes(trx, request) };
}

/** Refuses what comes after the decision, and names it. Throws APPROVAL_ALREADY_DECIDED. */
export async function requireOpen(db: Kysely<Database>, request: ApprovalRequestRow): Promise<void> {
  if (request.status === 'pending') return;
  const decision = await findDecision(db, request.id);
  const when = decision?.decided_at.toISOString();
  throw new AppError('APPROVAL_ALREADY_DECIDED', `Already ${wordsOfOutcome(request.status, decision?.verdict)} by ${decision?.actor_name ?? 'Maestro'} at ${when}.`, {
    details: { status: request.status, verdict: decision?.verdict, decided_by: decision?.actor_name, decided_at: when },
  });
}

/** Refuses what comes after the end of the run. Throws RUN_ENDED. */
export function requireOngoing({ id, phase }: RunRow): void {
  if (isTerminal(phase)) throw new AppError('RUN_ENDED', `run ${id} is ${phase}`);
}

/** Refuses a person once the time is up, whether or not anybody has written so. Throws APPROVAL_ALREADY_DECIDED. */
export function requireUnexpired({ expires_at: expiresAt }: ApprovalRequestRow): void {
  if (expiresAt === null || expiresAt.getTime() > Date.now()) return;
  throw new AppError('APPROVAL_ALREADY_DECIDED', `The request expired at ${expiresAt.toISOString()}.`, { details: { status: 'expired', decided_by: 'Maestro', decided_at: expiresAt.toISOString() } });
}

/**
 * Refuses a decision on something else than what is asked now, and says who changed what. `mustBeNamed`: once somebody has edited it, a
 * decision that names neither version nor hash may be meant for what was asked before. Throws APPROVAL_STALE.
 */
export function requireUnchanged(request: ApprovalRequestRow, seen: Seen | undefined, { mustBeNamed = false } = {}): void {
  const hasChanged = (seen?.version !== undefined && seen.version !== request.version) || (seen?.argumentsHash !== undefined && seen.argumentsHash !== request.arguments_hash);
  const isUnnamed = mustBeNamed && request.version > 1 && seen?.version === undefined && seen?.argumentsHash === undefined;
  if (!hasChanged && !isUnnamed) return;
  const changed = request.original_arguments === null ? [] : changedFields(request.original_arguments, request.arguments);
  const at = request.edited_at?.toISOString() ?? null;
  const message = at === null ? undefined : `${request.edited_by_name} changed ${changed.length === 0 ? 'the arguments' : changed.join(', ')} at ${at}.`;
  throw new AppError('APPROVAL_STALE', message, { details: { version: request.version, arguments_hash: request.arguments_hash, changed_by: request.edited_by_name, changed_at: at, changed_fields: changed } });
}

/** Names of arguments that differ, those only one side has included. */
export function changedFields(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => !isDeepStrictEqual(before[name], after[name]));
}
