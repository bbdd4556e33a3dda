import { z } from 'zod';
import { AppError } from '../../../../contracts/errors.ts';
import type { Page, PageQuery } from '../../../../contracts/pagination.ts';
import type { PolicyVersion } from '../../../../contracts/policies.ts';
import { findPolicyView, listPolicyVersionRows } from '../../../../db/repositories/policies.repository.ts';
import { parsePageCursor } from '../../../../platform/page-cursor.ts';
import { toPage } from '../../../../platform/to-page.ts';
import { findBuiltIn } from './built-ins.ts';
import type { PolicyDeps } from '../policy-deps.ts';
import { toVersion } from './to-policy.ts';

/** Versions of a policy, newest first; a shipped one has none. Throws POLICY_NOT_FOUND and CURSOR_INVALID. */
export async function listPolicyVersions({ db }: Pick<PolicyDeps, 'db'>, { policyId, query }: { policyId: string; query: PageQuery }): Promise<Page<PolicyVersion>> {
  const beforeVersion = parsePageCursor(z.int32().positive(), query.cursor);
  if (findBuiltIn(policyId) !== undefined) return { items: [], next_cursor: null };
  const policy = await findPolicyView(db, policyId);
  if (policy === undefined) throw new AppError('POLICY_NOT_FOUND', `policy ${policyId}`);
  const rows = await listPolicyVersionRows(db, { policyId, beforeVersion, limit: query.limit + 1 });
  return toPage(rows, { limit: query.limit, keyOf: ({ version }) => version, toItem: (row) => toVersion(row, policy.live_version) });
}
