import type { Transaction } from 'kysely';
import { type DecisionVerdict, wordsOfOutcome } from '../../../contracts/approvals.ts';
import { AppError } from '../../../contracts/errors.ts';
import type { Database } from '../../../db/database.ts';
import { countPendingRequests, requestSettlement } from '../../../db/repositories/approvals.repository.ts';
import { insertAuditEntry } from '../../../db/repositories/audit.repository.ts';
import { insertEvents } from '../../../db/repositories/events.repository.ts';
import { updateRunPhase } from '../../../db/repositories/runs.repository.ts';
import { updateStep } from '../../../db/repositories/steps.repository.ts';
import { lockToolCall, type ToolCallRow } from '../../../db/repositories/tool-calls.repository.ts';
import { hashJson } from '../../../platform/hash-json.ts';
import { newId } from '../../../platform/ids.ts';
import { toAuditActor } from '../../governance/actor.ts';
import { applyToCall, type Edit } from './apply-to-call.ts';
import type { Seat } from './check-decidable.ts';
import type { HeldRequest, Settlement } from './settlement.ts';
import { notifyDeciders } from '../tell-of-request.ts';

const stepStatusOf = { approved: 'completed', approved_with_edits: 'completed', rejected: 'refused', expired: 'refused', withdrawn: 'cancelled' } as const;
export type SettledStatus = keyof typeof stepStatusOf;

const statusOf = (verdict: DecisionVerdict, isEdited: boolean): SettledStatus => {
  switch (verdict) {
    case 'approve': return isEdited ? 'approved_with_edits' : 'approved';
    case 'confirm_happened':
    case 'answer':
    case 'provide_result': return 'approved';
    case 'reject': return 'rejected';
    case 'expire': return 'expired';
    case 'withdraw': return 'withdrawn';
  }
};

const nameOfSeat = ({ electorate }: HeldRequest, { onBehalfOf }: Seat): string | undefined => (onBehalfOf === null ? undefined : electorate.people.get(onBehalfOf)?.name);

/** Refuses to do again, or to give up, what is known by now. Throws APPROVAL_STALE. */
function requireInQuestion({ request: { kind } }: HeldRequest, { state }: ToolCallRow, verdict: DecisionVerdict): void {
  const isOverruling = verdict === 'approve' ? state !== 'outcome_unknown' : verdict === 'reject' && state === 'succeeded';
  if (kind === 'outcome_unknown' && isOverruling) throw new AppError('APPROVAL_STALE', `Whether it happened is no longer asked: the call is ${state} by now.`);
}

/** Settles a request that may be, with its row and run held: the one place that writes a decision. */
export async function settleLocked(trx: Transaction<Database>, held: HeldRequest, settlement: Settlement, seat: Seat, edit: Edit | undefined): Promise<SettledStatus> {
  const { run, request } = held;
  const { verdict, door, actor, note } = settlement;
  const call = await lockToolCall(trx, request.tool_call_id);
  if (call === undefined) throw new AppError('INTERNAL', `tool call ${request.tool_call_id} is not recorded`);
  requireInQuestion(held, call, verdict);
  // What an earlier approver has edited runs as they left it.
  const toRun = edit ?? (verdict === 'approve' && request.original_arguments !== null ? { arguments: request.arguments, hash: request.arguments_hash } : undefined);
  await applyToCall(trx, request, call.iteration, settlement, toRun);
  const status = statusOf(verdict, toRun !== undefined);
  const settlementWrites = requestSettlement(status, {
    id: newId(), request_id: request.id, verdict, door, actor_id: actor.userId, actor_name: actor.name, note: note ?? null,
    edited_arguments: toRun?.arguments ?? null, edited_arguments_hash: toRun?.hash ?? null, result: settlement.result ?? null, on_behalf_of: seat.onBehalfOf,
  });
  const stoodFor = nameOfSeat(held, seat);
  const by = `${actor.name}${stoodFor === undefined ? '' : ` for ${stoodFor}`}`;
  await updateStep(trx, { requestId: request.id, kind: 'approval' }, { status: stepStatusOf[status], summary: `${wordsOfOutcome(status, verdict)} by ${by}${note ? `: ${note}` : ''}`, finishedAt: new Date() }, request.tool_name, settlementWrites);
  await insertEvents(trx, [{ type: 'approval-settled', run_id: request.run_id, data: { approval_id: request.id, agent_id: request.agent_id, status, decided_by: actor.name } }]);
  await notifyDeciders(trx, 'settled', request, held.electorate, held.ballot);
  if (verdict !== 'withdraw' && (await countPendingRequests(trx, run.id)) === 0) await updateRunPhase(trx, run, 'running');
  await insertAuditEntry(trx, {
    ...toAuditActor(actor), action: `approval.${verdict}`, objectType: 'approval_request', objectId: request.id,
    before: { status: 'pending', arguments_hash: request.arguments_hash },
    after: { status, door, note: note ?? null, arguments_hash: toRun?.hash ?? request.arguments_hash, run_id: run.id, tool_name: request.tool_name, ...(seat.onBehalfOf === null ? {} : { on_behalf_of: seat.onBehalfOf }), ...(settlement.result === undefined ? {} : { result_hash: hashJson(settlement.result) }) },
  });
  return status;
}
