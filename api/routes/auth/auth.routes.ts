import { type Request, type Response, Router } from 'express';
import type { TokenResponse } from '../../../contracts/auth.ts';
import { AppError } from '../../../contracts/errors.ts';
import { findUser } from '../../../db/repositories/users.repository.ts';
import { changePassword, type OpenedSession, renewSession, signIn, signInWithLink, signOut, toUser } from '../../../engine/people/index.ts';
import type { AppDeps } from '../../app-deps.ts';
import { accessTokenSeconds, issueAccessToken } from '../../auth/access-token.ts';
import { authOf, clearRenewalCookie, clientAddressOf, clientNetworkOf, readRenewalToken, requireSameOrigin, setRenewalCookie } from '../../auth/index.ts';
import { requestIdOf } from '../../request-context.ts';
import { route } from '../../route.ts';

/** Signing in and out, renewing, and one's own account. */
export function createAuthRoutes(deps: AppDeps): Router {
  const router = Router();
  const { db, config } = deps;
  const auth = authOf(deps);
  const originOf = (request: Request) => ({ requestId: requestIdOf(request), source: clientAddressOf(request) });

  const answer = async (response: Response, session: OpenedSession): Promise<TokenResponse> => {
    setRenewalCookie(response, config.http, session);
    const accessToken = await issueAccessToken(auth.accessKey, { userId: session.user.id, sessionId: session.sessionId });
    return { access_token: accessToken, token_type: 'Bearer', expires_in: accessTokenSeconds, user: session.user };
  };

  route(router, 'signIn', async ({ body, request, response }) => {
    requireSameOrigin(request, config.http);
    return answer(response, await signIn({ db, throttle: auth.throttle }, { body, network: clientNetworkOf(request), ...originOf(request) }));
  });

  route(router, 'signInWithLink', async ({ body, request, response }) => {
    requireSameOrigin(request, config.http);
    return answer(response, await signInWithLink({ db, throttle: auth.throttle }, { token: body.token, network: clientNetworkOf(request), ...originOf(request) }));
  });

  route(router, 'renewToken', async ({ request, response }) => {
    requireSameOrigin(request, config.http);
    const renewalToken = readRenewalToken(request);
    try {
      return await answer(response, await renewSession({ db, renewalKey: auth.renewalKey }, { renewalToken, ...originOf(request) }));
    } catch (error) {
      // A cookie that opens nothing is taken back; on any other failure it may still be good.
      if (renewalToken !== undefined && error instanceof AppError && error.code === 'UNAUTHENTICATED') clearRenewalCookie(response, config.http);
      throw error;
    }
  });

  route(router, 'signOut', async ({ request, response }) => {
    requireSameOrigin(request, config.http);
    await signOut({ db }, { renewalToken: readRenewalToken(request), ...originOf(request) });
    auth.sessionUsers.forget();
    clearRenewalCookie(response, config.http);
    return undefined;
  });

  route(router, 'getMe', async ({ actor }) => {
    const row = await findUser(db, actor.userId);
    if (row === undefined) throw new AppError('UNAUTHENTICATED');
    return toUser(row);
  });

  route(router, 'changePassword', async ({ body, actor }) => {
    await changePassword({ db, throttle: auth.throttle }, { body, actor, sessionId: actor.sessionId });
    auth.sessionUsers.forget();
    return undefined;
  });

  return router;
}
