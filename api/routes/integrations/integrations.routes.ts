import { Router } from 'express';
import { createIntegrations } from '../../../engine/integrations/index.ts';
import type { AppDeps } from '../../app-deps.ts';
import { route } from '../../route.ts';

/** What Maestro is connected to and how it is. */
export function createIntegrationsRoutes(deps: AppDeps): Router {
  const router = Router();
  const integrations = createIntegrations(deps);
  route(router, 'listIntegrations', async () => ({ items: await integrations.list() }));
  return router;
}
