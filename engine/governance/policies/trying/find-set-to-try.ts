import { checkPolicySource, type PolicySet } from '../../../safety/index.ts';
import type { PolicyDeps } from '../policy-deps.ts';
import { putDraftInPlace } from '../drafts/put-draft-in-place.ts';
import { requireValid } from '../checking/require-valid.ts';

/**
 * What calls are tried against: the live policies, with a draft among them where one is given. Throws POLICY_NOT_FOUND, POLICY_BUILT_IN, and
 * POLICY_INVALID with `details.issues` for a draft that could not go live.
 */
export async function findSetToTry({ db, policies }: Pick<PolicyDeps, 'db' | 'policies'>, draft: { policy_id: string | null; cedar: string } | undefined): Promise<PolicySet> {
  if (draft === undefined) return policies.current({ maxAgeMs: 0 });
  requireValid(checkPolicySource({ cedar: draft.cedar }));
  return putDraftInPlace(db, { policyId: draft.policy_id, cedar: draft.cedar });
}
