import type { MatchedRule, PolicyEffect } from '../../../contracts/approvals.ts';
import type { RiskLevel } from '../../../contracts/tools.ts';
import type { NearMiss, PolicySet } from '../../safety/index.ts';
import type { Tool } from '../../tools/index.ts';

export function judgeTool(policies: PolicySet, tool: Tool, riskLevel: RiskLevel): { verdict: PolicyEffect; reason: string; matchedRules: MatchedRule[]; mayChange: NearMiss[] } {
  const question = { toolName: tool.name, riskLevel, effect: tool.defaultEffect, facts: {} };
  return { ...policies.judge(question), mayChange: policies.nearMisses(question) };
}
