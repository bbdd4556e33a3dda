import { Router } from 'express';
import type { Metrics } from '../../platform/telemetry/metrics.ts';
import type { AppDeps } from '../app.ts';
import { createCatalogueRoutes } from './catalogue/catalogue.routes.ts';
import { createHealthRoutes } from './health/health.routes.ts';
import { createHitlRoutes } from './hitl/hitl.routes.ts';
import { createObservabilityRoutes } from './observability/observability.routes.ts';
import { createOutboxRoutes } from './outbox/outbox.routes.ts';
import { createRunsRoutes } from './runs/runs.routes.ts';

/** Every resource of the api: one line each. */
export function createRoutes(deps: AppDeps, metrics: Metrics): Router {
  const router = Router();
  router.use(createHealthRoutes(deps, metrics));
  router.use(createCatalogueRoutes(deps));
  router.use(createRunsRoutes(deps));
  router.use(createHitlRoutes(deps));
  router.use(createOutboxRoutes(deps));
  router.use(createObservabilityRoutes(deps));
  return router;
}
