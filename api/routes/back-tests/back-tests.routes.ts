import { Router } from 'express';
import { cancelBackTest, getBackTest, listBackTestDecisions, listBackTests, startBackTest } from '../../../engine/governance/index.ts';
import type { AppDeps } from '../../app-deps.ts';
import { route } from '../../route.ts';

/** Drafts of policies judged against what was decided. */
export function createBackTestsRoutes(deps: AppDeps): Router {
  const router = Router();
  route(router, 'startBackTest', ({ body, actor }) => startBackTest(deps, { body, actor }));
  route(router, 'listBackTests', ({ query }) => listBackTests(deps, query));
  route(router, 'getBackTest', ({ params }) => getBackTest(deps, params.id));
  route(router, 'listBackTestDecisions', ({ params, query }) => listBackTestDecisions(deps, { backTestId: params.id, query }));
  route(router, 'cancelBackTest', ({ params, actor }) => cancelBackTest(deps, { backTestId: params.id, actor }));
  return router;
}
