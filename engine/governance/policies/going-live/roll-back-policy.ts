import { AppError } from '../../../../contracts/errors.ts';
import type { PolicyDetails } from '../../../../contracts/policies.ts';
import { insertAuditEntry } from '../../../../db/repositories/audit.repository.ts';
import { findPolicyVersion, insertPolicyVersion, updatePolicy } from '../../../../db/repositories/policies.repository.ts';
import { type Actor, toAuditActor } from '../../actor.ts';
import { changePolicy, getAtRevision } from '../change-policy.ts';
import { checkText } from '../checking/check-text.ts';
import { toDetails } from '../reading/get-policy.ts';
import type { PolicyDeps } from '../policy-deps.ts';
import { requireValid } from '../checking/require-valid.ts';
import { setLive } from './set-live.ts';

/**
 * Makes the text of an older version live at once, as a new version; a draft stays what it is. It was live before, so it needs no back-test,
 * but it must still be valid. Throws POLICY_NOT_FOUND (also for a version there is not), POLICY_BUILT_IN, POLICY_CHANGED, POLICY_INVALID, and
 * POLICY_NOTHING_TO_PUBLISH when that text is live already.
 */
export async function rollBackPolicy(
  deps: PolicyDeps,
  { policyId, body, actor }: { policyId: string; body: { revision: number; version: number; note: string }; actor: Actor },
): Promise<PolicyDetails> {
  const view = await getAtRevision(deps, policyId, body.revision);
  const old = await findPolicyVersion(deps.db, policyId, body.version);
  if (old === undefined) throw new AppError('POLICY_NOT_FOUND', `There is no version ${body.version} of this policy.`);
  if (view.live_version !== null && view.cedar === old.cedar) throw new AppError('POLICY_NOTHING_TO_PUBLISH', `Version ${body.version} says what is live already.`);
  requireValid(await checkText(deps, { cedar: old.cedar }));
  const changed = await changePolicy(deps, { policyId, revision: body.revision }, async (trx, policy) => {
    const version = policy.latest_version + 1;
    await insertPolicyVersion(trx, {
      policy_id: policyId, version, name: policy.name, cedar: old.cedar, form: old.form, note: body.note, rolled_back_to: old.version, back_test_id: null, reason_without_back_test: null,
      created_by: actor.userId, created_by_name: actor.name,
    });
    await updatePolicy(trx, policyId, { liveVersion: version, latestVersion: version, changedBy: actor.userId });
    await setLive(trx, { policy, version, note: body.note, actor });
    await insertAuditEntry(trx, {
      ...toAuditActor(actor), action: 'policy.roll_back', objectType: 'policy', objectId: policyId,
      before: { name: policy.name, version: policy.live_version, cedar: policy.live_version === null ? null : view.cedar },
      after: { name: policy.name, version, cedar: old.cedar, rolled_back_to: old.version, note: body.note },
    });
  });
  deps.policies.forget();
  return toDetails(deps, changed);
}
