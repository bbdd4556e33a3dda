import type { Kysely } from 'kysely';
import type { ChangePasswordBody } from '../../../contracts/auth.ts';
import { AppError } from '../../../contracts/errors.ts';
import type { Database } from '../../../db/database.ts';
import { insertAuditEntry } from '../../../db/repositories/audit.repository.ts';
import { deleteSignInLinksOf, revokeSessionsOf } from '../../../db/repositories/sessions.repository.ts';
import { findUser, lockUser, updateUserRow } from '../../../db/repositories/users.repository.ts';
import { type Actor, toAuditActor } from '../../governance/index.ts';
import type { SignInThrottle } from '../sign-in-throttle.ts';
import { hashPassword, verifyPassword } from './password-hash.ts';

/**
 * Changes one's own password and ends every other session of the person. Wrong guesses count like failed sign-ins.
 * Throws VALIDATION_FAILED when the current password is wrong, TOO_MANY_ATTEMPTS, USER_NOT_FOUND.
 */
export async function changePassword(
  { db, throttle }: { db: Kysely<Database>; throttle: SignInThrottle },
  { body, actor, sessionId }: { body: ChangePasswordBody; actor: Actor & { userId: string }; sessionId: string },
): Promise<void> {
  const user = await findUser(db, actor.userId);
  if (user === undefined) throw new AppError('USER_NOT_FOUND', `user ${actor.userId}`);
  const attempt = throttle.begin({ account: user.email });
  if (!(await verifyPassword(user.password_hash, body.current_password))) {
    throw new AppError('VALIDATION_FAILED', undefined, { details: { issues: [{ path: 'current_password', message: 'This is not your current password.' }] } });
  }
  attempt.succeed();
  const passwordHash = await hashPassword(body.new_password);
  await db.transaction().execute(async (trx) => {
    await lockUser(trx, user.id);
    await updateUserRow(trx, user.id, { passwordHash });
    await revokeSessionsOf(trx, user.id, sessionId);
    await deleteSignInLinksOf(trx, user.id);
    await insertAuditEntry(trx, { ...toAuditActor(actor), action: 'user.change_password', objectType: 'user', objectId: user.id });
  });
}
