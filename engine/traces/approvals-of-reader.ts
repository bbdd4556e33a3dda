import type { Kysely } from 'kysely';
import type { Database } from '../../db/database.ts';
import { type ApprovalListing, type ApprovalPosition, listApprovalBallots, positionOf } from '../../db/repositories/approval-views.repository.ts';
import { countPendingByBallot } from '../../db/repositories/ballots.repository.ts';
import { type Ballot, ballotOf, concerns, type Electorate } from '../hitl/index.ts';

/** Whether a request is one of a reader's own in the app: it concerns them, or it keeps a run waiting that they started. */
export const isOfReader = (electorate: Electorate, ballot: Ballot, userId: string): boolean => ballot.startedBy === userId || concerns(electorate, ballot, userId);

/** What the pending requests that are a reader's own are decided by, each once with its number of requests. */
export async function listPendingBallotsOfReader(db: Kysely<Database>, { electorate, userId }: { electorate: Electorate; userId: string }): Promise<{ key: string; count: number }[]> {
  return (await countPendingByBallot(db)).filter((row) => isOfReader(electorate, ballotOf(row, row), userId));
}

// What was decided has no bound, and who it concerns is a rule of the engine's: for one page no more is looked through than takes a moment. Mostly a few
// suffice; where they do not, batches grow, since each of them sorts the whole list.
const batchSizes = [500, 1_500, 3_000];

/** The ids of a page of a reader's own requests, and where the next page begins (undefined: nothing is left). Fewer than asked for where the reader's own are rare. */
export async function pickOfReader(db: Kysely<Database>, { electorate, userId, listing }: { electorate: Electorate; userId: string; listing: ApprovalListing }): Promise<{ ids: string[]; next: ApprovalPosition | undefined }> {
  const { limit, order } = listing;
  const own: Awaited<ReturnType<typeof listApprovalBallots>> = [];
  let after = listing.after;
  for (const size of batchSizes) {
    const rows = await listApprovalBallots(db, { ...listing, after, limit: size });
    own.push(...rows.filter((row) => isOfReader(electorate, ballotOf(row, row), userId)));
    const last = rows.length < size ? undefined : rows.at(-1);
    after = last && positionOf(last, order);
    if (after === undefined || own.length > limit) break;
  }
  const shown = own.slice(0, limit);
  const lastShown = own.length > limit ? shown.at(-1) : undefined;
  return { ids: shown.map(({ id }) => id), next: lastShown === undefined ? after : positionOf(lastShown, order) };
}
