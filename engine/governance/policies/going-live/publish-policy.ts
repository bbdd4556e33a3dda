import { AppError } from '../../../../contracts/errors.ts';
import type { CheckedPolicy, PolicyDetails, PublishPolicyBody } from '../../../../contracts/policies.ts';
import { insertAuditEntry } from '../../../../db/repositories/audit.repository.ts';
import { findCompletedBackTest, insertPolicyVersion, type PolicyView, updatePolicy } from '../../../../db/repositories/policies.repository.ts';
import { type Actor, toAuditActor } from '../../actor.ts';
import { changePolicy, getAtRevision } from '../change-policy.ts';
import { checkText } from '../checking/check-text.ts';
import { toDetails } from '../reading/get-policy.ts';
import { hashCedar } from '../hash-cedar.ts';
import type { PolicyDeps } from '../policy-deps.ts';
import { requireValid } from '../checking/require-valid.ts';
import { setLive } from './set-live.ts';

/** Throws POLICY_INVALID and POLICY_HAS_WARNINGS, both with what was found. */
function refuseIssues(checked: CheckedPolicy, acceptsWarnings: boolean): void {
  requireValid(checked);
  const { issues } = checked;
  if (issues.length > 0 && !acceptsWarnings) throw new AppError('POLICY_HAS_WARNINGS', undefined, { details: { issues } });
}

/** The draft as it may go live, with the back-test it passed, if any. */
async function prepare(deps: PolicyDeps, view: PolicyView, body: PublishPolicyBody): Promise<{ text: CheckedPolicy; backTestId: string | null }> {
  if (view.draft_cedar === null || (view.live_version !== null && view.draft_cedar === view.cedar)) throw new AppError('POLICY_NOTHING_TO_PUBLISH');
  const text = await checkText(deps, { cedar: view.draft_cedar });
  refuseIssues(text, body.accepts_warnings);
  const backTest = await findCompletedBackTest(deps.db, { policyId: view.id, isLive: view.live_version !== null, cedarHash: hashCedar(view.draft_cedar) });
  if (backTest === undefined && body.reason_without_back_test === undefined) throw new AppError('POLICY_NOT_BACK_TESTED');
  return { text, backTestId: backTest?.id ?? null };
}

/**
 * Makes the draft live as the next version: it counts for the next check everywhere within two seconds. Throws POLICY_NOT_FOUND,
 * POLICY_BUILT_IN, POLICY_CHANGED, POLICY_NOTHING_TO_PUBLISH, POLICY_INVALID, POLICY_HAS_WARNINGS and POLICY_NOT_BACK_TESTED.
 */
export async function publishPolicy(deps: PolicyDeps, { policyId, body, actor }: { policyId: string; body: PublishPolicyBody; actor: Actor }): Promise<PolicyDetails> {
  const view = await getAtRevision(deps, policyId, body.revision);
  // What a text may name is looked up outside the transaction; the revision says that the draft is the one that was checked.
  const { text, backTestId } = await prepare(deps, view, body);
  const changed = await changePolicy(deps, { policyId, revision: body.revision }, async (trx, policy) => {
    const version = policy.latest_version + 1;
    await insertPolicyVersion(trx, {
      policy_id: policyId, version, name: policy.name, cedar: text.cedar, form: text.form, note: body.note, rolled_back_to: null,
      back_test_id: backTestId, reason_without_back_test: backTestId === null ? (body.reason_without_back_test ?? null) : null, created_by: actor.userId, created_by_name: actor.name,
    });
    await updatePolicy(trx, policyId, { draft: null, liveVersion: version, latestVersion: version, changedBy: actor.userId });
    await setLive(trx, { policy, version, note: body.note, actor });
    await insertAuditEntry(trx, {
      ...toAuditActor(actor), action: 'policy.publish', objectType: 'policy', objectId: policyId,
      before: { name: policy.name, version: policy.live_version, cedar: policy.live_version === null ? null : view.cedar },
      after: { name: policy.name, version, cedar: text.cedar, note: body.note, back_test_id: backTestId, reason_without_back_test: backTestId === null ? (body.reason_without_back_test ?? null) : null },
    });
  });
  deps.policies.forget();
  return toDetails(deps, changed);
}
