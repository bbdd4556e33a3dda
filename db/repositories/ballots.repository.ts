import { type Kysely, sql } from 'kysely';
import type { Database } from '../database.ts';

/** All that decides who may decide a request; needs `runs` beside `hitl_requests`. */
export const ballotColumns = ['hitl_requests.terms', 'hitl_requests.forbids_self_approval', 'hitl_requests.escalation_level', 'runs.started_by'] as const;

/** The same in one text: requests with the same key are decided by the same people. */
export const ballotKey = sql<string>`jsonb_build_array(hitl_requests.terms, hitl_requests.forbids_self_approval, hitl_requests.escalation_level, runs.started_by)::text`;

/** What pending requests are decided by, each once, with how many there are. */
export async function countPendingByBallot(db: Kysely<Database>) {
  return db.selectFrom('hitl_requests').innerJoin('runs', 'runs.id', 'hitl_requests.run_id').select(ballotColumns).select((eb) => [ballotKey.as('key'), eb.fn.countAll<number>().as('count')]).where('hitl_requests.status', '=', 'pending').groupBy(ballotColumns).execute();
}

/** What each of these requests is decided by. */
export async function listBallotsOf(db: Kysely<Database>, requestIds: readonly string[]) {
  return db.selectFrom('hitl_requests').innerJoin('runs', 'runs.id', 'hitl_requests.run_id').select(['hitl_requests.id', ...ballotColumns]).where('hitl_requests.id', '=', sql<string>`any(${[...requestIds]}::uuid[])`).execute();
}
