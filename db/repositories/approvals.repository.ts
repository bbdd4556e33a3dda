import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { ApprovalStatus } from '../../contracts/approvals.ts';
import type { Beside } from '../beside.ts';
import type { Database } from '../database.ts';
import { toJsonb, toStorableText } from '../storable.ts';
import type { HitlDecisionsTable, HitlRequestsTable } from '../tables/safety.table.ts';

export type ApprovalRequestRow = Selectable<HitlRequestsTable>;
export type ApprovalDecisionRow = Selectable<HitlDecisionsTable>;

export type NewApprovalRequest = Omit<ApprovalRequestRow, 'status' | 'version' | 'requested_at' | 'settled_at' | 'original_arguments' | 'escalation_level' | 'reminded_at' | 'edited_by_name' | 'edited_at' | 'signalled_at'>;

export async function insertApprovalRequest(trx: Kysely<Database>, request: NewApprovalRequest): Promise<ApprovalRequestRow> {
  return trx
    .insertInto('hitl_requests')
    .values({
      ...request,
      status: 'pending',
      arguments: toJsonb(request.arguments),
      facts: toJsonb(request.facts),
      terms: request.terms === null ? null : toJsonb(request.terms),
      basis: request.basis === null ? null : toJsonb(request.basis),
      matched_rules: toJsonb(request.matched_rules),
      effect_sentence: toStorableText(request.effect_sentence),
      requested_at: new Date(),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function findApprovalRequest(db: Kysely<Database>, requestId: string): Promise<ApprovalRequestRow | undefined> {
  return db.selectFrom('hitl_requests').selectAll().where('id', '=', requestId).executeTakeFirst();
}

/** Those of these requests there are. */
export async function listRequestsByIds(db: Kysely<Database>, requestIds: readonly string[]): Promise<ApprovalRequestRow[]> {
  return db.selectFrom('hitl_requests').selectAll().where('id', 'in', requestIds).execute();
}

/** The newest request of a kind about a call. */
export async function findLastRequestOfCall(db: Kysely<Database>, toolCallId: string, kind: ApprovalRequestRow['kind']): Promise<ApprovalRequestRow | undefined> {
  return db.selectFrom('hitl_requests').selectAll().where('tool_call_id', '=', toolCallId).where('kind', '=', kind).orderBy('requested_at', 'desc').limit(1).executeTakeFirst();
}

/** The request's row, held until the transaction ends: of several decisions the first one in wins. */
export async function lockApprovalRequest(trx: Transaction<Database>, requestId: string): Promise<ApprovalRequestRow | undefined> {
  return trx.selectFrom('hitl_requests').selectAll().where('id', '=', requestId).forUpdate().executeTakeFirst();
}

export async function findDecision(db: Kysely<Database>, requestId: string): Promise<ApprovalDecisionRow | undefined> {
  return db.selectFrom('hitl_decisions').selectAll().where('request_id', '=', requestId).executeTakeFirst();
}

export type NewDecision = Omit<ApprovalDecisionRow, 'decided_at' | 'taken_up_at'>;

/** What an edit puts in the place of what was asked. */
export type ApprovalRequestChange = Pick<
  ApprovalRequestRow,
  | 'version' | 'arguments' | 'arguments_hash' | 'original_arguments' | 'effect_sentence' | 'risk_level' | 'reason' | 'facts' | 'policy_version' | 'matched_rules'
  | 'forbids_self_approval' | 'terms' | 'basis' | 'expires_at' | 'escalation_level' | 'edited_by_name' | 'edited_at'
>;

/** Replaces what an open request asks. */
export async function replaceRequest(trx: Transaction<Database>, requestId: string, change: ApprovalRequestChange): Promise<ApprovalRequestRow> {
  return trx
    .updateTable('hitl_requests')
    .set({
      ...change,
      arguments: toJsonb(change.arguments),
      original_arguments: change.original_arguments === null ? null : toJsonb(change.original_arguments),
      facts: toJsonb(change.facts),
      matched_rules: toJsonb(change.matched_rules),
      terms: change.terms === null ? null : toJsonb(change.terms),
      basis: change.basis === null ? null : toJsonb(change.basis),
      effect_sentence: toStorableText(change.effect_sentence),
    })
    .where('id', '=', requestId)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Notes how far an open request's timers have come, or moves its expiry; fields left out stay. */
export async function updateRequestTimes(trx: Transaction<Database>, requestId: string, change: { remindedAt?: Date; escalationLevel?: number; expiresAt?: Date }): Promise<void> {
  await trx
    .updateTable('hitl_requests')
    .set({
      ...(change.remindedAt === undefined ? {} : { reminded_at: change.remindedAt }),
      ...(change.escalationLevel === undefined ? {} : { escalation_level: change.escalationLevel }),
      ...(change.expiresAt === undefined ? {} : { expires_at: change.expiresAt }),
    })
    .where('id', '=', requestId)
    .execute();
}

/** Notes what the arguments that were approved with an edit are judged by. */
export async function updateRequestBasis(trx: Transaction<Database>, requestId: string, basis: Record<string, unknown>): Promise<void> {
  await trx.updateTable('hitl_requests').set({ basis: toJsonb(basis) }).where('id', '=', requestId).execute();
}

/** Writes the one decision of a request and settles it, beside other writes. */
export function requestSettlement(status: ApprovalStatus, decision: NewDecision): Beside[] {
  const now = new Date();
  const values = {
    ...decision,
    actor_name: toStorableText(decision.actor_name),
    note: decision.note === null ? null : toStorableText(decision.note),
    edited_arguments: decision.edited_arguments === null ? null : toJsonb(decision.edited_arguments),
    result: decision.result === null ? null : toJsonb(decision.result),
    decided_at: now,
  };
  return [(db) => db.insertInto('hitl_decisions').values(values), (db) => db.updateTable('hitl_requests').set({ status, settled_at: now }).where('id', '=', decision.request_id)];
}

export async function countPendingRequests(db: Kysely<Database>, runId: string): Promise<number> {
  const { count } = await db
    .selectFrom('hitl_requests')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('run_id', '=', runId)
    .where('status', '=', 'pending')
    .executeTakeFirstOrThrow();
  return count;
}

export async function listPendingRequests(trx: Kysely<Database>, runId: string): Promise<ApprovalRequestRow[]> {
  return trx.selectFrom('hitl_requests').selectAll().where('run_id', '=', runId).where('status', '=', 'pending').forUpdate().execute();
}

/** What a run may not know of a request. */
export interface MissedRequest {
  runId: string;
  requestId: string;
}

/** Whether a run that was told already is told again: after as long as it had not known then, at the latest an hour later. Each signal is an event in its history. */
const isDueAgain = (missedSince: 'settled_at' | 'expires_at') =>
  sql<boolean>`(hitl_requests.signalled_at is null or ${new Date()}::timestamptz - hitl_requests.signalled_at >= least(hitl_requests.signalled_at - ${sql.ref(`hitl_requests.${missedSince}`)}, interval '1 hour'))`;

/** Settled requests whose run has not gone on though `settledBefore` has passed: their signal was lost. Oldest first. */
export async function listUntakenDecisions(db: Kysely<Database>, settledBefore: Date): Promise<MissedRequest[]> {
  return db
    .selectFrom('hitl_requests')
    .innerJoin('runs', 'runs.id', 'hitl_requests.run_id')
    .innerJoin('hitl_decisions', 'hitl_decisions.request_id', 'hitl_requests.id')
    .select(['hitl_requests.run_id as runId', 'hitl_requests.id as requestId'])
    .where('hitl_requests.settled_at', '<', settledBefore)
    .where('hitl_decisions.taken_up_at', 'is', null)
    .where('runs.finished_at', 'is', null)
    .where(isDueAgain('settled_at'))
    .orderBy('hitl_requests.settled_at')
    .limit(500)
    .execute();
}

/** Open requests whose time was up before `expiredBefore`, and whose run has not noticed: it was never told of an earlier end. Oldest first. */
export async function listOverdueRequests(db: Kysely<Database>, expiredBefore: Date): Promise<MissedRequest[]> {
  return db
    .selectFrom('hitl_requests')
    .innerJoin('runs', 'runs.id', 'hitl_requests.run_id')
    .select(['hitl_requests.run_id as runId', 'hitl_requests.id as requestId'])
    .where('hitl_requests.status', '=', 'pending')
    .where('hitl_requests.expires_at', '<', expiredBefore)
    .where('runs.finished_at', 'is', null)
    .where(isDueAgain('expires_at'))
    .orderBy('hitl_requests.expires_at')
    .limit(500)
    .execute();
}

/** Notes that the sweeper told a run of a request, or tried. */
export async function updateRequestSignalled(db: Kysely<Database>, requestId: string): Promise<void> {
  await db.updateTable('hitl_requests').set({ signalled_at: new Date() }).where('id', '=', requestId).execute();
}

/** Runs that had ended before `endedBefore` and still ask something, oldest first. */
export async function listEndedRunsThatAsk(db: Kysely<Database>, endedBefore: Date): Promise<string[]> {
  const rows = await db
    .selectFrom('hitl_requests')
    .innerJoin('runs', 'runs.id', 'hitl_requests.run_id')
    .select('runs.id')
    .where('hitl_requests.status', '=', 'pending')
    .where('runs.finished_at', '<', endedBefore)
    .groupBy('runs.id')
    .orderBy('runs.finished_at')
    .limit(500)
    .execute();
  return rows.map(({ id }) => id);
}

/** The decision of a request, noted as known to its run from now on; undefined while nobody has decided. */
export async function takeUpDecision(db: Kysely<Database>, requestId: string): Promise<Pick<ApprovalDecisionRow, 'verdict' | 'note'> | undefined> {
  return db
    .updateTable('hitl_decisions')
    .set((eb) => ({ taken_up_at: eb.fn.coalesce('taken_up_at', eb.val(new Date())) }))
    .where('request_id', '=', requestId)
    .returning(['verdict', 'note'])
    .executeTakeFirst();
}
