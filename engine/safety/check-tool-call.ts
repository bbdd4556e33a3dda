import type { Kysely } from 'kysely';
import { AppError } from '../../contracts/errors.ts';
import type { PolicyEffect } from '../../contracts/approvals.ts';
import type { Database } from '../../db/database.ts';
import { findSafetyCheck, insertSafetyCheck } from '../../db/repositories/safety-checks.repository.ts';
import { updatePolicyVersionOfRun } from '../../db/repositories/runs.repository.ts';
import { insertStep } from '../../db/repositories/steps.repository.ts';
import { lockToolCall, updateToolCall } from '../../db/repositories/tool-calls.repository.ts';
import type { ToolCallState } from '../../db/tables/runs.table.ts';
import { newId } from '../../platform/ids.ts';
import type { ToolCatalogue } from '../tools/index.ts';
import { findCircumstances } from './circumstances.ts';
import { judgeCall } from './judge-call.ts';
import type { Policies } from './policy.ts';

const stateAfter: Record<PolicyEffect, ToolCallState> = { allow: 'allowed', ask: 'awaiting_approval', deny: 'denied' };

/**
 * Judges one proposed call and records the judgement with its facts. Idempotent: a call that
 * was judged keeps its verdict.
 */
export async function checkToolCall(
  { db, tools, policies }: { db: Kysely<Database>; tools: Pick<ToolCatalogue, 'current'>; policies: Policies },
  { toolCallId }: { toolCallId: string },
): Promise<{ verdict: PolicyEffect }> {
  const [registry, set, circumstances] = await Promise.all([tools.current(), policies.current(), findCircumstances(db, { toolCallId, environment: policies.environment })]);
  return db.transaction().execute(async (trx) => {
    await updatePolicyVersionOfRun(trx, toolCallId, set.version);
    const call = await lockToolCall(trx, toolCallId);
    if (call === undefined) throw new AppError('INTERNAL', `tool call ${toolCallId} is not recorded`);
    const argumentsHash = call.arguments_hash ?? '';
    if (call.state !== 'proposed') {
      const judged = await findSafetyCheck(trx, toolCallId, argumentsHash);
      if (judged === undefined) throw new AppError('INTERNAL', `tool call ${toolCallId} is ${call.state} without a verdict`);
      return { verdict: judged.verdict };
    }
    const { riskLevel, facts, effect, verdict, reason, policyVersion, matchedRules, terms, problems } = judgeCall({ registry, policies: set, circumstances }, call.tool_name, call.arguments);
    const isDenied = verdict === 'deny';
    const checkId = newId();
    await insertSafetyCheck(trx, {
      id: checkId, tool_call_id: toolCallId, run_id: call.run_id, arguments_hash: argumentsHash, facts, risk_level: riskLevel,
      verdict, reason, policy_version: policyVersion, matched_rules: matchedRules, round: 1, agent_id: circumstances.agent.id, tool_name: call.tool_name, effect, terms, problems,
    });
    await updateToolCall(trx, toolCallId, {
      state: stateAfter[verdict],
      riskLevel,
      effect,
      ...(isDenied ? { finishedAt: new Date(), error: { code: 'TOOL_REFUSED', message: `Denied by policy. ${reason}` } } : {}),
    });
    await insertStep(trx, {
      id: newId(), runId: call.run_id, iteration: call.iteration, kind: 'safety', status: isDenied ? 'refused' : 'completed',
      summary: `${riskLevel}: ${reason}`, toolName: call.tool_name, toolCallId, safetyCheckId: checkId, finishedAt: new Date(),
    });
    return { verdict };
  });
}
