import type { PolicyDetails, SavePolicyDraftBody } from '../../../../contracts/policies.ts';
import { insertAuditEntry } from '../../../../db/repositories/audit.repository.ts';
import { insertEvents } from '../../../../db/repositories/events.repository.ts';
import { findPolicyVersion, updatePolicy } from '../../../../db/repositories/policies.repository.ts';
import { type Actor, toAuditActor } from '../../actor.ts';
import { changePolicy, refuseBuiltInName } from '../change-policy.ts';
import { checkText } from '../checking/check-text.ts';
import { toDetails } from '../reading/get-policy.ts';
import type { PolicyDeps } from '../policy-deps.ts';
import { toSource } from '../reading/to-source.ts';

/**
 * Saves text under work, which may be invalid, and the name. Text that is live already is no draft; a save that changes nothing makes no
 * revision. Throws POLICY_NOT_FOUND, POLICY_BUILT_IN, POLICY_CHANGED and POLICY_NAME_TAKEN.
 */
export async function savePolicyDraft(deps: PolicyDeps, { policyId, body, actor }: { policyId: string; body: SavePolicyDraftBody; actor: Actor }): Promise<PolicyDetails> {
  if (body.name !== undefined) refuseBuiltInName(body.name);
  const text = body.cedar === undefined && body.form === undefined ? undefined : await checkText(deps, toSource(body));
  const changed = await changePolicy(deps, { policyId, revision: body.revision }, async (trx, policy) => {
    const live = policy.live_version === null ? undefined : await findPolicyVersion(trx, policyId, policy.live_version);
    const draftCedar = text === undefined ? policy.draft_cedar : text.cedar === live?.cedar ? null : text.cedar;
    const name = body.name ?? policy.name;
    if (draftCedar === policy.draft_cedar && name === policy.name) return;
    await updatePolicy(trx, policyId, {
      name, changedBy: actor.userId,
      ...(draftCedar === policy.draft_cedar ? {} : { draft: draftCedar === null ? null : { text: { cedar: draftCedar, form: text?.form ?? null }, basedOn: policy.draft_based_on ?? policy.live_version ?? (policy.latest_version === 0 ? null : policy.latest_version) } }),
    });
    await insertEvents(trx, [{ type: 'policy-changed', run_id: null, data: { policy_id: policyId, change: 'draft' } }]);
    await insertAuditEntry(trx, {
      ...toAuditActor(actor), action: 'policy.save_draft', objectType: 'policy', objectId: policyId,
      before: { name: policy.name, draft: policy.draft_cedar }, after: { name, draft: draftCedar },
    });
  });
  return toDetails(deps, changed);
}
