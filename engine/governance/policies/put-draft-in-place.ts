import type { Kysely } from 'kysely';
import { AppError } from '../../../contracts/errors.ts';
import type { Database } from '../../../db/database.ts';
import { findPolicyView } from '../../../db/repositories/policies.repository.ts';
import { listLivePolicies } from '../../../db/repositories/policy-sets.repository.ts';
import { createPolicySet, type PolicySet, type PolicyText, toPolicyVersion } from '../../safety/index.ts';
import { findBuiltIn } from './built-ins.ts';

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
  if (policyId !== null && findBuiltIn(policyId) !== undefined) throw new AppError('POLICY_BUILT_IN', `policy ${policyId}`);
  const [replaced, { setVersion, policies }] = await Promise.all([policyId === null ? undefined : findPolicyView(db, policyId), listLivePolicies(db)]);
  if (policyId !== null && replaced === undefined) throw new AppError('POLICY_NOT_FOUND', `policy ${policyId}`);
  const draft = toDraftText({ policyId, policyName: replaced?.name ?? null, cedar });
  return createPolicySet({ version: toPolicyVersion(setVersion), policies: [...policies.filter(({ id }) => id !== draft.id), draft] });
}
