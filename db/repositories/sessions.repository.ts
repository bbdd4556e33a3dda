import type { Kysely, Selectable, Transaction } from 'kysely';
import type { Database } from '../database.ts';
import type { SessionsTable } from '../tables/people.table.ts';
import type { UserRow } from './users.repository.ts';

export type SessionRow = Selectable<SessionsTable>;

export async function insertSession(trx: Kysely<Database>, session: { id: string; userId: string; secretHash: string; expiresAt: Date }): Promise<void> {
  await trx
    .insertInto('sessions')
    .values({ id: session.id, user_id: session.userId, secret_hash: session.secretHash, previous_secret_hash: null, expires_at: session.expiresAt })
    .execute();
}

/** The session's row, held until the transaction ends. */
export async function lockSession(trx: Transaction<Database>, sessionId: string): Promise<SessionRow | undefined> {
  return trx.selectFrom('sessions').selectAll().where('id', '=', sessionId).forUpdate().executeTakeFirst();
}

/** The person behind a session that is neither revoked nor expired, if they may sign in. */
export async function findSessionUser(db: Kysely<Database>, sessionId: string): Promise<UserRow | undefined> {
  return db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .selectAll('users')
    .where('sessions.id', '=', sessionId)
    .where('sessions.revoked_at', 'is', null)
    .where('sessions.expires_at', '>', new Date())
    .where('users.is_disabled', '=', false)
    .executeTakeFirst();
}

/** Replaces the session's secret and remembers the one before. */
export async function rotateSession(trx: Kysely<Database>, session: SessionRow, next: { secretHash: string; expiresAt: Date }): Promise<void> {
  await trx
    .updateTable('sessions')
    .set({ secret_hash: next.secretHash, previous_secret_hash: session.secret_hash, rotated_at: new Date(), expires_at: next.expiresAt })
    .where('id', '=', session.id)
    .execute();
}

/** Ends one session; false when it had ended already. */
export async function revokeSession(trx: Kysely<Database>, sessionId: string): Promise<boolean> {
  const row = await trx.updateTable('sessions').set({ revoked_at: new Date() }).where('id', '=', sessionId).where('revoked_at', 'is', null).returning('id').executeTakeFirst();
  return row !== undefined;
}

/** Ends every session of a person, but for one if given. */
export async function revokeSessionsOf(trx: Kysely<Database>, userId: string, exceptId?: string): Promise<void> {
  let query = trx.updateTable('sessions').set({ revoked_at: new Date() }).where('user_id', '=', userId).where('revoked_at', 'is', null);
  if (exceptId !== undefined) query = query.where('id', '<>', exceptId);
  await query.execute();
}

/** Removes sessions of a person and sign-in links of anybody that ended before `before`. */
export async function deleteEndedSessions(trx: Kysely<Database>, userId: string, before: Date): Promise<void> {
  await trx
    .deleteFrom('sessions')
    .where('user_id', '=', userId)
    .where((eb) => eb.or([eb('expires_at', '<', before), eb('revoked_at', '<', before)]))
    .execute();
  await trx.deleteFrom('sign_in_links').where('expires_at', '<', before).execute();
}

export async function insertSignInLink(trx: Kysely<Database>, link: { tokenHash: string; userId: string; expiresAt: Date }): Promise<void> {
  await trx.insertInto('sign_in_links').values({ token_hash: link.tokenHash, user_id: link.userId, expires_at: link.expiresAt }).execute();
}

/** Uses a link up and returns whose it is; undefined when it is unknown, used or expired. One statement, so that it works once. */
export async function useSignInLink(trx: Kysely<Database>, tokenHash: string): Promise<string | undefined> {
  const now = new Date();
  const row = await trx
    .updateTable('sign_in_links')
    .set({ used_at: now })
    .where('token_hash', '=', tokenHash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .returning('user_id')
    .executeTakeFirst();
  return row?.user_id;
}

/** Makes the unused links of a person worthless. */
export async function deleteSignInLinksOf(trx: Kysely<Database>, userId: string): Promise<void> {
  await trx.deleteFrom('sign_in_links').where('user_id', '=', userId).where('used_at', 'is', null).execute();
}
