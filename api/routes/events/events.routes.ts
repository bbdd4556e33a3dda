import { Router } from 'express';
import { streamEndpoints } from '../../../contracts/endpoints.ts';
import type { Metrics } from '../../../platform/telemetry/metrics.ts';
import type { AppDeps } from '../../app-deps.ts';
import { authorize, parsePart } from '../../route.ts';
import { createEventFeed } from '../../streams/event-feed.ts';
import { streamEvents } from '../../streams/event-stream.ts';

const defaultHeartbeatMs = 15_000;

/** What happens, as it happens. */
export function createEventsRoutes(deps: AppDeps, metrics: Metrics): Router {
  const router = Router();
  const { path, access, query: querySchema } = streamEndpoints.events;
  const feed = createEventFeed({ db: deps.db, logger: deps.logger, pollMs: deps.eventTimings?.pollMs, onChange: metrics.setEventClients, onEvents: metrics.countEvents });
  router.get(path, async (request, response) => {
    response.locals['endpoint'] = 'events';
    const actor = await authorize(access, request);
    response.locals['userId'] = actor.userId;
    const query = parsePart(querySchema, request.query);
    await streamEvents(request, response, {
      db: deps.db,
      feed,
      runId: query.run_id,
      // The header is the newer one: a browser sends it along with the address it was first given.
      lastEventId: request.get('last-event-id') ?? query.last_event_id,
      heartbeatMs: deps.eventTimings?.heartbeatMs ?? defaultHeartbeatMs,
      checkAccess: () => authorize(access, request),
      stopping: deps.stopping,
    });
  });
  return router;
}
