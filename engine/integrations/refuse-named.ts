import type { Transaction } from 'kysely';
import { AppError } from '../../contracts/errors.ts';
import type { Database } from '../../db/database.ts';
import { lockNewestPolicySet } from '../../db/repositories/policy-sets.repository.ts';
import { listPoliciesNaming } from '../governance/index.ts';
import type { NamedThing } from '../safety/index.ts';

/**
 * Refuses what would take these names from something or give them to it while live policies go by them: the policies would hold for something else.
 * No policy goes live until the transaction has ended; the order of locks is always connection, then sets. Throws CONNECTION_NAMED with
 * `details.policies`, also where it cannot be told whether a policy goes by them.
 */
export async function refuseNamed(trx: Transaction<Database>, thing: NamedThing, names: readonly string[]): Promise<void> {
  await lockNewestPolicySet(trx);
  const { naming, unreadable } = await listPoliciesNaming(trx, thing, names);
  const policies = [...naming, ...unreadable];
  if (policies.length === 0) return;
  const message = [
    ...(naming.length === 0 ? [] : [`Live policies go by this name: ${naming.join(', ')}.`]),
    ...(unreadable.length === 0 ? [] : [`Whether live policies go by this name cannot be told, because their text cannot be read: ${unreadable.join(', ')}.`]),
    'Change or turn them off first.',
  ].join(' ');
  throw new AppError('CONNECTION_NAMED', message, { details: { policies, issues: [{ path: 'name', message }] } });
}
