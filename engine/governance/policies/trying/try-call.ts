import type { JudgedCall, TryCallBody } from '../../../../contracts/policies.ts';
import { findAgentCircumstances, judgeCall } from '../../../safety/index.ts';
import { findSetToTry } from './find-set-to-try.ts';
import type { PolicyDeps } from '../policy-deps.ts';

/**
 * The verdict a call would get if this agent proposed it now as the first thing it does, and why. Nothing is recorded and nothing is run.
 * Throws AGENT_NOT_FOUND and, about the draft, POLICY_NOT_FOUND, POLICY_BUILT_IN and POLICY_INVALID.
 */
export async function tryCall(deps: PolicyDeps, { agent_id: agentId, tool_name: toolName, arguments: args, draft }: TryCallBody): Promise<JudgedCall> {
  const [registry, policies, circumstances] = await Promise.all([deps.tools.current(), findSetToTry(deps, draft), findAgentCircumstances(deps.db, { agentId, environment: deps.policies.environment })]);
  const judged = judgeCall({ registry, policies, circumstances }, toolName, args);
  const { riskLevel, effect, facts } = judged;
  return {
    verdict: judged.verdict,
    reason: judged.reason,
    matched_rules: judged.matchedRules,
    near_misses: judged.misfit === undefined ? policies.nearMisses({ toolName, riskLevel, effect, facts }) : [],
    policy_version: judged.policyVersion,
    risk_level: riskLevel,
    effect,
    facts,
    problems: judged.problems,
    terms: judged.terms,
    misfit: judged.misfit ?? null,
  };
}
