import type { Kysely } from 'kysely';
import type { PoliciesResponse } from '../../contracts/policies.ts';
import type { Database } from '../../db/database.ts';
import type { Policies } from '../safety/index.ts';

/** Policies, live and in the making. */
export async function listPolicies({ policies }: { db: Kysely<Database>; policies: Policies }): Promise<PoliciesResponse> {
  return { policy_version: (await policies.current()).version, default_effect: 'deny', items: [] };
}
