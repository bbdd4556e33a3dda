import { AppError } from '../../../../contracts/errors.ts';
import type { PolicyDetails } from '../../../../contracts/policies.ts';
import { insertAuditEntry } from '../../../../db/repositories/audit.repository.ts';
import { findPolicyVersion, updatePolicy } from '../../../../db/repositories/policies.repository.ts';
import { type Actor, toAuditActor } from '../../actor.ts';
import { changePolicy } from '../change-policy.ts';
import { toDetails } from '../reading/get-policy.ts';
import type { PolicyDeps } from '../policy-deps.ts';
import { setLive } from './set-live.ts';

/**
 * Takes a policy out of force; its versions stay and can be brought back. Throws POLICY_NOT_FOUND, POLICY_BUILT_IN, POLICY_CHANGED
 * and POLICY_NOT_LIVE.
 */
export async function turnOffPolicy(
  deps: PolicyDeps,
  { policyId, body, actor }: { policyId: string; body: { revision: number; note: string }; actor: Actor },
): Promise<PolicyDetails> {
  const changed = await changePolicy(deps, { policyId, revision: body.revision }, async (trx, policy) => {
    if (policy.live_version === null) throw new AppError('POLICY_NOT_LIVE');
    const live = await findPolicyVersion(trx, policyId, policy.live_version);
    await updatePolicy(trx, policyId, { liveVersion: null, changedBy: actor.userId });
    await setLive(trx, { policy, version: null, note: body.note, actor });
    await insertAuditEntry(trx, {
      ...toAuditActor(actor), action: 'policy.turn_off', objectType: 'policy', objectId: policyId,
      before: { name: policy.name, version: policy.live_version, cedar: live?.cedar ?? null }, after: { name: policy.name, version: null, cedar: null, note: body.note },
    });
  });
  deps.policies.forget();
  return toDetails(deps, changed);
}
