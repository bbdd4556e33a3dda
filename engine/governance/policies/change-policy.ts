import type { Transaction } from 'kysely';
import { AppError, toFieldError } from '../../../contracts/errors.ts';
import type { PolicyConflict } from '../../../contracts/policies.ts';
import type { Database } from '../../../db/database.ts';
import { findPolicyView, lockPolicy, type PolicyRow, type PolicyView } from '../../../db/repositories/policies.repository.ts';
import { refusingDuplicates } from '../../../db/unique-violation.ts';
import { builtInPolicies } from '../../safety/index.ts';
import { getWrittenPolicy } from './reading/get-written-policy.ts';
import type { PolicyDeps } from './policy-deps.ts';
import { toPerson } from './reading/to-policy.ts';

const toNameTaken = (cause?: unknown): AppError => toFieldError('POLICY_NAME_TAKEN', { path: 'name', message: 'Another policy already has this name.' }, cause);

/** Names of shipped policies are taken as well: a verdict names the policies that made it. Throws POLICY_NAME_TAKEN. */
export function refuseBuiltInName(name: string): void {
  if (builtInPolicies.some((policy) => policy.name.toLowerCase() === name.toLowerCase())) throw toNameTaken();
}

/** Does the work; a name that another written policy has throws POLICY_NAME_TAKEN. */
export const refusingTakenName = <Result>(work: () => Promise<Result>): Promise<Result> => refusingDuplicates({ policies_name_key: toNameTaken }, work);

/** What is there now, for whoever wanted to change what was there before. */
const toConflict = (view: PolicyView): PolicyConflict => ({
  revision: view.revision, name: view.name, changed_at: view.changed_at.toISOString(), changed_by: toPerson(view.changed_by, view.changer),
  live_version: view.live_version, cedar: view.cedar, draft_cedar: view.draft_cedar,
});

/** A written policy as somebody who changes it has seen it. Throws POLICY_BUILT_IN, POLICY_NOT_FOUND, and POLICY_CHANGED with a {@link PolicyConflict}. */
export async function getAtRevision({ db }: Pick<PolicyDeps, 'db'>, policyId: string, revision: number): Promise<PolicyView> {
  const view = await getWrittenPolicy(db, policyId);
  if (view.revision !== revision) throw new AppError('POLICY_CHANGED', undefined, { details: { ...toConflict(view) } });
  return view;
}

/**
 * Changes a policy that is held meanwhile and still is what `revision` says; returns it as this change left it, whatever others made of it since.
 * Throws POLICY_BUILT_IN, POLICY_NOT_FOUND, POLICY_CHANGED and POLICY_NAME_TAKEN.
 */
export async function changePolicy(
  { db }: Pick<PolicyDeps, 'db'>,
  { policyId, revision }: { policyId: string; revision: number },
  work: (trx: Transaction<Database>, policy: PolicyRow) => Promise<void>,
): Promise<PolicyView | undefined> {
  return refusingTakenName(() =>
    db.transaction().execute(async (trx) => {
      const policy = await lockPolicy(trx, policyId);
      await getAtRevision({ db: trx }, policyId, revision);
      if (policy !== undefined) await work(trx, policy);
      return findPolicyView(trx, policyId);
    }));
}
