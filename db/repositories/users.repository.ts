import { type Kysely, type Selectable, sql, type Transaction, type Updateable } from 'kysely';
import type { Role } from '../../contracts/permissions.ts';
import type { Database } from '../database.ts';
import { toStorableText } from '../storable.ts';
import type { UsersTable } from '../tables/people.table.ts';

export type UserRow = Selectable<UsersTable>;

export interface NewUser {
  id: string;
  email: string;
  name: string;
  role: Role;
  passwordHash: string | null;
  seededPasswordHash?: string | null;
}

/** Adds a person; returns undefined when the e-mail address (whatever its case) is taken. */
export async function insertUser(trx: Kysely<Database>, user: NewUser): Promise<UserRow | undefined> {
  return trx
    .insertInto('users')
    .values({
      id: user.id,
      email: toStorableText(user.email),
      name: toStorableText(user.name),
      role: user.role,
      password_hash: user.passwordHash,
      seeded_password_hash: user.seededPasswordHash ?? null,
    })
    .onConflict((conflict) => conflict.expression(sql`lower(email)`).doNothing())
    .returningAll()
    .executeTakeFirst();
}

export async function findUser(db: Kysely<Database>, userId: string): Promise<UserRow | undefined> {
  return db.selectFrom('users').selectAll().where('id', '=', userId).executeTakeFirst();
}

/** Those of these people there are. */
export async function listUsersByIds(db: Kysely<Database>, userIds: readonly string[]): Promise<UserRow[]> {
  return userIds.length === 0 ? [] : db.selectFrom('users').selectAll().where('id', 'in', userIds).execute();
}

/** The person with this e-mail address, whatever its case. */
export async function findUserByEmail(db: Kysely<Database>, email: string): Promise<UserRow | undefined> {
  return db.selectFrom('users').selectAll().where(sql`lower(email)`, '=', email.toLowerCase()).executeTakeFirst();
}

export async function lockUser(trx: Transaction<Database>, userId: string): Promise<UserRow | undefined> {
  return trx.selectFrom('users').selectAll().where('id', '=', userId).forNoKeyUpdate().executeTakeFirst();
}

/**
 * Admins who may sign in, all of them held until the transaction ends and always in the same order: two requests that each
 * demote one of the last two admins happen one after another.
 */
export async function lockActiveAdmins(trx: Transaction<Database>): Promise<UserRow[]> {
  return trx.selectFrom('users').selectAll().where('role', '=', 'admin').where('is_disabled', '=', false).orderBy('id').forNoKeyUpdate().execute();
}

export interface UserChange {
  name?: string | undefined;
  role?: Role | undefined;
  isDisabled?: boolean | undefined;
  passwordHash?: string | undefined;
  seededPasswordHash?: string | undefined;
}

/** Changes a person; fields left out stay. */
export async function updateUserRow(trx: Kysely<Database>, userId: string, change: UserChange): Promise<UserRow> {
  const set: Updateable<UsersTable> = { updated_at: new Date() };
  if (change.name !== undefined) set.name = toStorableText(change.name);
  if (change.role !== undefined) set.role = change.role;
  if (change.isDisabled !== undefined) set.is_disabled = change.isDisabled;
  if (change.passwordHash !== undefined) set.password_hash = change.passwordHash;
  if (change.seededPasswordHash !== undefined) set.seeded_password_hash = change.seededPasswordHash;
  return trx.updateTable('users').set(set).where('id', '=', userId).returningAll().executeTakeFirstOrThrow();
}

/** People in the order they were added. */
export async function listUserRows(db: Kysely<Database>, options: { afterId?: string | undefined; limit: number }): Promise<UserRow[]> {
  let query = db.selectFrom('users').selectAll().orderBy('id').limit(options.limit);
  if (options.afterId !== undefined) query = query.where('id', '>', options.afterId);
  return query.execute();
}
