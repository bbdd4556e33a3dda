import type { PolicyEffect } from '@contracts/approvals.ts';
import { type PolicyDetails, type PolicyForm, policyFormSchema } from '@contracts/policies.ts';

/** Where a new policy begins: a question, which stops nothing for good and lets nothing through. */
export const newPolicyForm: PolicyForm = policyFormSchema.parse({ effect: 'ask' });

/** The next stricter effect; what is blocked already can only be loosened. */
const otherEffect: Record<PolicyDetails['effect'], PolicyEffect> = { allow: 'ask', ask: 'deny', mixed: 'ask', deny: 'ask' };

/** The same calls with another effect. */
export const overridingForm = ({ form, effect }: Pick<PolicyDetails, 'form' | 'effect'>): PolicyForm => ({
  ...(form ?? newPolicyForm), effect: otherEffect[effect], reason: '', terms: null,
});

export const overridingName = ({ name }: Pick<PolicyDetails, 'name'>): string => `Instead of: ${name}`.slice(0, 120);
