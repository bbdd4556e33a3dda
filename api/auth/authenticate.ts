import type { Request } from 'express';
import { AppError } from '../../contracts/errors.ts';
import type { Role } from '../../contracts/permissions.ts';
import { readAccessToken } from './access-token.ts';
import { type AuthDeps, authOf } from './auth-context.ts';

/** The signed-in person behind a request. */
export interface RequestActor {
  userId: string;
  name: string;
  role: Role;
  sessionId: string;
  requestId?: string | undefined;
  /** The address the request came from. */
  source?: string | undefined;
}

const bearerForm = /^Bearer +([A-Za-z0-9._~+/=-]+) *$/i;

/**
 * Who is asking, by the bearer token of the request. The person and their role come from the records, at most 10 seconds old.
 * Throws UNAUTHENTICATED.
 */
export async function authenticate(deps: AuthDeps, request: Pick<Request, 'headers'>): Promise<RequestActor> {
  const token = bearerForm.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) throw new AppError('UNAUTHENTICATED', 'no bearer token');
  const auth = authOf(deps);
  const { userId, sessionId } = await readAccessToken(auth.accessKey, token);
  const user = await auth.sessionUsers.find(sessionId);
  if (user === undefined || user.userId !== userId) throw new AppError('UNAUTHENTICATED', `session ${sessionId} has ended`);
  return { ...user, sessionId };
}
