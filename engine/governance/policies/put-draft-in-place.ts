import type { Kysely } from 'kysely';
import { AppError } from '../../../contracts/errors.ts';
import type { Database } from '../../../db/database.ts';
import { findPolicyView } from '../../../db/repositories/policies.repository.ts';
import { listLivePolicies } from '../../../db/repositories/policy-sets.repository.ts';
import { createPolicySet, type PolicySet, toPolicyVersion } from '../../safety/index.ts';
import { findBuiltIn } from './built-ins.ts';

/** Text put in the place of a policy; `policyId` null: beside all others, as a new one. */
export interface DraftInPlace {
  policyId: string | null;
  cedar: string;
}

/** What a draft without a policy goes by in the verdicts of such a set. */
const newPolicy = { id: 'draft', name: 'This draft' };

/**
 * What is live now with a draft in the place of a policy. The verdicts name the draft by its policy's id, without a version.
 * Throws POLICY_NOT_FOUND and POLICY_BUILT_IN.
 */
export async function putDraftInPlace(db: Kysely<Database>, { policyId, cedar }: DraftInPlace): Promise<PolicySet> {
  if (policyId !== null && findBuiltIn(policyId) !== undefined) throw new AppError('POLICY_BUILT_IN', `policy ${policyId}`);
  const [replaced, { setVersion, policies }] = await Promise.all([policyId === null ? undefined : findPolicyView(db, policyId), listLivePolicies(db)]);
  if (policyId !== null && replaced === undefined) throw new AppError('POLICY_NOT_FOUND', `policy ${policyId}`);
  const draft = { id: replaced?.id ?? newPolicy.id, name: replaced?.name ?? newPolicy.name, version: null, cedar };
  return createPolicySet({ version: toPolicyVersion(setVersion), policies: [...policies.filter(({ id }) => id !== policyId), draft] });
}
