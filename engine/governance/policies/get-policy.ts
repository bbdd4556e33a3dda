import { AppError } from '../../../contracts/errors.ts';
import type { PolicyDetails } from '../../../contracts/policies.ts';
import { findCompletedBackTest, findPolicyView, type PolicyView } from '../../../db/repositories/policies.repository.ts';
import { findBuiltIn, toBuiltInDetails } from './built-ins.ts';
import { checkText } from './check-text.ts';
import { countRecentMatches } from './count-recent-matches.ts';
import { hashCedar } from './hash-cedar.ts';
import type { PolicyDeps } from './policy-deps.ts';
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

/** One policy with its draft and what is wrong with that. Throws POLICY_NOT_FOUND. */
export async function getPolicy(deps: PolicyDeps, policyId: string): Promise<PolicyDetails> {
  const matches = (await countRecentMatches(deps.db)).get(policyId) ?? 0;
  const builtIn = findBuiltIn(policyId);
  if (builtIn !== undefined) return toBuiltInDetails(builtIn, matches);
  const view = await findPolicyView(deps.db, policyId);
  if (view === undefined) throw new AppError('POLICY_NOT_FOUND', `policy ${policyId}`);
  return { ...toSummary(view, matches), cedar: view.cedar, form: view.form, draft: await toDraft(deps, view) };
}
