import { type Kysely, sql } from 'kysely';
import type { ApprovalStatus } from '../../contracts/approvals.ts';
import type { Database } from '../database.ts';

/** All that decides who may decide a request; needs `runs` beside `hitl_requests`. */
const columns = ['hitl_requests.terms', 'hitl_requests.forbids_self_approval', 'hitl_requests.escalation_level', 'runs.started_by'] as const;

/** The same in one text: requests with the same key are decided by the same people. */
export const ballotKey = sql<string>`jsonb_build_array(hitl_requests.terms, hitl_requests.forbids_self_approval, hitl_requests.escalation_level, runs.started_by)::text`;

/** What requests of these states (none given: all) are decided by, each once, with how many there are. */
export async function countRequestsByBallot(db: Kysely<Database>, { statuses }: { statuses: readonly ApprovalStatus[] | undefined }) {
  let query = db.selectFrom('hitl_requests').innerJoin('runs', 'runs.id', 'hitl_requests.run_id').select(columns).select((eb) => [ballotKey.as('key'), eb.fn.countAll<number>().as('count')]).groupBy(columns);
  if (statuses !== undefined) query = query.where('hitl_requests.status', 'in', statuses);
  return query.execute();
}

/** What each of these requests is decided by. */
export async function listBallotsOf(db: Kysely<Database>, requestIds: readonly string[]) {
  return db.selectFrom('hitl_requests').innerJoin('runs', 'runs.id', 'hitl_requests.run_id').select(['hitl_requests.id', ...columns]).where('hitl_requests.id', '=', sql<string>`any(${[...requestIds]}::uuid[])`).execute();
}
