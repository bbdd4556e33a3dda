import type { Kysely } from 'kysely';
import type { Database } from '../../../../db/database.ts';
import { listLivePolicies } from '../../../../db/repositories/policy-sets.repository.ts';
import { createPolicySet, type PolicySet, type PolicyText, toPolicyVersion } from '../../../safety/index.ts';
import { getWrittenPolicy } from '../reading/get-written-policy.ts';

/** Text put in the place of a policy; `policyId` null: beside all others, as a new one. */
export interface DraftInPlace {
  policyId: string | null;
  cedar: string;
}

/**
 * A draft as a set has it: by the id and name of the policy whose place it takes, or by its own as a new one. Evaluated apart, since the sets
 * with and without it are usually compared.
 */
export const toDraftText = ({ policyId, policyName, cedar }: DraftInPlace & { policyName: string | null }): PolicyText => ({ id: policyId ?? 'draft', name: policyName ?? 'This draft', version: null, cedar, isApart: true });

/**
 * What is live now with a draft in the place of a policy. The verdicts name the draft by its policy's id, without a version.
 * Throws POLICY_NOT_FOUND and POLICY_BUILT_IN.
 */
export async function putDraftInPlace(db: Kysely<Database>, { policyId, cedar }: DraftInPlace): Promise<PolicySet> {
  const [replaced, { setVersion, policies }] = await Promise.all([policyId === null ? undefined : getWrittenPolicy(db, policyId), listLivePolicies(db)]);
  const draft = toDraftText({ policyId, policyName: replaced?.name ?? null, cedar });
  return createPolicySet({ version: toPolicyVersion(setVersion), policies: [...policies.filter(({ id }) => id !== draft.id), draft] });
}
