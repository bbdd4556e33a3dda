import { Router } from 'express';
import { getNoticePreferences, setNoticePreferences } from '../../../engine/notices/index.ts';
import type { AppDeps } from '../../app-deps.ts';
import { route } from '../../route.ts';

/** Which approvals a person hears of: everybody chooses for themselves. */
export function createNoticesRoutes(deps: AppDeps): Router {
  const router = Router();
  route(router, 'getNoticePreferences', ({ actor }) => getNoticePreferences(deps, actor.userId));
  route(router, 'setNoticePreferences', ({ body, actor }) => setNoticePreferences(deps, { userId: actor.userId, preferences: body }));
  return router;
}
