import type { Transaction } from 'kysely';
import type { Database } from '../../../db/database.ts';
import { findLastRound, insertSafetyCheck } from '../../../db/repositories/safety-checks.repository.ts';
import { newId } from '../../../platform/ids.ts';
import type { Judgement } from '../../safety/index.ts';

/** Adds another judgement of a call to the ledger and returns its id: of arguments somebody edited, or of the same ones at a later time. */
export async function recordJudgement(trx: Transaction<Database>, call: { toolCallId: string; runId: string; agentId: string; toolName: string; argumentsHash: string }, judgement: Judgement): Promise<string> {
  const id = newId();
  await insertSafetyCheck(trx, {
    id, tool_call_id: call.toolCallId, run_id: call.runId, arguments_hash: call.argumentsHash, round: (await findLastRound(trx, call.toolCallId, call.argumentsHash)) + 1,
    agent_id: call.agentId, tool_name: call.toolName, facts: judgement.facts, risk_level: judgement.riskLevel, effect: judgement.effect, verdict: judgement.verdict, reason: judgement.reason,
    policy_version: judgement.policyVersion, matched_rules: judgement.matchedRules, terms: judgement.terms, problems: judgement.problems,
  });
  return id;
}
