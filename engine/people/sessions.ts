import type { Kysely, Transaction } from 'kysely';
import type { User } from '../../contracts/auth.ts';
import { AppError } from '../../contracts/errors.ts';
import type { Database } from '../../db/database.ts';
import { insertAuditEntry } from '../../db/repositories/audit.repository.ts';
import { deleteEndedSessions, insertSession, lockSession, revokeSession, rotateSession, type SessionRow } from '../../db/repositories/sessions.repository.ts';
import { findUser, type UserRow } from '../../db/repositories/users.repository.ts';
import { newId } from '../../platform/ids.ts';
import { hashSecret, isSecret, newSecret, nextSecret } from './secrets.ts';
import { toUser } from './users.ts';

const day = 24 * 3600 * 1000;
/** A session ends this long after its last renewal, */
const idleMs = 14 * day;
/** and this long after sign-in in any case. */
const lifeMs = 90 * day;
/** How long the secret before the newest is still taken: two tabs that renew at once, an answer that got lost. */
const graceMs = 60_000;

export interface SessionDeps {
  db: Kysely<Database>;
  /** Key the successor of a renewal secret is computed with. */
  renewalKey: string;
}

/** Where a request comes from, for the audit. */
export interface RequestOrigin {
  requestId?: string | undefined;
  /** The client's address. */
  source?: string | undefined;
}

/** What a person holds after signing in or renewing. `renewalToken` is secret: `<session id>.<secret>`. */
export interface OpenedSession {
  user: User;
  sessionId: string;
  renewalToken: string;
  expiresAt: Date;
}

/** Opens a session of a person whose row this transaction holds, and clears away their ended ones. */
export async function openSession(trx: Transaction<Database>, user: UserRow): Promise<OpenedSession> {
  const sessionId = newId();
  const secret = newSecret();
  const expiresAt = new Date(Date.now() + idleMs);
  await insertSession(trx, { id: sessionId, userId: user.id, secretHash: hashSecret(secret), expiresAt });
  await deleteEndedSessions(trx, user.id, new Date(Date.now() - day));
  return { user: toUser(user), sessionId, renewalToken: `${sessionId}.${secret}`, expiresAt };
}

const tokenForm = /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\.([A-Za-z0-9_-]{43})$/;
const parseToken = (token: string): { sessionId: string; secret: string } | undefined => {
  const match = tokenForm.exec(token);
  return match === null ? undefined : { sessionId: match[1] as string, secret: match[2] as string };
};

const isOver = (session: SessionRow): boolean => session.revoked_at !== null || session.expires_at.getTime() <= Date.now();
const isInGrace = (session: SessionRow): boolean => session.rotated_at !== null && Date.now() - session.rotated_at.getTime() < graceMs;

/** A secret that was replaced long ago came back: somebody else has a copy, so nobody keeps the session. */
async function endStolen(trx: Transaction<Database>, session: SessionRow, user: UserRow, { requestId, source }: RequestOrigin): Promise<undefined> {
  await revokeSession(trx, session.id);
  await insertAuditEntry(trx, { actorId: user.id, actorName: user.name, action: 'session.secret_reused', objectType: 'user', objectId: user.id, requestId, source });
  return undefined;
}

/**
 * Trades a renewal token for its successor; each is good once, with a minute's grace. Any other secret of a known session ends
 * the session. Throws UNAUTHENTICATED, for disabled people too.
 */
export async function renewSession({ db, renewalKey }: SessionDeps, { renewalToken, ...origin }: { renewalToken: string | undefined } & RequestOrigin): Promise<OpenedSession> {
  const parsed = parseToken(renewalToken ?? '');
  if (parsed === undefined) throw new AppError('UNAUTHENTICATED', 'no usable renewal token');
  const { sessionId, secret } = parsed;
  const renewed = await db.transaction().execute(async (trx): Promise<OpenedSession | undefined> => {
    const session = await lockSession(trx, sessionId);
    if (session === undefined || isOver(session)) return undefined;
    const user = await findUser(trx, session.user_id);
    if (user === undefined || user.is_disabled) return undefined;
    const isNewest = isSecret(secret, session.secret_hash);
    if (!isNewest && !(isSecret(secret, session.previous_secret_hash) && isInGrace(session))) return endStolen(trx, session, user, origin);
    const successor = nextSecret(renewalKey, secret);
    const expiresAt = isNewest ? new Date(Math.min(Date.now() + idleMs, session.created_at.getTime() + lifeMs)) : session.expires_at;
    if (isNewest) await rotateSession(trx, session, { secretHash: hashSecret(successor), expiresAt });
    return { user: toUser(user), sessionId, renewalToken: `${sessionId}.${successor}`, expiresAt };
  });
  if (renewed === undefined) throw new AppError('UNAUTHENTICATED', `session ${sessionId} cannot be renewed`);
  return renewed;
}

/** Ends the session of a renewal token and returns its id; undefined when the token is none or the session had ended already. */
export async function signOut({ db }: Pick<SessionDeps, 'db'>, { renewalToken, ...origin }: { renewalToken: string | undefined } & RequestOrigin): Promise<string | undefined> {
  const parsed = parseToken(renewalToken ?? '');
  if (parsed === undefined) return undefined;
  return db.transaction().execute(async (trx) => {
    const session = await lockSession(trx, parsed.sessionId);
    if (session === undefined || !(isSecret(parsed.secret, session.secret_hash) || isSecret(parsed.secret, session.previous_secret_hash))) return undefined;
    const user = await findUser(trx, session.user_id);
    if (user === undefined || !(await revokeSession(trx, session.id))) return undefined;
    await insertAuditEntry(trx, { actorId: user.id, actorName: user.name, action: 'session.sign_out', objectType: 'user', objectId: user.id, ...origin });
    return session.id;
  });
}
