import type { Kysely } from 'kysely';
import type { Database } from '../../../db/database.ts';
import { findDataSourceIdentity } from '../../../db/repositories/data-sources.repository.ts';
import type { SafetyCheckRow } from '../../../db/repositories/safety-checks.repository.ts';
import { type Basis, toBasis } from '../rules/basis.ts';

/** The basis of a judgement made now. */
export async function findBasis(db: Kysely<Database>, judged: Parameters<typeof toBasis>[0]): Promise<Basis> {
  const source = judged.facts['data_source'];
  return toBasis(judged, typeof source === 'string' ? await findDataSourceIdentity(db, source) : undefined);
}

/** A recorded judgement as {@link toBasis} takes it. `effect` is unknown on the oldest: taken as it is for the call. */
export const toJudged = (check: SafetyCheckRow, callEffect: SafetyCheckRow['effect']): Parameters<typeof toBasis>[0] => ({
  verdict: check.verdict, riskLevel: check.risk_level, effect: check.effect ?? callEffect ?? 'external', facts: check.facts, matchedRules: check.matched_rules, terms: check.terms,
  policyVersion: check.policy_version,
});
