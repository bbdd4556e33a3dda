import type { MatchedRule } from '../../contracts/approvals.ts';
import type { PolicyEffect, PolicyRule } from '../../contracts/system.ts';
import { type RiskLevel, riskLevels, type ToolFacts } from '../../contracts/tools.ts';

/** What a policy says about one call. */
export interface PolicyVerdict {
  verdict: PolicyEffect;
  /** A sentence a person reads. */
  reason: string;
  matchedRules: MatchedRule[];
  policyVersion: string;
}

/** What an approval under the policy is like. */
export interface ApprovalTerms {
  /** Milliseconds until an undecided request expires as rejected; null: never. */
  expiresAfterMs: number | null;
  forbidsSelfApproval: boolean;
}

/** Judges calls from facts alone, so that every verdict can be judged again later. */
export interface Policy {
  version: string;
  approvalTerms: ApprovalTerms;
  judge(call: { toolName: string; riskLevel: RiskLevel; facts: ToolFacts }): PolicyVerdict;
  listRules(): Omit<PolicyRule, 'matches_7d'>[];
}

const rules: readonly Omit<PolicyRule, 'matches_7d'>[] = [
  { id: 'built-in.low-and-medium-run', name: 'Low and medium risk', description: 'Calls of LOW or MEDIUM risk run unattended.', effect: 'allow', risk_levels: ['LOW', 'MEDIUM'], is_built_in: true },
  { id: 'built-in.high-asks', name: 'High risk', description: 'Calls of HIGH risk wait until a person approves them.', effect: 'ask', risk_levels: ['HIGH'], is_built_in: true },
  { id: 'built-in.critical-denied', name: 'Critical risk', description: 'Calls of CRITICAL risk are refused.', effect: 'deny', risk_levels: ['CRITICAL'], is_built_in: true },
];

const consequence: Record<PolicyEffect, string> = { allow: 'it runs', ask: 'a person has to approve it', deny: 'it is refused' };
const day = 24 * 3600 * 1000;

/** The policy every system starts with: LOW and MEDIUM run, HIGH asks, CRITICAL is denied. Undecided requests expire after a day. */
export function createBuiltInPolicy(terms: ApprovalTerms = { expiresAfterMs: day, forbidsSelfApproval: false }): Policy {
  return {
    version: 'built-in-1',
    approvalTerms: terms,
    judge({ riskLevel }) {
      // Anything that is no known level is treated as the highest: default deny.
      const level = riskLevels.includes(riskLevel) ? riskLevel : 'CRITICAL';
      const rule = rules.find((candidate) => candidate.risk_levels.includes(level)) as (typeof rules)[number];
      return {
        verdict: rule.effect,
        reason: `Risk is ${level}, so ${consequence[rule.effect]}.`,
        matchedRules: [{ id: rule.id, description: rule.description }],
        policyVersion: 'built-in-1',
      };
    },
    listRules: () => [...rules],
  };
}
