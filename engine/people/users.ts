import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { CreateUserBody, UpdateUserBody, User } from '../../contracts/auth.ts';
import { AppError } from '../../contracts/errors.ts';
import type { Page, PageQuery } from '../../contracts/pagination.ts';
import type { Database } from '../../db/database.ts';
import { insertAuditEntry } from '../../db/repositories/audit.repository.ts';
import { deleteSignInLinksOf, revokeSessionsOf } from '../../db/repositories/sessions.repository.ts';
import { insertUser, listUserRows, lockActiveAdmins, lockUser, updateUserRow, type UserRow } from '../../db/repositories/users.repository.ts';
import { newId } from '../../platform/ids.ts';
import { parsePageCursor } from '../../platform/page-cursor.ts';
import { toPage } from '../../platform/to-page.ts';
import { type Actor, toAuditActor } from '../governance/index.ts';
import { hashPassword } from './passwords/password-hash.ts';

/** A person as everybody may see them: nothing of password or sessions. */
export const toUser = (row: UserRow): User => ({
  id: row.id,
  email: row.email,
  name: row.name,
  role: row.role,
  is_disabled: row.is_disabled,
  created_at: row.created_at.toISOString(),
});

const auditedFields = (row: UserRow) => ({ email: row.email, name: row.name, role: row.role, is_disabled: row.is_disabled });

/** People in the order they were added. Throws CURSOR_INVALID. */
export async function listUsers({ db }: { db: Kysely<Database> }, query: PageQuery): Promise<Page<User>> {
  const afterId = parsePageCursor(z.uuid(), query.cursor);
  const rows = await listUserRows(db, { afterId, limit: query.limit + 1 });
  return toPage(rows, { limit: query.limit, keyOf: (row) => row.id, toItem: toUser });
}

/** Adds a person who may sign in at once. Throws USER_EMAIL_TAKEN. */
export async function createUser({ db }: { db: Kysely<Database> }, { body, actor }: { body: CreateUserBody; actor: Actor }): Promise<User> {
  const passwordHash = await hashPassword(body.password);
  return db.transaction().execute(async (trx) => {
    const row = await insertUser(trx, { id: newId(), email: body.email, name: body.name, role: body.role, passwordHash });
    if (row === undefined) throw new AppError('USER_EMAIL_TAKEN', undefined, { details: { issues: [{ path: 'email', message: 'Another user already has this e-mail address.' }] } });
    await insertAuditEntry(trx, { ...toAuditActor(actor), action: 'user.create', objectType: 'user', objectId: row.id, after: auditedFields(row) });
    return toUser(row);
  });
}

/**
 * Changes name, role or access; somebody disabled is signed out everywhere. Throws USER_NOT_FOUND, and USER_LAST_ADMIN rather
 * than leave nobody who could take it back.
 */
export async function updateUser({ db }: { db: Kysely<Database> }, { userId, body, actor }: { userId: string; body: UpdateUserBody; actor: Actor }): Promise<User> {
  return db.transaction().execute(async (trx) => {
    const takesAdmin = (body.role !== undefined && body.role !== 'admin') || body.is_disabled === true;
    const admins = takesAdmin ? await lockActiveAdmins(trx) : [];
    const before = await lockUser(trx, userId);
    if (before === undefined) throw new AppError('USER_NOT_FOUND', `user ${userId}`);
    if (takesAdmin && admins.length === 1 && admins[0]?.id === userId) throw new AppError('USER_LAST_ADMIN', undefined, { details: { user_id: userId } });
    const row = await updateUserRow(trx, userId, { name: body.name, role: body.role, isDisabled: body.is_disabled });
    if (row.is_disabled) {
      await revokeSessionsOf(trx, userId);
      await deleteSignInLinksOf(trx, userId);
    }
    await insertAuditEntry(trx, {
      ...toAuditActor(actor), action: 'user.update', objectType: 'user', objectId: userId, before: auditedFields(before), after: auditedFields(row),
    });
    return toUser(row);
  });
}
