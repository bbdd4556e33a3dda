import { Router } from 'express';
import type { Integrations } from '../../../engine/integrations/index.ts';
import type { AppDeps } from '../../app-deps.ts';
import { route } from '../../route.ts';
import { addConnectionRoutes } from './connections.routes.ts';
import { addDataSourceRoutes } from './data-sources.routes.ts';
import { addMcpServerRoutes } from './mcp-servers.routes.ts';
import { addPriceRoutes } from './prices.routes.ts';
import { addSecretRoutes } from './secrets.routes.ts';
import { addToolSettingsRoutes } from './tool-settings.routes.ts';
import { addWebhookRoutes } from './webhooks.routes.ts';

/** What Maestro is connected to and how it is; connections to models, their prices and the answers kept of them. */
export function createIntegrationsRoutes(deps: AppDeps, integrations: Integrations): Router {
  const router = Router();
  route(router, 'listIntegrations', async () => ({ items: await integrations.list() }));
  addConnectionRoutes(router, deps);
  addDataSourceRoutes(router, deps);
  addMcpServerRoutes(router, deps);
  addPriceRoutes(router, deps);
  addSecretRoutes(router, deps);
  addToolSettingsRoutes(router, deps);
  addWebhookRoutes(router, deps);
  return router;
}
