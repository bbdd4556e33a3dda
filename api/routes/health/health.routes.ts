import { Router } from 'express';
import { streamEndpoints } from '../../../contracts/endpoints.ts';
import type { z } from 'zod';
import type { readinessResponseSchema } from '../../../contracts/system.ts';
import { pingDatabase } from '../../../db/repositories/health.repository.ts';
import { countRunPhases } from '../../../db/repositories/run-views.repository.ts';
import { findPolicyEngineOutage } from '../../../engine/safety/index.ts';
import type { Metrics } from '../../../platform/telemetry/metrics.ts';
import type { AppDeps } from '../../app-deps.ts';
import { isReachable } from '../../health.ts';
import { createOpenApiDocument } from '../../openapi.ts';
import { route } from '../../route.ts';

/** What machines ask: is it alive, is it ready, its figures, its contract. */
export function createHealthRoutes(deps: AppDeps, metrics: Metrics): Router {
  const router = Router();
  metrics.addGauge('maestro_runs', 'Runs by phase', ['phase'], async () =>
    Object.entries(await countRunPhases(deps.db, {})).map(([phase, value]) => ({ labels: { phase }, value })));

  route(router, 'getLiveness', ({ response }) => {
    response.set('cache-control', 'no-store');
    return { status: 'ok' as const };
  });
  router.get(streamEndpoints.readiness.path, async (_request, response) => {
    response.locals['endpoint'] = 'readiness';
    const [database, temporal] = await Promise.all([isReachable(() => pingDatabase(deps.db)), isReachable(() => deps.agentRuns.ping())]);
    const outage = findPolicyEngineOutage();
    const isReady = database && temporal && outage === undefined && deps.stopping?.aborted !== true;
    const body: z.output<typeof readinessResponseSchema> = {
      status: isReady ? 'ready' : 'not_ready',
      checks: { database: database ? 'ok' : 'unreachable', temporal: temporal ? 'ok' : 'unreachable', policy_engine: outage ?? 'ok' },
    };
    response.set('cache-control', 'no-store').status(isReady ? 200 : 503).json(body);
  });
  router.get(streamEndpoints.metrics.path, async (_request, response) => {
    response.locals['endpoint'] = 'metrics';
    const { contentType, body } = await metrics.render();
    response.set('cache-control', 'no-store').set('content-type', contentType).send(body);
  });
  let document: unknown;
  router.get(streamEndpoints.openApi.path, (_request, response) => {
    response.locals['endpoint'] = 'openApi';
    document ??= createOpenApiDocument();
    response.json(document);
  });
  return router;
}
