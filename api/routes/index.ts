import { Router } from 'express';
import { createIntegrations } from '../../engine/integrations/index.ts';
import type { Metrics } from '../../platform/telemetry/metrics.ts';
import type { AppDeps } from '../app-deps.ts';
import { createAgentsRoutes } from './agents/agents.routes.ts';
import { createAuditRoutes } from './audit/audit.routes.ts';
import { createAuthRoutes } from './auth/auth.routes.ts';
import { createBackTestsRoutes } from './back-tests/back-tests.routes.ts';
import { createCatalogueRoutes } from './catalogue/catalogue.routes.ts';
import { createDelegationsRoutes } from './delegations/delegations.routes.ts';
import { createEventsRoutes } from './events/events.routes.ts';
import { createGroupsRoutes } from './groups/groups.routes.ts';
import { createHealthRoutes } from './health/health.routes.ts';
import { createHitlRoutes } from './hitl/hitl.routes.ts';
import { createIntegrationsRoutes } from './integrations/integrations.routes.ts';
import { createMemoryRoutes } from './memory/memory.routes.ts';
import { createNoticesRoutes } from './notices/notices.routes.ts';
import { createObservabilityRoutes } from './observability/observability.routes.ts';
import { createOutboxRoutes } from './outbox/outbox.routes.ts';
import { createPoliciesRoutes } from './policies/policies.routes.ts';
import { createRunsRoutes } from './runs/runs.routes.ts';
import { createUsersRoutes } from './users/users.routes.ts';

/** Every resource of the api: one line each. */
export function createRoutes(deps: AppDeps, metrics: Metrics): Router {
  const router = Router();
  const integrations = createIntegrations(deps);
  router.use(createHealthRoutes(deps, metrics));
  router.use(createAuthRoutes(deps));
  router.use(createUsersRoutes(deps));
  router.use(createCatalogueRoutes(deps));
  router.use(createAgentsRoutes(deps));
  router.use(createMemoryRoutes(deps));
  router.use(createRunsRoutes(deps));
  router.use(createHitlRoutes(deps));
  router.use(createGroupsRoutes(deps));
  router.use(createDelegationsRoutes(deps));
  router.use(createNoticesRoutes(deps));
  router.use(createOutboxRoutes(deps));
  // Before the policies, whose `/api/policies/:id` would take `back-tests` for one of them.
  router.use(createBackTestsRoutes(deps));
  router.use(createPoliciesRoutes(deps));
  router.use(createAuditRoutes(deps));
  router.use(createIntegrationsRoutes(deps, integrations));
  router.use(createObservabilityRoutes(deps, integrations));
  router.use(createEventsRoutes(deps, metrics));
  return router;
}
