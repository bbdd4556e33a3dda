import type { PolicyDetails, PolicySummary } from '../../../../contracts/policies.ts';
import { type BuiltInPolicy, builtInPolicies, checkPolicySource, describePolicy } from '../../../safety/index.ts';

/** The shipped policy of this id; undefined for a written one. */
export const findBuiltIn = (policyId: string): BuiltInPolicy | undefined => builtInPolicies.find(({ id }) => id === policyId);

/** A shipped policy as the list shows it: always live, never changed. */
export const toBuiltInSummary = ({ id, name, cedar }: BuiltInPolicy, matches: number): PolicySummary => ({
  id, name, state: 'live', is_built_in: true, ...describePolicy(cedar), live_version: 1, has_draft: false, matches_7d: matches, changed_at: null, changed_by: null, revision: 0,
});

export const toBuiltInDetails = (policy: BuiltInPolicy, matches: number): PolicyDetails =>
  ({ ...toBuiltInSummary(policy, matches), cedar: policy.cedar, form: checkPolicySource({ cedar: policy.cedar }).form, draft: null });
