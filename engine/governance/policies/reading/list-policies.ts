import type { PoliciesResponse } from '../../../../contracts/policies.ts';
import { listPolicyViews } from '../../../../db/repositories/policies.repository.ts';
import { builtInPolicies } from '../../../safety/index.ts';
import { toBuiltInSummary } from './built-ins.ts';
import { countRecentMatches } from './count-recent-matches.ts';
import type { PolicyDeps } from '../policy-deps.ts';
import { toSummary } from './to-policy.ts';

/** Policies, live and in the making, by name; the shipped ones last. */
export async function listPolicies({ db, policies }: Pick<PolicyDeps, 'db' | 'policies'>): Promise<PoliciesResponse> {
  const [set, views, matches] = await Promise.all([policies.current({ maxAgeMs: 0 }), listPolicyViews(db), countRecentMatches(db)]);
  return {
    policy_version: set.version,
    default_effect: 'deny',
    items: [...views.map((view) => toSummary(view, matches.get(view.id) ?? 0)), ...builtInPolicies.map((policy) => toBuiltInSummary(policy, matches.get(policy.id) ?? 0))],
  };
}
