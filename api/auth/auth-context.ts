import { createHmac } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Database } from '../../db/database.ts';
import { SignInThrottle } from '../../engine/people/index.ts';
import type { Config } from '../../platform/config.ts';
import { SessionUsers } from './session-users.ts';

export interface AuthDeps {
  db: Kysely<Database>;
  config: Pick<Config, 'auth' | 'http'>;
}

/** What signing in and checking tokens keep for the life of one app. */
export interface AuthContext {
  accessKey: Uint8Array;
  renewalKey: string;
  throttle: SignInThrottle;
  sessionUsers: SessionUsers;
}

const contexts = new WeakMap<AuthDeps, AuthContext>();

/** One key per purpose, so that a value made for one can never be used for another. */
const deriveKey = (secret: string, purpose: string): Buffer => createHmac('sha256', secret).update(`maestro ${purpose}`).digest();

/** The app's own context, made at first use and gone with its dependencies. */
export function authOf(deps: AuthDeps): AuthContext {
  const known = contexts.get(deps);
  if (known !== undefined) return known;
  const secret = deps.config.auth.jwtSecret;
  const context: AuthContext = {
    accessKey: deriveKey(secret, 'access token'),
    renewalKey: deriveKey(secret, 'renewal secret').toString('hex'),
    throttle: new SignInThrottle(),
    sessionUsers: new SessionUsers(deps.db),
  };
  contexts.set(deps, context);
  return context;
}
