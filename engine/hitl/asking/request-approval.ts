import type { Transaction } from 'kysely';
import type { ApprovalKind } from '../../../contracts/approvals.ts';
import { AppError } from '../../../contracts/errors.ts';
import type { RiskLevel } from '../../../contracts/tools.ts';
import type { Database } from '../../../db/database.ts';
import { type ApprovalRequestRow, findLastRequestOfCall, insertApprovalRequest } from '../../../db/repositories/approvals.repository.ts';
import { insertEvents } from '../../../db/repositories/events.repository.ts';
import { findRunWithAgent, lockRun, updateRunPhase } from '../../../db/repositories/runs.repository.ts';
import { findSafetyCheck, findSafetyCheckBefore, type SafetyCheckRow } from '../../../db/repositories/safety-checks.repository.ts';
import { insertStep } from '../../../db/repositories/steps.repository.ts';
import { lockToolCall, type ToolCallRow } from '../../../db/repositories/tool-calls.repository.ts';
import { hashJson } from '../../../platform/hash-json.ts';
import { newId } from '../../../platform/ids.ts';
import { type Basis, describeDrift, toBasisColumn } from '../rules/basis.ts';
import { toEffectSentence } from './effect-sentence.ts';
import { loadElectorate } from '../rules/electorate.ts';
import { findBasis, toJudged } from './find-basis.ts';
import { requireOngoing } from '../settling/hold-request.ts';
import type { SettleDeps } from '../settling/settlement.ts';
import { notifyDeciders } from '../tell-of-request.ts';
import { ballotOf, wakeAtMs } from '../rules/terms.ts';

/** An open question as the run keeps it in mind. Times are milliseconds since the epoch. */
export interface OpenApproval {
  requestId: string;
  toolName: string;
  riskLevel: RiskLevel;
  sinceMs: number;
  expiresAtMs: number | null;
  /** When it has to be looked at next: a reminder, an escalation or its expiry. */
  wakeAtMs: number | null;
  /** There is a decision already, so nobody will signal it again: a reset on the Temporal side went back behind it. */
  isSettled?: true;
}

const toOpenApproval = (request: ApprovalRequestRow): OpenApproval => ({
  requestId: request.id,
  toolName: request.tool_name,
  riskLevel: request.risk_level,
  sinceMs: request.requested_at.getTime(),
  expiresAtMs: request.expires_at?.getTime() ?? null,
  wakeAtMs: wakeAtMs(request),
  ...(request.status === 'pending' ? {} : { isSettled: true }),
});

/** Whether a call waits for a decision of this kind. A question is answered once. */
const waitsFor = (kind: ApprovalKind, { state }: ToolCallRow): boolean => (kind === 'tool_call' && state === 'awaiting_approval') || (kind === 'outcome_unknown' && state === 'outcome_unknown');

/** Why a call is asked about that was approved or allowed before; null where it was not. */
async function findDriftReason(trx: Transaction<Database>, call: ToolCallRow, last: ApprovalRequestRow | undefined, check: SafetyCheckRow, basis: Basis): Promise<string | null> {
  const earlier = check.round === 1 ? undefined : await findSafetyCheckBefore(trx, check);
  const before = (last?.basis as Basis | null | undefined) ?? (earlier === undefined ? undefined : await findBasis(trx, toJudged(earlier, call.effect)));
  if (before === undefined) return null;
  const rules = [...(last?.matched_rules ?? []), ...(earlier?.matched_rules ?? []), ...check.matched_rules];
  return describeDrift(before, basis, new Map(rules.map((rule) => [rule.id, rule.name ?? rule.id])));
}

/**
 * Puts a question to people: the exact call, its hash, why it is risky, on what terms, until when. Asking twice (a retried activity)
 * gives the same request, however it was decided meanwhile. A new one is asked only of a call that waits for one: `tool_call` when what
 * its approval rests on has changed, `outcome_unknown`, where the question is whether an effect happened, when nobody knows again after
 * "do it again". Throws RUN_NOT_FOUND and RUN_ENDED.
 */
export async function requestApproval(
  { db, tools, notifier }: Pick<SettleDeps, 'db' | 'tools' | 'notifier'>,
  { runId, toolCallId, kind: given }: { runId: string; toolCallId: string; kind: Exclude<ApprovalKind, 'question'> },
): Promise<OpenApproval> {
  const loaded = await findRunWithAgent(db, runId);
  if (loaded === undefined) throw new AppError('RUN_NOT_FOUND', `run ${runId}`);
  const registry = await tools.current();
  const asked = await db.transaction().execute(async (trx) => {
    const run = await lockRun(trx, runId);
    const call = await lockToolCall(trx, toolCallId);
    if (run === undefined || call === undefined) throw new AppError('RUN_NOT_FOUND', `run ${runId}, tool call ${toolCallId}`);
    requireOngoing(run);
    const isQuestion = given === 'tool_call' && registry.has(call.tool_name) && registry.get(call.tool_name).asksPerson === true;
    const kind = isQuestion ? 'question' : given;
    const last = await findLastRequestOfCall(trx, toolCallId, kind);
    if (last !== undefined && (last.status === 'pending' || !waitsFor(kind, call))) return toOpenApproval(last);

    const args = call.edited_arguments ?? call.arguments ?? {};
    const argumentsHash = hashJson(args);
    const check = await findSafetyCheck(trx, toolCallId, argumentsHash);
    if (check === undefined) throw new AppError('INTERNAL', `tool call ${toolCallId} was not judged before asking`);
    const { terms } = check;
    const expiresAfterMs = terms?.expires_after_seconds == null ? null : terms.expires_after_seconds * 1_000;
    const basis = await findBasis(trx, toJudged(check, call.effect));
    const request = await insertApprovalRequest(trx, {
      id: newId(),
      run_id: runId,
      agent_id: run.agent_id,
      tool_call_id: toolCallId,
      kind,
      tool_name: call.tool_name,
      arguments: args,
      arguments_hash: argumentsHash,
      effect_sentence: toEffectSentence(registry, kind, call.tool_name, args),
      risk_level: check.risk_level,
      reason: kind === 'outcome_unknown' ? (call.error?.message ?? 'Nobody knows whether it happened.') : check.reason,
      facts: check.facts,
      policy_version: check.policy_version,
      matched_rules: check.matched_rules,
      forbids_self_approval: terms?.forbids_self_approval ?? false,
      terms,
      basis: toBasisColumn(basis),
      drift_reason: kind === 'tool_call' ? await findDriftReason(trx, call, last, check, basis) : null,
      expires_at: expiresAfterMs === null || kind === 'outcome_unknown' ? null : new Date(Date.now() + expiresAfterMs),
    });
    await insertStep(trx, {
      id: newId(), runId, iteration: call.iteration, kind: 'approval', status: 'waiting', summary: request.effect_sentence,
      toolName: call.tool_name, toolCallId, requestId: request.id,
    });
    await insertEvents(trx, [{
      type: 'approval-requested',
      run_id: runId,
      data: {
        approval_id: request.id, agent_id: run.agent_id, agent_name: loaded.agentName, tool_name: call.tool_name,
        risk_level: request.risk_level, expires_at: request.expires_at?.toISOString() ?? null,
      },
    }]);
    await notifyDeciders(trx, 'requested', request, await loadElectorate(trx), ballotOf(request, run));
    await updateRunPhase(trx, run, 'waiting_for_approval');
    return toOpenApproval(request);
  });
  await notifier.wake();
  return asked;
}
