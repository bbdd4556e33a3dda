import type { Kysely } from 'kysely';
import { AppError } from '../../../../contracts/errors.ts';
import type { Database } from '../../../../db/database.ts';
import { findPolicyView, type PolicyView } from '../../../../db/repositories/policies.repository.ts';
import { findBuiltIn } from './built-ins.ts';

/** A policy that people wrote. Throws POLICY_BUILT_IN for a shipped one, and POLICY_NOT_FOUND. */
export async function getWrittenPolicy(db: Kysely<Database>, policyId: string): Promise<PolicyView> {
  if (findBuiltIn(policyId) !== undefined) throw new AppError('POLICY_BUILT_IN', `policy ${policyId}`);
  const view = await findPolicyView(db, policyId);
  if (view === undefined) throw new AppError('POLICY_NOT_FOUND', `policy ${policyId}`);
  return view;
}
