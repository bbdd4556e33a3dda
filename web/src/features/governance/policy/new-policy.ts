import type { PolicyEffect } from '@contracts/approvals.ts';
import { type PolicyDetails, type PolicyForm, policyFormSchema } from '@contracts/policies.ts';
import type { RiskLevel } from '@contracts/tools.ts';

/** Where a new policy begins: a question, which stops nothing for good and lets nothing through. */
export const newPolicyForm: PolicyForm = policyFormSchema.parse({ effect: 'ask' });

/** The next stricter effect; what is blocked already can only be loosened. */
const otherEffect: Record<PolicyDetails['effect'], PolicyEffect> = { allow: 'ask', ask: 'deny', mixed: 'ask', deny: 'ask' };

/** What the shipped policies are about: their texts have comments and lone permits, which no form shows. */
const shippedRisks: Record<string, RiskLevel[]> = { 'built-in.low-and-medium-run': ['LOW', 'MEDIUM'], 'built-in.high-asks': ['HIGH'] };

/** The same calls with another effect. */
export const overridingForm = ({ id, form, effect }: Pick<PolicyDetails, 'id' | 'form' | 'effect'>): PolicyForm => ({
  ...(form ?? { ...newPolicyForm, risk_levels: shippedRisks[id] ?? [] }), effect: otherEffect[effect], reason: '', terms: null,
});

export const overridingName = ({ name }: Pick<PolicyDetails, 'name'>): string => `Instead of: ${name}`.slice(0, 120);
