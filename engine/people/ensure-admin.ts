import type { Kysely } from 'kysely';
import type { Database } from '../../db/database.ts';
import { insertAuditEntry } from '../../db/repositories/audit.repository.ts';
import { revokeSessionsOf } from '../../db/repositories/sessions.repository.ts';
import { findUserByEmail, insertUser, lockActiveAdmins, lockUser, updateUserRow, type UserRow } from '../../db/repositories/users.repository.ts';
import { newId } from '../../platform/ids.ts';
import { systemActor } from '../governance/index.ts';
import { hashPassword, verifyPassword } from './passwords/password-hash.ts';

const audit = { actorId: null, actorName: systemActor.name, objectType: 'user' };

async function addAdmin(db: Kysely<Database>, email: string, password: string | undefined): Promise<UserRow | undefined> {
  const passwordHash = password === undefined ? null : await hashPassword(password);
  return db.transaction().execute(async (trx) => {
    const row = await insertUser(trx, { id: newId(), email, name: 'Admin', role: 'admin', passwordHash, seededPasswordHash: passwordHash });
    if (row !== undefined) await insertAuditEntry(trx, { ...audit, action: 'user.create', objectId: row.id, after: { email, name: row.name, role: 'admin', is_disabled: false } });
    return row;
  });
}

/** Somebody must be able to come in: the configured admin gets role and access back when there is no other admin. */
async function restoreWhenAlone(db: Kysely<Database>, user: UserRow): Promise<void> {
  if (user.role === 'admin' && !user.is_disabled) return;
  await db.transaction().execute(async (trx) => {
    if ((await lockActiveAdmins(trx)).length > 0) return;
    await updateUserRow(trx, user.id, { role: 'admin', isDisabled: false });
    await insertAuditEntry(trx, { ...audit, action: 'user.update', objectId: user.id, before: { role: user.role, is_disabled: user.is_disabled }, after: { role: 'admin', is_disabled: false } });
  });
}

/** Takes over a password that is new in the configuration; one that was taken over before never overrides what the person chose since. */
async function applyPassword(db: Kysely<Database>, user: UserRow, password: string): Promise<void> {
  if (await verifyPassword(user.seeded_password_hash, password)) return;
  const passwordHash = await hashPassword(password);
  await db.transaction().execute(async (trx) => {
    await lockUser(trx, user.id);
    await updateUserRow(trx, user.id, { passwordHash, seededPasswordHash: passwordHash });
    await revokeSessionsOf(trx, user.id);
    await insertAuditEntry(trx, { ...audit, action: 'user.apply_configured_password', objectId: user.id });
  });
}

/**
 * Makes sure that the configured admin exists; every process may call it at every start. Without a password the admin can sign
 * in by one-time link only, until one is configured or set. `isPasswordCurrent`: the given password opens the account now
 * (false after the person chose another).
 */
export async function ensureAdmin(
  { db }: { db: Kysely<Database> },
  { email, password }: { email: string; password?: string | undefined },
): Promise<{ userId: string; isCreated: boolean; isPasswordCurrent: boolean }> {
  const known = await findUserByEmail(db, email);
  const added = known === undefined ? await addAdmin(db, email, password) : undefined;
  if (added !== undefined) return { userId: added.id, isCreated: true, isPasswordCurrent: password !== undefined };
  const user = known ?? (await findUserByEmail(db, email));
  if (user === undefined) throw new Error('the admin was removed while being made');
  await restoreWhenAlone(db, user);
  if (password === undefined) return { userId: user.id, isCreated: false, isPasswordCurrent: false };
  await applyPassword(db, user, password);
  const current = await findUserByEmail(db, email);
  return { userId: user.id, isCreated: false, isPasswordCurrent: await verifyPassword(current?.password_hash, password) };
}
