import type { Kysely } from 'kysely';
import { AppError } from '../../../contracts/errors.ts';
import type { Database } from '../../../db/database.ts';
import type { BackTestRow } from '../../../db/repositories/back-tests.repository.ts';
import { listLivePolicies } from '../../../db/repositories/policy-sets.repository.ts';
import { createPolicySet, type PolicySet, toPolicyVersion } from '../../safety/index.ts';
import { toDraftText } from '../policies/drafts/put-draft-in-place.ts';

/** What is compared. */
export interface ComparedSets {
  live: PolicySet;
  draft: PolicySet;
}

/**
 * The set that was live when the back-test was started, and the same with the draft in its place: made of what the row names, so that
 * whoever goes on with it compares the same two. Throws BACK_TEST_OUTDATED when this version of Maestro brings other built-in policies.
 */
export async function loadSets(db: Kysely<Database>, test: Pick<BackTestRow, 'id' | 'policy_id' | 'policy_name' | 'cedar' | 'policy_version' | 'set_version'>): Promise<ComparedSets> {
  const version = toPolicyVersion(test.set_version ?? undefined);
  if (version !== test.policy_version) throw new AppError('BACK_TEST_OUTDATED');
  const policies = test.set_version === null ? [] : (await listLivePolicies(db, { setVersion: test.set_version })).policies;
  const draft = toDraftText({ policyId: test.policy_id, policyName: test.policy_name, cedar: test.cedar });
  return {
    live: createPolicySet({ version, policies: policies.map((policy) => ({ ...policy, isApart: policy.id === draft.id })) }),
    draft: createPolicySet({ version, policies: [...policies.filter(({ id }) => id !== draft.id), draft] }),
  };
}
