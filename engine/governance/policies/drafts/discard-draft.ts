import { insertAuditEntry } from '../../../../db/repositories/audit.repository.ts';
import { insertEvents } from '../../../../db/repositories/events.repository.ts';
import { deletePolicy, updatePolicy } from '../../../../db/repositories/policies.repository.ts';
import { type Actor, toAuditActor } from '../../actor.ts';
import { changePolicy } from '../change-policy.ts';
import type { PolicyDeps } from '../policy-deps.ts';

/**
 * Throws the draft away; a policy that was never live goes with it, one that was stays with its history.
 * Throws POLICY_NOT_FOUND, POLICY_BUILT_IN and POLICY_CHANGED.
 */
export async function discardPolicyDraft(deps: PolicyDeps, { policyId, revision, actor }: { policyId: string; revision: number; actor: Actor }): Promise<void> {
  await changePolicy(deps, { policyId, revision }, async (trx, policy) => {
    const wasNeverLive = policy.latest_version === 0;
    if (!wasNeverLive && policy.draft_cedar === null) return;
    if (wasNeverLive) await deletePolicy(trx, policyId);
    else await updatePolicy(trx, policyId, { draft: null, changedBy: actor.userId });
    await insertEvents(trx, [{ type: 'policy-changed', run_id: null, data: { policy_id: policyId, change: wasNeverLive ? 'deleted' : 'draft' } }]);
    await insertAuditEntry(trx, {
      ...toAuditActor(actor), action: wasNeverLive ? 'policy.delete' : 'policy.discard_draft', objectType: 'policy', objectId: policyId,
      before: { name: policy.name, draft: policy.draft_cedar }, after: wasNeverLive ? null : { name: policy.name, draft: null },
    });
  });
}
