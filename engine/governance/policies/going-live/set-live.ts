import type { Transaction } from 'kysely';
import type { Database } from '../../../../db/database.ts';
import { insertEvents } from '../../../../db/repositories/events.repository.ts';
import type { PolicyRow } from '../../../../db/repositories/policies.repository.ts';
import { insertPolicySet, lockNewestPolicySet } from '../../../../db/repositories/policy-sets.repository.ts';
import type { Actor } from '../../actor.ts';

/**
 * Writes the set that counts from now on: the newest one with this policy at another version, or without it (null). The policy is held by
 * the caller, so that the order of locks is always policy, then sets.
 */
export async function setLive(trx: Transaction<Database>, { policy, version, note, actor }: { policy: PolicyRow; version: number | null; note: string; actor: Actor }): Promise<void> {
  const newest = await lockNewestPolicySet(trx);
  const others = (newest?.members ?? []).filter(({ policy_id: id }) => id !== policy.id);
  await insertPolicySet(trx, {
    version: (newest?.version ?? 0) + 1,
    members: version === null ? others : [...others, { policy_id: policy.id, version }],
    changed_policy_id: policy.id, changed_policy_name: policy.name, from_version: policy.live_version, to_version: version,
    note, created_by: actor.userId, created_by_name: actor.name,
  });
  await insertEvents(trx, [{ type: 'policy-changed', run_id: null, data: { policy_id: policy.id, change: version === null ? 'off' : 'published' } }]);
}
