import type { Kysely, Transaction } from 'kysely';
import type { SignInBody } from '../../contracts/auth.ts';
import { AppError } from '../../contracts/errors.ts';
import type { Database } from '../../db/database.ts';
import { insertAuditEntry } from '../../db/repositories/audit.repository.ts';
import { useSignInLink } from '../../db/repositories/sessions.repository.ts';
import { findUserByEmail, lockUser, type UserRow } from '../../db/repositories/users.repository.ts';
import { systemActor } from '../governance/index.ts';
import { verifyPassword } from './passwords/password-hash.ts';
import { hashSecret } from './secrets.ts';
import { type OpenedSession, openSession, type RequestOrigin } from './sessions.ts';
import type { SignInThrottle } from './sign-in-throttle.ts';

interface SignInDeps {
  db: Kysely<Database>;
  throttle: SignInThrottle;
}

/** `network`, of the client's address, counts for the throttle. */
type Attempt = RequestOrigin & { network?: string | undefined };

/**
 * Failures are audited by person, for unknown addresses too (as `unknown`: what was typed there may be a password), so that
 * both cost the same time.
 */
const auditFailure = ({ db }: SignInDeps, user: UserRow | undefined, method: string, { requestId, source }: RequestOrigin): Promise<void> =>
  db.transaction().execute((trx) =>
    insertAuditEntry(trx, {
      actorId: null, actorName: systemActor.name, action: 'session.sign_in_refused', objectType: 'user', objectId: user?.id ?? 'unknown', after: { method }, requestId, source,
    }),
  );

async function openAudited(trx: Transaction<Database>, user: UserRow, method: 'password' | 'link', { requestId, source }: RequestOrigin): Promise<OpenedSession> {
  const session = await openSession(trx, user);
  await insertAuditEntry(trx, { actorId: user.id, actorName: user.name, action: 'session.sign_in', objectType: 'user', objectId: user.id, after: { method }, requestId, source });
  return session;
}

/**
 * Signs in with e-mail and password. Unknown, disabled and wrong all look and take the same: CREDENTIALS_INVALID. Also throws
 * TOO_MANY_ATTEMPTS with `details.retry_after_ms`.
 */
export async function signIn(deps: SignInDeps, { body, network, ...origin }: { body: SignInBody } & Attempt): Promise<OpenedSession> {
  const attempt = deps.throttle.begin({ account: body.email, address: network });
  const user = await findUserByEmail(deps.db, body.email);
  const isRight = await verifyPassword(user?.password_hash, body.password);
  const session = user === undefined || !isRight ? undefined : await deps.db.transaction().execute(async (trx) => {
    const current = await lockUser(trx, user.id);
    // Disabled, or given another password, while the old one was being checked.
    if (current === undefined || current.is_disabled || current.password_hash !== user.password_hash) return undefined;
    return openAudited(trx, current, 'password', origin);
  });
  if (session === undefined) {
    await auditFailure(deps, user, 'password', origin);
    throw new AppError('CREDENTIALS_INVALID');
  }
  attempt.succeed();
  return session;
}

/** Signs in with a one-time link's token, which is used up. Throws CREDENTIALS_INVALID and TOO_MANY_ATTEMPTS. */
export async function signInWithLink(deps: SignInDeps, { token, network, ...origin }: { token: string } & Attempt): Promise<OpenedSession> {
  const attempt = deps.throttle.begin({ address: network });
  const session = await deps.db.transaction().execute(async (trx) => {
    const userId = await useSignInLink(trx, hashSecret(token));
    const user = userId === undefined ? undefined : await lockUser(trx, userId);
    return user === undefined || user.is_disabled ? undefined : openAudited(trx, user, 'link', origin);
  });
  if (session === undefined) {
    await auditFailure(deps, undefined, 'link', origin);
    throw new AppError('CREDENTIALS_INVALID', 'This sign-in link was used already or has expired.');
  }
  attempt.succeed();
  return session;
}
