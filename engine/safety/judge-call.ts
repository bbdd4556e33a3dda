import { isDeepStrictEqual } from 'node:util';
import type { ApprovalTerms, MatchedRule } from '../../contracts/approvals.ts';
import type { RiskLevel, ToolEffect, ToolFacts } from '../../contracts/tools.ts';
import type { Kysely } from 'kysely';
import type { Database } from '../../db/database.ts';
import type { SafetyCheckRow } from '../../db/repositories/safety-checks.repository.ts';
import type { Tool, ToolCatalogue, ToolRegistry } from '../tools/index.ts';
import { type Circumstances, findCircumstances } from './circumstances.ts';
import { toFacts, toStorable } from './facts/to-facts.ts';
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

/** What its tool says of a call. */
type ToolReading = { ok: true; tool: Tool; args: unknown; riskLevel: RiskLevel; effect: ToolEffect; facts: ToolFacts } | { ok: false; message: string };

function readTool(registry: ToolRegistry, toolName: string, given: unknown): ToolReading {
  const refusal = registry.refusalOf(toolName);
  const parsed = refusal === undefined ? registry.parseArguments(toolName, given) : { ok: false as const, message: refusal };
  if (!parsed.ok) return parsed;
  const { args } = parsed;
  const tool = registry.get(toolName);
  return { ok: true, tool, args, riskLevel: tool.risk(args), effect: tool.effect(args), facts: { ...tool.facts(args), ...(tool.definitionHash === undefined ? {} : { definition_hash: tool.definitionHash }) } };
}

/** Whether its tool still says of a call what it was judged by. Asks nobody: what else it was judged by may have changed. */
export function isStillSaid(registry: ToolRegistry, { tool_name: toolName, risk_level: riskLevel, effect, facts }: Pick<SafetyCheckRow, 'tool_name' | 'risk_level' | 'effect' | 'facts'>, args: unknown): boolean {
  const now = readTool(registry, toolName ?? '', args);
  return now.ok && now.riskLevel === riskLevel && now.effect === effect && Object.entries(toStorable(now.facts)).every(([name, value]) => isDeepStrictEqual(value, facts[name]));
}

/**
 * Judges a call: risk, effect and facts from the tool, the verdict from the policies. A call that cannot be made any more (its tool was
 * switched off, or what its arguments name is gone) is denied without asking them.
 */
export function judgeCall({ registry, policies, circumstances }: JudgeDeps, toolName: string, args: unknown): Judgement {
  const reading = readTool(registry, toolName, args);
  if (!reading.ok) {
    const tool = registry.has(toolName) ? registry.get(toolName) : undefined;
    return {
      verdict: 'deny', reason: reading.message, misfit: reading.message, policyVersion: policies.version, matchedRules: [cannotBeMade],
      terms: null, problems: [], riskLevel: tool?.defaultRisk ?? 'CRITICAL', effect: tool?.defaultEffect ?? 'external', facts: {},
    };
  }
  const { tool, riskLevel, effect } = reading;
  const facts = toFacts(reading.facts, reading.args, circumstances, tool.bodies);
  const judged = policies.judge({ toolName, riskLevel, effect, facts });
  return { ...(tool.asksPerson === true ? askingPerson(judged) : judged), riskLevel, facts, effect };
}
