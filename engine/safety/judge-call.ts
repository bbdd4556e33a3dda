import type { RiskLevel, ToolEffect, ToolFacts } from '../../contracts/tools.ts';
import type { ToolRegistry } from '../tools/index.ts';
import type { Policy, PolicyVerdict } from './built-in-policy.ts';

/** A verdict on one call with what it was made from. */
export interface Judgement extends PolicyVerdict {
  riskLevel: RiskLevel;
  effect: ToolEffect;
  facts: ToolFacts;
  /** Why the call cannot be made, whatever the policy says; undefined when it can. */
  misfit?: string;
}

/**
 * Judges a call: risk, effect and facts from the tool, the verdict from the policy. A call that cannot be made any more (its tool was
 * switched off, or what its arguments name is gone) is denied without asking the policy.
 */
export function judgeCall({ registry, policy }: { registry: ToolRegistry; policy: Policy }, toolName: string, args: unknown): Judgement {
  const refusal = registry.refusalOf(toolName);
  const parsed = refusal === undefined ? registry.parseArguments(toolName, args) : { ok: false as const, message: refusal };
  if (!parsed.ok) {
    const tool = registry.has(toolName) ? registry.get(toolName) : undefined;
    return {
      verdict: 'deny', reason: parsed.message, misfit: parsed.message, policyVersion: policy.version, matchedRules: [{ id: 'built-in.cannot-be-made', description: 'A call that cannot be made on this system is refused.' }],
      riskLevel: tool?.defaultRisk ?? 'CRITICAL', effect: tool?.defaultEffect ?? 'external', facts: {},
    };
  }
  const tool = registry.get(toolName);
  const riskLevel = tool.risk(parsed.args);
  const facts: ToolFacts = { ...tool.facts(parsed.args), ...(tool.definitionHash === undefined ? {} : { definition_hash: tool.definitionHash }) };
  return { ...policy.judge({ toolName, riskLevel, facts }), riskLevel, facts, effect: tool.effect(parsed.args) };
}
