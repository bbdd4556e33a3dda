import { Router } from 'express';
import type { Integrations } from '../../../engine/integrations/index.ts';
import { getDashboard, getObservability } from '../../../engine/traces/index.ts';
import type { AppDeps } from '../../app-deps.ts';
import { checkServices } from '../../health.ts';
import { route } from '../../route.ts';

/** Figures over time, the dashboard's, and the state of what a run needs. */
export function createObservabilityRoutes(deps: AppDeps, integrations: Integrations): Router {
  const router = Router();
  route(router, 'getObservability', ({ query }) => getObservability(deps, query));
  route(router, 'getDashboard', () => getDashboard(deps));
  route(router, 'getHealth', async () => ({ checked_at: new Date().toISOString(), services: await checkServices(deps, integrations) }));
  return router;
}
