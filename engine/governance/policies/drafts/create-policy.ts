import type { CreatePolicyBody, PolicyDetails } from '../../../../contracts/policies.ts';
import { insertAuditEntry } from '../../../../db/repositories/audit.repository.ts';
import { insertEvents } from '../../../../db/repositories/events.repository.ts';
import { insertPolicy } from '../../../../db/repositories/policies.repository.ts';
import { newId } from '../../../../platform/ids.ts';
import { type Actor, toAuditActor } from '../../actor.ts';
import { refuseBuiltInName, refusingTakenName } from '../change-policy.ts';
import { checkText } from '../checking/check-text.ts';
import { getPolicy } from '../reading/get-policy.ts';
import type { PolicyDeps } from '../policy-deps.ts';
import { toSource } from '../reading/to-source.ts';

/** Begins a policy as a draft, which may be invalid. Throws POLICY_NAME_TAKEN. */
export async function createPolicy(deps: PolicyDeps, { body, actor }: { body: CreatePolicyBody; actor: Actor }): Promise<PolicyDetails> {
  refuseBuiltInName(body.name);
  const { cedar, form } = await checkText(deps, toSource(body));
  const id = newId();
  await refusingTakenName(() =>
    deps.db.transaction().execute(async (trx) => {
      await insertPolicy(trx, { id, name: body.name, text: { cedar, form }, createdBy: actor.userId });
      await insertEvents(trx, [{ type: 'policy-changed', run_id: null, data: { policy_id: id, change: 'draft' } }]);
      await insertAuditEntry(trx, { ...toAuditActor(actor), action: 'policy.create', objectType: 'policy', objectId: id, after: { name: body.name, draft: cedar } });
    }));
  return getPolicy(deps, id);
}
