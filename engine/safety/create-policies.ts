import type { Kysely } from 'kysely';
import type { ApprovalTerms, PolicyEffect } from '../../contracts/approvals.ts';
import type { Database } from '../../db/database.ts';
import type { Policies, PolicySet } from './policy.ts';

const plainTerms: ApprovalTerms = { requirements: [], forbids_self_approval: false, expires_after_seconds: 24 * 3600, extendable_to_seconds: 72 * 3600, reminder_after_seconds: null, escalations: [], editable_fields: null };
const effects: Record<string, PolicyEffect> = { LOW: 'allow', MEDIUM: 'allow', HIGH: 'ask' };
const ids: Record<PolicyEffect, string> = { allow: 'built-in.low-and-medium-run', ask: 'built-in.high-asks', deny: 'built-in.critical-denied' };

const builtIn: PolicySet = {
  version: 'built-in-1',
  judge({ riskLevel }) {
    const verdict = effects[riskLevel] ?? 'deny';
    return { verdict, reason: `Risk is ${riskLevel}.`, matchedRules: [{ id: ids[verdict], description: `Risk is ${riskLevel}.` }], policyVersion: 'built-in-1', terms: verdict === 'ask' ? plainTerms : null, problems: [] };
  },
  nearMisses: () => [],
  missingFacts: () => [],
};

/** The policies of a system: those shipped with it and those its admins made live. */
export function createPolicies({ environment }: { db: Kysely<Database>; environment: string }): Policies {
  return { environment, current: async () => builtIn, forget: () => undefined };
}
