import type { Kysely } from 'kysely';
import { AppError } from '../../contracts/errors.ts';
import type { Database } from '../../db/database.ts';
import { listPoliciesNaming, type NamedThing } from '../governance/index.ts';

/**
 * Refuses what would take these names from something or give them to it while live policies go by them: the policies would hold for something else.
 * Throws CONNECTION_NAMED with `details.policies`.
 */
export async function refuseNamed(trx: Kysely<Database>, kind: NamedThing, names: readonly string[]): Promise<void> {
  const policies = await listPoliciesNaming(trx, kind, names);
  if (policies.length === 0) return;
  const message = `Live policies go by this name: ${policies.join(', ')}. Change or turn them off first.`;
  throw new AppError('CONNECTION_NAMED', message, { details: { policies, issues: [{ path: 'name', message }] } });
}
