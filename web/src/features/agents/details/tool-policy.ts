import type { PolicyEffect, PolicyRule } from '@contracts/system.ts';
import type { RiskLevel } from '@contracts/tools.ts';

export const effectWords: Record<PolicyEffect, string> = { allow: 'Allowed', ask: 'Approval', deny: 'Blocked' };

/** Stronger first: a block always wins, then ask, then allow. */
const strength: readonly PolicyEffect[] = ['deny', 'ask', 'allow'];

/** What the live rules say of a call at this risk, and which rule decides; blocked where no rule speaks. */
export const judgeAtRisk = (rules: readonly PolicyRule[], risk: RiskLevel): { effect: PolicyEffect; rule: PolicyRule | undefined } => {
  const matching = rules.filter((rule) => rule.risk_levels.includes(risk));
  for (const effect of strength) {
    const rule = matching.find((one) => one.effect === effect);
    if (rule !== undefined) return { effect, rule };
  }
  return { effect: 'deny', rule: undefined };
};
