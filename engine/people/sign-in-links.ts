import type { Kysely } from 'kysely';
import { AppError } from '../../contracts/errors.ts';
import type { Database } from '../../db/database.ts';
import { insertAuditEntry } from '../../db/repositories/audit.repository.ts';
import { insertSignInLink } from '../../db/repositories/sessions.repository.ts';
import { findUser } from '../../db/repositories/users.repository.ts';
import { systemActor } from '../governance/index.ts';
import { hashSecret, newSecret } from './secrets.ts';

/**
 * Makes a token that signs this person in once within `ttlMs`. Only its hash is kept: whoever made it must hand it over now.
 * Throws USER_NOT_FOUND.
 */
export async function createSignInLink({ db }: { db: Kysely<Database> }, { userId, ttlMs }: { userId: string; ttlMs: number }): Promise<string> {
  const token = newSecret();
  await db.transaction().execute(async (trx) => {
    if ((await findUser(trx, userId)) === undefined) throw new AppError('USER_NOT_FOUND', `user ${userId}`);
    await insertSignInLink(trx, { tokenHash: hashSecret(token), userId, expiresAt: new Date(Date.now() + ttlMs) });
    await insertAuditEntry(trx, { actorId: null, actorName: systemActor.name, action: 'user.create_sign_in_link', objectType: 'user', objectId: userId, after: { ttl_ms: ttlMs } });
  });
  return token;
}
