import type { Kysely, Selectable, Transaction } from 'kysely';
import type { Database } from '../database.ts';
import { toStorableText } from '../storable.ts';
import type { HitlVotesTable } from '../tables/approvers.table.ts';

export type VoteRow = Selectable<HitlVotesTable>;

/** Writes a person's yes to what a request asks now; one of theirs that no longer counted is replaced. */
export async function upsertVote(trx: Transaction<Database>, vote: Omit<VoteRow, 'voted_at'>): Promise<VoteRow> {
  const note = vote.note === null ? null : toStorableText(vote.note);
  const votedAt = new Date();
  return trx
    .insertInto('hitl_votes')
    .values({ ...vote, note, user_name: toStorableText(vote.user_name), voted_at: votedAt })
    .onConflict((conflict) => conflict.columns(['request_id', 'request_version', 'user_id']).doUpdateSet({ on_behalf_of: vote.on_behalf_of, door: vote.door, note }))
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Yeses to what a request asks in this version, in the order they came. */
export async function listVotes(db: Kysely<Database>, request: { id: string; version: number }): Promise<VoteRow[]> {
  return db.selectFrom('hitl_votes').selectAll().where('request_id', '=', request.id).where('request_version', '=', request.version).orderBy('voted_at').orderBy('id').execute();
}

export type NamedVote = VoteRow & { on_behalf_of_name: string | null };

/** Yeses to what these requests ask now, with the names of those they were given for; in the order they came. */
export async function listVotesOfRequests(db: Kysely<Database>, requestIds: readonly string[]): Promise<NamedVote[]> {
  if (requestIds.length === 0) return [];
  return db
    .selectFrom('hitl_votes')
    .innerJoin('hitl_requests', (join) => join.onRef('hitl_requests.id', '=', 'hitl_votes.request_id').onRef('hitl_requests.version', '=', 'hitl_votes.request_version'))
    .leftJoin('users', 'users.id', 'hitl_votes.on_behalf_of')
    .selectAll('hitl_votes')
    .select('users.name as on_behalf_of_name')
    .where('hitl_votes.request_id', 'in', requestIds)
    .orderBy('hitl_votes.voted_at')
    .orderBy('hitl_votes.id')
    .execute();
}
