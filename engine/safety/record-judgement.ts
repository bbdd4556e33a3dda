import type { Transaction } from 'kysely';
import type { PolicyEffect } from '../../contracts/approvals.ts';
import type { Database } from '../../db/database.ts';
import { insertSafetyCheck } from '../../db/repositories/safety-checks.repository.ts';
import { insertStep } from '../../db/repositories/steps.repository.ts';
import { type ToolCallRow, updateToolCall } from '../../db/repositories/tool-calls.repository.ts';
import type { ToolCallState } from '../../db/tables/runs.table.ts';
import { newId } from '../../platform/ids.ts';
import type { Judgement } from './judge-call.ts';

/** Which judgement it is: of which arguments of a call, made by which agent, and the how manieth of these arguments. */
export interface Judged {
  agentId: string;
  argumentsHash: string;
  /** 1 unless these arguments were judged before. */
  round: number;
}

/** Adds a judgement to the ledger, with all it was made from; returns its id. */
export async function recordJudgement(trx: Transaction<Database>, call: Pick<ToolCallRow, 'id' | 'run_id' | 'tool_name'>, { agentId, argumentsHash, round }: Judged, judgement: Judgement): Promise<string> {
  const id = newId();
  await insertSafetyCheck(trx, {
    id, tool_call_id: call.id, run_id: call.run_id, arguments_hash: argumentsHash, round, agent_id: agentId, tool_name: call.tool_name, facts: judgement.facts, risk_level: judgement.riskLevel,
    effect: judgement.effect, verdict: judgement.verdict, reason: judgement.reason, policy_version: judgement.policyVersion, matched_rules: judgement.matchedRules, terms: judgement.terms, problems: judgement.problems,
  });
  return id;
}

const stateAfter: Record<PolicyEffect, ToolCallState> = { allow: 'allowed', ask: 'awaiting_approval', deny: 'denied' };

/**
 * Records the judgement of a call that is locked, lets the call stand as its verdict says, and shows it in the trace.
 * @param words.opening of the line in the trace, before the reason; `denial`: of what the model reads when it is denied.
 */
export async function applyJudgement(trx: Transaction<Database>, call: ToolCallRow, judged: Judged, judgement: Judgement, { opening, denial }: { opening: string; denial: string }): Promise<void> {
  const { verdict, riskLevel, effect, reason } = judgement;
  const isDenied = verdict === 'deny';
  const safetyCheckId = await recordJudgement(trx, call, judged, judgement);
  const finishedAt = new Date();
  await updateToolCall(trx, call.id, {
    state: stateAfter[verdict], riskLevel, effect,
    ...(isDenied ? { finishedAt, error: { code: 'TOOL_REFUSED', message: `${denial}${reason}` } } : {}),
  });
  await insertStep(trx, {
    id: newId(), runId: call.run_id, iteration: call.iteration, kind: 'safety', status: isDenied ? 'refused' : 'completed', summary: `${riskLevel}: ${opening}${reason}`,
    toolName: call.tool_name, toolCallId: call.id, safetyCheckId, finishedAt,
  });
}
