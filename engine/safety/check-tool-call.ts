import type { Kysely } from 'kysely';
import { AppError } from '../../contracts/errors.ts';
import type { PolicyEffect } from '../../contracts/approvals.ts';
import type { Database } from '../../db/database.ts';
import { findSafetyCheck } from '../../db/repositories/safety-checks.repository.ts';
import { updatePolicyVersionOfRun } from '../../db/repositories/runs.repository.ts';
import { lockToolCall } from '../../db/repositories/tool-calls.repository.ts';
import type { ToolCatalogue } from '../tools/index.ts';
import { judgeCall, prepareJudge } from './judge-call.ts';
import type { Policies } from './policy.ts';
import { applyJudgement } from './record-judgement.ts';

/**
 * Judges one proposed call and records the judgement with its facts. Idempotent: a call that
 * was judged keeps its verdict.
 */
export async function checkToolCall(
  { db, tools, policies }: { db: Kysely<Database>; tools: Pick<ToolCatalogue, 'current'>; policies: Policies },
  { toolCallId }: { toolCallId: string },
): Promise<{ verdict: PolicyEffect }> {
  const judge = await prepareJudge({ db, tools, policies }, toolCallId);
  return db.transaction().execute(async (trx) => {
    await updatePolicyVersionOfRun(trx, toolCallId, judge.policies.version);
    const call = await lockToolCall(trx, toolCallId);
    if (call === undefined) throw new AppError('INTERNAL', `tool call ${toolCallId} is not recorded`);
    const argumentsHash = call.arguments_hash ?? '';
    if (call.state !== 'proposed') {
      const judged = await findSafetyCheck(trx, toolCallId, argumentsHash);
      if (judged === undefined) throw new AppError('INTERNAL', `tool call ${toolCallId} is ${call.state} without a verdict`);
      return { verdict: judged.verdict };
    }
    const judgement = judgeCall(judge, call.tool_name, call.arguments);
    await applyJudgement(trx, call, { agentId: judge.circumstances.agent.id, argumentsHash, round: 1 }, judgement, { opening: '', denial: 'Denied by policy. ' });
    return { verdict: judgement.verdict };
  });
}
