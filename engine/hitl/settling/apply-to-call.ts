import type { Transaction } from 'kysely';
import { AppError } from '../../../contracts/errors.ts';
import type { Database } from '../../../db/database.ts';
import type { ApprovalRequestRow } from '../../../db/repositories/approvals.repository.ts';
import { insertContent } from '../../../db/repositories/contents.repository.ts';
import { findSafetyCheck } from '../../../db/repositories/safety-checks.repository.ts';
import { insertStep, updateStep } from '../../../db/repositories/steps.repository.ts';
import { updateToolCall } from '../../../db/repositories/tool-calls.repository.ts';
import { newId } from '../../../platform/ids.ts';
import type { Json } from '../../tools/tool.ts';
import type { Settlement } from './settlement.ts';

/** What is to run where it is not what the agent proposed: the arguments as they were edited, and their hash. */
export interface Edit {
  arguments: Record<string, unknown>;
  hash: string;
}

/** The result a person gave, as trace and model read it: nobody takes it for the tool's own. */
const toOutput = ({ verdict, actor, result }: Settlement): Json =>
  verdict === 'answer' ? { answer: result ?? '', answered_by: actor.name } : { result: result ?? null, given_by: actor.name, note: 'The tool was not run: a person did it by hand and gave this result.' };

/** Ends a call with what a person gave instead of the tool. */
async function succeedByHand(trx: Transaction<Database>, request: ApprovalRequestRow, iteration: number, settlement: Settlement): Promise<void> {
  const finishedAt = new Date();
  const summary = settlement.verdict === 'answer' ? `answered by ${settlement.actor.name}` : `done by hand by ${settlement.actor.name}; the tool was not run`;
  const outputRef = await insertContent(trx, toOutput(settlement));
  await updateToolCall(trx, request.tool_call_id, { state: 'succeeded', outputRef, summary, error: null, startedAt: request.requested_at, finishedAt });
  await insertStep(trx, { id: newId(), runId: request.run_id, iteration, kind: 'tool', status: 'completed', summary, toolName: request.tool_name, toolCallId: request.tool_call_id, finishedAt });
}

/** What a decision means for the call itself. */
export async function applyToCall(trx: Transaction<Database>, request: ApprovalRequestRow, iteration: number, settlement: Settlement, edit: Edit | undefined): Promise<void> {
  const { verdict, note } = settlement;
  const callId = request.tool_call_id;
  const finishedAt = new Date();
  const toolStep = { toolCallId: callId, kind: 'tool' as const };
  if (verdict === 'approve' && edit !== undefined) {
    const check = await findSafetyCheck(trx, callId, edit.hash);
    if (check === undefined) throw new AppError('INTERNAL', `the edited arguments of tool call ${callId} were not judged`);
    await updateToolCall(trx, callId, { state: 'allowed', editedArguments: edit.arguments, riskLevel: check.risk_level, ...(check.effect === null ? {} : { effect: check.effect }), claimedAt: null, capacityWaits: 0 });
  } else if (verdict === 'approve') await updateToolCall(trx, callId, { state: 'allowed', claimedAt: null, capacityWaits: 0 });
  else if (verdict === 'answer' || verdict === 'provide_result') await succeedByHand(trx, request, iteration, settlement);
  else if (verdict === 'confirm_happened') {
    const summary = 'a person confirmed that it happened';
    await updateToolCall(trx, callId, { state: 'succeeded', summary, error: null, finishedAt });
    await updateStep(trx, toolStep, { status: 'completed', summary, error: null, finishedAt }, request.tool_name);
  } else if (verdict === 'reject' && request.kind === 'outcome_unknown') {
    const error = { code: 'TOOL_FAILED', message: `Nobody knows whether it happened; a person gave up on it: ${note ?? ''}` };
    await updateToolCall(trx, callId, { state: 'failed', error, finishedAt });
    await updateStep(trx, toolStep, { status: 'failed', summary: error.message, error, finishedAt }, request.tool_name);
  } else if (verdict === 'reject' || verdict === 'expire') {
    const message = request.kind === 'question'
      ? verdict === 'expire' ? 'Nobody answered in time.' : `A person did not answer. Reason: ${note ?? ''}`
      : verdict === 'expire' ? 'Not executed: nobody approved it in time.' : `Not executed: a person rejected it. Reason: ${note ?? ''}`;
    await updateToolCall(trx, callId, { state: 'rejected', finishedAt, error: { code: 'TOOL_REFUSED', message } });
  }
}
