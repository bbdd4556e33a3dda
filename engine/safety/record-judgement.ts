import type { Transaction } from 'kysely';
import type { PolicyEffect } from '../../contracts/approvals.ts';
import type { Database } from '../../db/database.ts';
import type { Beside } from '../../db/beside.ts';
import { safetyCheckInsert } from '../../db/repositories/safety-checks.repository.ts';
import { insertStep } from '../../db/repositories/steps.repository.ts';
import { type ToolCallRow, toolCallUpdate } from '../../db/repositories/tool-calls.repository.ts';
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

/** A judgement as the ledger gets it, with all it was made from, and its id there. */
function toEntry(call: Pick<ToolCallRow, 'id' | 'run_id' | 'tool_name'>, { agentId, argumentsHash, round }: Judged, judgement: Judgement): { id: string; insert: Beside } {
  const id = newId();
  const insert = safetyCheckInsert({
    id, tool_call_id: call.id, run_id: call.run_id, arguments_hash: argumentsHash, round, agent_id: agentId, tool_name: call.tool_name, facts: judgement.facts, risk_level: judgement.riskLevel,
    effect: judgement.effect, verdict: judgement.verdict, reason: judgement.reason, policy_version: judgement.policyVersion, matched_rules: judgement.matchedRules, terms: judgement.terms, problems: judgement.problems,
  });
  return { id, insert };
}

/** Adds a judgement to the ledger. */
export async function recordJudgement(trx: Transaction<Database>, ...judged: Parameters<typeof toEntry>): Promise<void> {
  await toEntry(...judged).insert(trx).execute();
}

const stateAfter: Record<PolicyEffect, ToolCallState> = { allow: 'allowed', ask: 'awaiting_approval', deny: 'denied' };

/**
 * Records the judgement of a call that is locked, lets the call stand as its verdict says, and shows it in the trace.
 * @param words.opening of the line in the trace, before the reason; `denial`: of what the model reads when it is denied.
 */
export async function applyJudgement(trx: Transaction<Database>, call: ToolCallRow, judged: Judged, judgement: Judgement, { opening, denial }: { opening: string; denial: string }): Promise<void> {
  const { verdict, riskLevel, effect, reason } = judgement;
  const isDenied = verdict === 'deny';
  const entry = toEntry(call, judged, judgement);
  const finishedAt = new Date();
  const stands = toolCallUpdate(call.id, {
    state: stateAfter[verdict], riskLevel, effect,
    ...(isDenied ? { finishedAt, error: { code: 'TOOL_REFUSED', message: `${denial}${reason}` } } : {}),
  });
  await insertStep(trx, {
    id: newId(), runId: call.run_id, iteration: call.iteration, kind: 'safety', status: isDenied ? 'refused' : 'completed', summary: `${riskLevel}: ${opening}${reason}`,
    toolName: call.tool_name, toolCallId: call.id, safetyCheckId: entry.id, finishedAt,
  }, [entry.insert, stands]);
}
