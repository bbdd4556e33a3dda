import type { ApprovalTerms, MatchedRule } from '../../contracts/approvals.ts';
import type { RiskLevel, ToolEffect, ToolFacts } from '../../contracts/tools.ts';
import type { Kysely } from 'kysely';
import type { Database } from '../../db/database.ts';
import type { ToolCatalogue, ToolRegistry } from '../tools/index.ts';
import { type Circumstances, findCircumstances } from './circumstances.ts';
import { toFacts } from './facts/to-facts.ts';
import { mergeTerms } from './merge-terms.ts';
import type { Policies, PolicySet, PolicyVerdict } from './policy.ts';

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

/** What a recorded call is judged with now. Asks the database, so never call it inside a transaction. Throws INTERNAL for a call that is not recorded. */
export async function prepareJudge({ db, tools, policies }: { db: Kysely<Database>; tools: Pick<ToolCatalogue, 'current'>; policies: Policies }, toolCallId: string): Promise<JudgeDeps> {
  const [registry, set, circumstances] = await Promise.all([tools.current(), policies.current(), findCircumstances(db, { toolCallId, environment: policies.environment })]);
  return { registry, policies: set, circumstances };
}

/** What decides on a call that cannot be made any more, instead of policies. */
export const cannotBeMade: MatchedRule = { id: 'built-in.cannot-be-made', description: 'A call that cannot be made on this system is refused.' };

/** A question waits for anybody who may decide, where no policy says who. */
const questionTerms: ApprovalTerms = { ...mergeTerms([]), editable_fields: [] };

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
