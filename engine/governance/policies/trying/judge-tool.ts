import type { MatchedRule, PolicyEffect } from '../../../../contracts/approvals.ts';
import type { RiskLevel, ToolFacts } from '../../../../contracts/tools.ts';
import { askingPerson, type NearMiss, newRun, type PolicySet, toCircumstanceFacts } from '../../../safety/index.ts';
import type { Tool } from '../../../tools/index.ts';

/** What a tool gets before the arguments of a call are known. */
export interface ToolVerdict {
  verdict: PolicyEffect;
  reason: string;
  matchedRules: MatchedRule[];
  /** Policies that look at arguments, or that were about it and did not decide. */
  mayChange: NearMiss[];
}

/** The verdict on any call of a tool at a risk, before its arguments are known. `facts`: who acts, what the run did, when and where. */
export function judgeTool(policies: PolicySet, { tool, riskLevel, facts }: { tool: Tool; riskLevel: RiskLevel; facts: ToolFacts }): ToolVerdict {
  const question = { toolName: tool.name, riskLevel, effect: tool.defaultEffect, facts: { ...facts, ...(tool.mcpServer === undefined ? {} : { mcp_server: tool.mcpServer }) }, isBeforeArguments: true };
  const judged = policies.judge(question);
  const { verdict, reason, matchedRules } = tool.asksPerson === true ? askingPerson(judged) : judged;
  return { verdict, reason, matchedRules, mayChange: policies.nearMisses(question) };
}

const anyAgent = { id: '', name: '', owner: null, tags: [], version: 1 };

/** Whether a call of this tool at its default risk waits for a person, whichever agent makes it: what policies say of some agents alone is left out. */
export const needsApproval = (policies: PolicySet, { tool, environment }: { tool: Tool; environment: string }): boolean =>
  judgeTool(policies, { tool, riskLevel: tool.defaultRisk, facts: toCircumstanceFacts({ agent: anyAgent, run: newRun, environment, at: new Date() }) }).verdict === 'ask';
