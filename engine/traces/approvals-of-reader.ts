import type { Kysely } from 'kysely';
import type { ApprovalStatus } from '../../contracts/approvals.ts';
import type { Database } from '../../db/database.ts';
import { countRequestsByBallot } from '../../db/repositories/ballots.repository.ts';
import { type Ballot, ballotOf, concerns, type Electorate } from '../hitl/index.ts';

/** Whether a request is one of a reader's own in the app: it concerns them, or it keeps a run waiting that they started. */
export const isOfReader = (electorate: Electorate, ballot: Ballot, userId: string): boolean => ballot.startedBy === userId || concerns(electorate, ballot, userId);

/** What the requests of these states (none given: all) that are a reader's own are decided by, each once with its number of requests. */
export async function listBallotsOfReader(db: Kysely<Database>, { electorate, userId, statuses }: { electorate: Electorate; userId: string; statuses: readonly ApprovalStatus[] | undefined }): Promise<{ key: string; count: number }[]> {
  return (await countRequestsByBallot(db, { statuses })).filter((row) => isOfReader(electorate, ballotOf(row, row), userId));
}
