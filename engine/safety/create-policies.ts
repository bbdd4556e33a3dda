import type { Kysely } from 'kysely';
import type { Database } from '../../db/database.ts';
import { findNewestSetVersion, listLivePolicies } from '../../db/repositories/policy-sets.repository.ts';
import { createFreshValue, onlyWhenChanged } from '../../platform/fresh-value.ts';
import { toPolicyVersion } from './built-in-policies.ts';
import type { Policies } from './policy.ts';
import { createPolicySet } from './policy-set.ts';

const freshMs = 1_500;
/** A set with a policy that a breakdown of the engine kept from being read is made again after this. */
const provisionalMs = 10_000;

/**
 * The policies of a system: those shipped with it and those its admins made live. What goes live is read at most 1.5 seconds later; a set that
 * has not changed is not made again.
 * @param now milliseconds, default the wall clock.
 */
export function createPolicies({ db, environment }: { db: Kysely<Database>; environment: string }, now: () => number = Date.now): Policies {
  async function load() {
    const { setVersion, policies } = await listLivePolicies(db);
    return createPolicySet({ version: toPolicyVersion(setVersion), policies });
  }

  const loadChanged = onlyWhenChanged({ findVersion: () => findNewestSetVersion(db), load, keepMsOf: ({ isProvisional }) => (isProvisional ? provisionalMs : Infinity) }, now);
  const set = createFreshValue(loadChanged, freshMs, now);
  return { environment, current: ({ maxAgeMs } = {}) => set.current(maxAgeMs), forget: set.forget };
}
