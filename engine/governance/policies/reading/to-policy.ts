import type { PolicySummary, PolicyVersion } from '../../../../contracts/policies.ts';
import type { PolicyVersionRow, PolicyView } from '../../../../db/repositories/policies.repository.ts';
import { describePolicy } from '../../../safety/index.ts';

/** Who changed something; somebody without an account (any more) is told as such. */
export const toPerson = (userId: string | null, name: string | null): { user_id: string | null; name: string } => ({ user_id: userId, name: name ?? 'Maestro' });

/** A written policy as the list shows it. */
export const toSummary = (view: PolicyView, matches: number): PolicySummary => ({
  id: view.id,
  name: view.name,
  state: view.live_version !== null ? 'live' : view.latest_version > 0 ? 'off' : 'draft',
  is_built_in: false,
  ...describePolicy((view.live_version === null ? (view.draft_cedar ?? view.cedar) : view.cedar) ?? ''),
  live_version: view.live_version,
  has_draft: view.draft_cedar !== null,
  matches_7d: matches,
  changed_at: view.changed_at.toISOString(),
  changed_by: toPerson(view.changed_by, view.changer),
  revision: view.revision,
});

/** @param liveVersion of the policy now. */
export const toVersion = (row: PolicyVersionRow, liveVersion: number | null): PolicyVersion => ({
  version: row.version,
  cedar: row.cedar,
  form: row.form,
  note: row.note,
  created_at: row.created_at.toISOString(),
  created_by: toPerson(row.created_by, row.created_by_name),
  rolled_back_to: row.rolled_back_to,
  back_test_id: row.back_test_id,
  reason_without_back_test: row.reason_without_back_test,
  is_live: row.version === liveVersion,
});
