import { AppError } from '../../../../contracts/errors.ts';
import type { SimulateAgentBody, SimulatedAgent } from '../../../../contracts/policies.ts';
import { riskLevels } from '../../../../contracts/tools.ts';
import { findAgent } from '../../../../db/repositories/agents.repository.ts';
import { findAgentCircumstances, toCircumstanceFacts } from '../../../safety/index.ts';
import { findSetToTry } from './find-set-to-try.ts';
import { judgeTool } from './judge-tool.ts';
import type { PolicyDeps } from '../policy-deps.ts';

/**
 * The verdict on each tool of an agent, those offered beside them included, before any argument is known. Nothing is recorded.
 * Throws AGENT_NOT_FOUND and, about the draft, POLICY_NOT_FOUND, POLICY_BUILT_IN and POLICY_INVALID.
 */
export async function simulateAgent(deps: PolicyDeps, { agent_id: agentId, draft }: SimulateAgentBody): Promise<SimulatedAgent> {
  const [registry, policies, circumstances, agent] = await Promise.all([
    deps.tools.current(), findSetToTry(deps, draft), findAgentCircumstances(deps.db, { agentId, environment: deps.policies.environment }), findAgent(deps.db, agentId),
  ]);
  if (agent === undefined) throw new AppError('AGENT_NOT_FOUND', `agent ${agentId}`);
  const facts = toCircumstanceFacts(circumstances);
  const names = new Set([...agent.definition.tools, ...registry.namesOffered(agent.definition.tools)]);
  return {
    policy_version: policies.version,
    agent_version: agent.current_version,
    items: [...names].filter((name) => registry.has(name)).map((toolName) => {
      const tool = registry.get(toolName);
      const at = (riskLevel: (typeof riskLevels)[number]) => judgeTool(policies, { tool, riskLevel, facts });
      const { verdict, reason, matchedRules, mayChange } = at(tool.defaultRisk);
      return {
        tool_name: toolName,
        risk_level: tool.defaultRisk,
        effect: tool.defaultEffect,
        verdict,
        reason,
        matched_rules: matchedRules,
        may_change: mayChange,
        at_higher_risk: riskLevels.slice(riskLevels.indexOf(tool.defaultRisk) + 1).map((riskLevel) => ({ risk_level: riskLevel, verdict: at(riskLevel).verdict })),
        misfit: registry.refusalOf(toolName) ?? null,
      };
    }),
  };
}
