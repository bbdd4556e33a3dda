import { z } from 'zod';
import type { Page, PageQuery } from '../../../../contracts/pagination.ts';
import type { PolicySetEntry } from '../../../../contracts/policies.ts';
import { listPolicySetRows, type PolicySetRow } from '../../../../db/repositories/policy-sets.repository.ts';
import { parsePageCursor } from '../../../../platform/page-cursor.ts';
import { toPage } from '../../../../platform/to-page.ts';
import { toPolicyVersion } from '../../../safety/index.ts';
import type { PolicyDeps } from '../policy-deps.ts';
import { toPerson } from './to-policy.ts';

const toEntry = (row: PolicySetRow): PolicySetEntry => ({
  policy_version: toPolicyVersion(row.version),
  created_at: row.created_at.toISOString(),
  created_by: toPerson(row.created_by, row.created_by_name),
  note: row.note,
  changed: { policy_id: row.changed_policy_id, name: row.changed_policy_name, from_version: row.from_version, to_version: row.to_version },
});

/** Every state all live policies together had, newest first. Throws CURSOR_INVALID. */
export async function listPolicySets({ db }: Pick<PolicyDeps, 'db'>, query: PageQuery): Promise<Page<PolicySetEntry>> {
  const beforeVersion = parsePageCursor(z.int32().positive(), query.cursor);
  const rows = await listPolicySetRows(db, { beforeVersion, limit: query.limit + 1 });
  return toPage(rows, { limit: query.limit, keyOf: ({ version }) => version, toItem: toEntry });
}
