import { AppError } from '../../../../contracts/errors.ts';
import type { PolicyDetails } from '../../../../contracts/policies.ts';
import { findCompletedBackTest, findPolicyView, type PolicyView } from '../../../../db/repositories/policies.repository.ts';
import { findBuiltIn, toBuiltInDetails } from './built-ins.ts';
import { checkText } from '../checking/check-text.ts';
import { countRecentMatches } from './count-recent-matches.ts';
import { hashCedar } from '../hash-cedar.ts';
import type { PolicyDeps } from '../policy-deps.ts';
import { toPerson, toSummary } from './to-policy.ts';

async function toDraft(deps: PolicyDeps, view: PolicyView): Promise<PolicyDetails['draft']> {
  if (view.draft_cedar === null) return null;
  const cedarHash = hashCedar(view.draft_cedar);
  const [checked, backTest] = await Promise.all([checkText(deps, { cedar: view.draft_cedar }), findCompletedBackTest(deps.db, { policyId: view.id, isLive: view.live_version !== null, cedarHash })]);
  return {
    cedar: view.draft_cedar,
    form: checked.form,
    issues: checked.issues,
    cedar_hash: cedarHash,
    based_on_version: view.draft_based_on,
    updated_at: (view.draft_updated_at ?? view.changed_at).toISOString(),
    updated_by: toPerson(view.draft_updated_by, view.drafter),
    back_test: backTest === undefined ? null : { id: backTest.id, finished_at: backTest.finishedAt.toISOString() },
  };
}

/** A written policy as a change left it. Throws POLICY_NOT_FOUND without one. */
export async function toDetails(deps: PolicyDeps, view: PolicyView | undefined): Promise<PolicyDetails> {
  if (view === undefined) throw new AppError('POLICY_NOT_FOUND');
  const [matches, draft] = await Promise.all([countRecentMatches(deps.db), toDraft(deps, view)]);
  return { ...toSummary(view, matches.get(view.id) ?? 0), cedar: view.cedar, form: view.form, draft };
}

/** One policy with its draft and what is wrong with that. Throws POLICY_NOT_FOUND. */
export async function getPolicy(deps: PolicyDeps, policyId: string): Promise<PolicyDetails> {
  const builtIn = findBuiltIn(policyId);
  return builtIn === undefined ? toDetails(deps, await findPolicyView(deps.db, policyId)) : toBuiltInDetails(builtIn, (await countRecentMatches(deps.db)).get(policyId) ?? 0);
}
