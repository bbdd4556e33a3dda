import type { Kysely } from 'kysely';
import { AppError } from '../../contracts/errors.ts';
import type { PolicyEffect } from '../../contracts/system.ts';
import type { Database } from '../../db/database.ts';
import { findSafetyCheck, insertSafetyCheck } from '../../db/repositories/safety-checks.repository.ts';
import { insertStep } from '../../db/repositories/steps.repository.ts';
import { lockToolCall, updateToolCall } from '../../db/repositories/tool-calls.repository.ts';
import type { ToolCallState } from '../../db/tables/runs.table.ts';
import { newId } from '../../platform/ids.ts';
import type { ToolCatalogue } from '../tools/index.ts';
import type { Policy } from './built-in-policy.ts';
import { judgeCall } from './judge-call.ts';

const stateAfter: Record<PolicyEffect, ToolCallState> = { allow: 'allowed', ask: 'awaiting_approval', deny: 'denied' };

/**
 * Judges one proposed call and records the judgement with its facts. Idempotent: a call that
 * was judged keeps its verdict.
 */
export async function checkToolCall(
  { db, tools, policy }: { db: Kysely<Database>; tools: Pick<ToolCatalogue, 'current'>; policy: Policy },
  { toolCallId }: { toolCallId: string },
): Promise<{ verdict: PolicyEffect }> {
  const registry = await tools.current();
  return db.transaction().execute(async (trx) => {
    const call = await lockToolCall(trx, toolCallId);
    if (call === undefined) throw new AppError('INTERNAL', `tool call ${toolCallId} is not recorded`);
    const argumentsHash = call.arguments_hash ?? '';
    if (call.state !== 'proposed') {
      const judged = await findSafetyCheck(trx, toolCallId, argumentsHash);
      if (judged === undefined) throw new AppError('INTERNAL', `tool call ${toolCallId} is ${call.state} without a verdict`);
      return { verdict: judged.verdict };
    }
    const { riskLevel, facts, effect, verdict, reason, policyVersion, matchedRules } = judgeCall({ registry, policy }, call.tool_name, call.arguments);
    const isDenied = verdict === 'deny';
    const checkId = newId();
    await insertSafetyCheck(trx, {
      id: checkId, tool_call_id: toolCallId, run_id: call.run_id, arguments_hash: argumentsHash, facts, risk_level: riskLevel,
      verdict, reason, policy_version: policyVersion, matched_rules: matchedRules,
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
