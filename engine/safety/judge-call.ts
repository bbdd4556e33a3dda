import type { ApprovalTerms, MatchedRule } from '../../contracts/approvals.ts';
import type { RiskLevel, ToolEffect, ToolFacts } from '../../contracts/tools.ts';
import type { ToolRegistry } from '../tools/index.ts';
import type { Circumstances } from './circumstances.ts';
import { toFacts } from './facts/to-facts.ts';
import type { PolicySet, PolicyVerdict } from './policy.ts';

/** A verdict on one call with what it was made from. */
export interface Judgement extends PolicyVerdict {
  riskLevel: RiskLevel;
  effect: ToolEffect;
  facts: ToolFacts;
  /** Why the call cannot be made, whatever the policy says; undefined when it can. */
  misfit?: string;
}

export interface JudgeDeps {
  registry: ToolRegistry;
  policies: PolicySet;
  circumstances: Circumstances;
}

/** What decides on a call that cannot be made any more, instead of policies. */
export const cannotBeMade: MatchedRule = { id: 'built-in.cannot-be-made', description: 'A call that cannot be made on this system is refused.' };

const day = 24 * 3_600;
/** A question waits for anybody who may decide, where no policy says who. */
const questionTerms: ApprovalTerms = { requirements: [], forbids_self_approval: false, expires_after_seconds: day, extendable_to_seconds: 3 * day, reminder_after_seconds: null, escalations: [], editable_fields: [] };

/** A question to a person always stops for its answer: what policies would let run unattended has no outcome without one. */
export const askingPerson = (judged: PolicyVerdict): PolicyVerdict => (judged.verdict === 'allow' ? { ...judged, verdict: 'ask', reason: 'The agent asks a person.', terms: questionTerms } : judged);

/**
 * Judges a call: risk, effect and facts from the tool, the verdict from the policies. A call that cannot be made any more (its tool was
 * switched off, or what its arguments name is gone) is denied without asking them.
 */
export function judgeCall({ registry, policies, circumstances }: JudgeDeps, toolName: string, args: unknown): Judgement {
  const refusal = registry.refusalOf(toolName);
  const parsed = refusal === undefined ? registry.parseArguments(toolName, args) : { ok: false as const, message: refusal };
  if (!parsed.ok) {
    const tool = registry.has(toolName) ? registry.get(toolName) : undefined;
    return {
      verdict: 'deny', reason: parsed.message, misfit: parsed.message, policyVersion: policies.version, matchedRules: [cannotBeMade],
      terms: null, problems: [], riskLevel: tool?.defaultRisk ?? 'CRITICAL', effect: tool?.defaultEffect ?? 'external', facts: {},
    };
  }
  const tool = registry.get(toolName);
  const riskLevel = tool.risk(parsed.args);
  const effect = tool.effect(parsed.args);
  const ofTool: ToolFacts = { ...tool.facts(parsed.args), ...(tool.definitionHash === undefined ? {} : { definition_hash: tool.definitionHash }) };
  const facts = toFacts(ofTool, parsed.args, circumstances, tool.bodies);
  const judged = policies.judge({ toolName, riskLevel, effect, facts });
  return { ...(tool.asksPerson === true ? askingPerson(judged) : judged), riskLevel, facts, effect };
}
