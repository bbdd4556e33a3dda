import type { Kysely } from 'kysely';
import type { PoliciesResponse } from '../../contracts/system.ts';
import type { Database } from '../../db/database.ts';
import { countRuleMatches } from '../../db/repositories/safety-checks.repository.ts';
import type { Policy } from '../safety/index.ts';

const week = 7 * 24 * 3600 * 1000;

/** The live policy with how often each rule decided in the last seven days. */
export async function listPolicies({ db, policy }: { db: Kysely<Database>; policy: Policy }): Promise<PoliciesResponse> {
  const matches = await countRuleMatches(db, new Date(Date.now() - week));
  const { expiresAfterMs, forbidsSelfApproval } = policy.approvalTerms;
  return {
    policy_version: policy.version,
    approval_expiry_seconds: expiresAfterMs === null ? null : Math.round(expiresAfterMs / 1000),
    forbids_self_approval: forbidsSelfApproval,
    items: policy.listRules().map((rule) => ({ ...rule, matches_7d: matches.get(rule.id) ?? 0 })),
  };
}
