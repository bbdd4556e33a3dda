import type { Transaction } from 'kysely';
import type { ApprovalTerms } from '../../../contracts/approvals.ts';
import { AppError } from '../../../contracts/errors.ts';
import type { Database } from '../../../db/database.ts';
import { type ApprovalRequestRow, replaceRequest, updateRequestBasis } from '../../../db/repositories/approvals.repository.ts';
import { insertAuditEntry } from '../../../db/repositories/audit.repository.ts';
import { findLastRound } from '../../../db/repositories/safety-checks.repository.ts';
import { upsertVote } from '../../../db/repositories/votes.repository.ts';
import { hashJson } from '../../../platform/hash-json.ts';
import { newId } from '../../../platform/ids.ts';
import { toAuditActor } from '../../governance/actor.ts';
import { type JudgeDeps, recordJudgement } from '../../safety/index.ts';
import type { Edit } from './apply-to-call.ts';
import { toBasisColumn } from '../rules/basis.ts';
import type { Seat } from './check-decidable.ts';
import { judgeEdit } from './edit-arguments.ts';
import { toEffectSentence } from '../asking/effect-sentence.ts';
import { type Ballot, chooseSeat, countVotes, isMet, type Vote } from '../rules/eligibility.ts';
import { findBasis } from '../asking/find-basis.ts';
import { changedFields } from './hold-request.ts';
import { settleLocked, type SettledStatus } from './settle-locked.ts';
import { type HeldRequest, type Settlement, toVote } from './settlement.ts';
import { tellOfChange } from '../tell-of-request.ts';
import { ballotOf } from '../rules/terms.ts';

/** Keeps a person's yes to what a request asks in this version; a signal's names nobody and is kept with its decision alone. */
async function keepVote(trx: Transaction<Database>, request: ApprovalRequestRow, { actor, door, note }: Settlement, seat: Seat): Promise<void> {
  if (actor.userId === null) return;
  await upsertVote(trx, {
    id: newId(), request_id: request.id, request_version: request.version, arguments_hash: request.arguments_hash,
    user_id: actor.userId, user_name: actor.name, on_behalf_of: seat.onBehalfOf, door, note: note ?? null,
  });
}

/** One yes to what is asked: settles when it was the last one missing, else the request stays open with one more. */
export async function approveAsIs(trx: Transaction<Database>, held: HeldRequest, settlement: Settlement, seat: Seat): Promise<SettledStatus | 'pending'> {
  const { request, ballot, electorate, votes } = held;
  const { actor, note } = settlement;
  await keepVote(trx, request, settlement, seat);
  // A signal is let in only where one yes of anybody is enough.
  if (actor.userId === null) return settleLocked(trx, held, settlement, seat, undefined);
  const others = votes.map(toVote).filter(({ userId }) => userId !== actor.userId);
  const count = countVotes(electorate, ballot, [...others, { userId: actor.userId, onBehalfOf: seat.onBehalfOf }]);
  if (isMet(count)) return settleLocked(trx, held, settlement, seat, undefined);
  await tellOfChange(trx, 'vote', request, electorate, ballot, actor.userId);
  await insertAuditEntry(trx, {
    ...toAuditActor(actor), action: 'approval.vote', objectType: 'approval_request', objectId: request.id,
    after: { version: request.version, arguments_hash: request.arguments_hash, missing: count.missing, on_behalf_of: seat.onBehalfOf, note: note ?? null },
  });
  return 'pending';
}

/** The seat an editor's own yes takes under the terms their edit brings; undefined where it does not count. */
function seatUnder(held: HeldRequest, ballot: Ballot, userId: string): Vote | undefined {
  try {
    return chooseSeat(held.electorate, ballot, [], userId);
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

/** The earlier of the expiry there is and what the edited call's terms give it from now on: an edit buys no time. */
function expiryAfterEdit(request: ApprovalRequestRow, { expires_after_seconds: seconds }: ApprovalTerms): Date | null {
  const fresh = seconds === null ? null : new Date(Date.now() + seconds * 1_000);
  if (request.expires_at === null || fresh === null) return request.expires_at ?? fresh;
  return fresh < request.expires_at ? fresh : request.expires_at;
}

/**
 * Edited arguments are judged again. What the policies allow, or what this person alone may approve, settles. Else the request stays
 * open and asks for the edited call under its terms: earlier yeses were to something else and are void, the editor's counts if they
 * may decide that call.
 */
export async function approveEdited(trx: Transaction<Database>, judge: JudgeDeps, held: HeldRequest, settlement: Settlement, edited: Record<string, unknown>): Promise<SettledStatus | 'pending'> {
  const { run, request, electorate } = held;
  const { actor, note } = settlement;
  const judgement = judgeEdit(judge, request, edited);
  const edit: Edit = { arguments: edited, hash: hashJson(edited) };
  await recordJudgement(
    trx, { id: request.tool_call_id, run_id: run.id, tool_name: request.tool_name },
    { agentId: request.agent_id, argumentsHash: edit.hash, round: (await findLastRound(trx, request.tool_call_id, edit.hash)) + 1 }, judgement,
  );
  const basis = toBasisColumn(await findBasis(trx, judgement));
  const settle = async (seat: Seat): Promise<SettledStatus> => {
    await keepVote(trx, request, settlement, seat);
    await updateRequestBasis(trx, request.id, basis);
    return settleLocked(trx, held, settlement, seat, edit);
  };
  const userId = actor.userId ?? '';
  if (judgement.terms === null) return settle(chooseSeat(electorate, held.ballot, [], userId));
  const { terms } = judgement;
  const ballot: Ballot = { terms, escalationLevel: 0, startedBy: run.started_by };
  const seat = seatUnder(held, ballot, userId);
  if (seat !== undefined && isMet(countVotes(electorate, ballot, [seat]))) return settle(seat);
  const changed = await replaceRequest(trx, request.id, {
    version: request.version + 1, arguments: edited, arguments_hash: edit.hash, original_arguments: request.original_arguments ?? request.arguments,
    effect_sentence: toEffectSentence(judge.registry, request.kind, request.tool_name, edited), risk_level: judgement.riskLevel, reason: judgement.reason, facts: judgement.facts,
    policy_version: judgement.policyVersion, matched_rules: judgement.matchedRules, forbids_self_approval: terms.forbids_self_approval, terms, basis,
    expires_at: expiryAfterEdit(request, terms), escalation_level: 0, edited_by_name: actor.name, edited_at: new Date(),
  });
  if (seat !== undefined) await keepVote(trx, changed, settlement, seat);
  await tellOfChange(trx, 'edited', changed, electorate, ballotOf(changed, run), actor.userId);
  await insertAuditEntry(trx, {
    ...toAuditActor(actor), action: 'approval.edit', objectType: 'approval_request', objectId: request.id,
    before: { version: request.version, arguments_hash: request.arguments_hash },
    after: { version: changed.version, arguments_hash: edit.hash, changed_fields: changedFields(request.arguments, edited), counts_as_yes: seat !== undefined, note: note ?? null },
  });
  return 'pending';
}
