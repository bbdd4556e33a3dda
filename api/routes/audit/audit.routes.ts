import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Router } from 'express';
import { streamEndpoints } from '../../../contracts/endpoints.ts';
import { exportAudit, listAudit, verifyAudit } from '../../../engine/governance/index.ts';
import type { AppDeps } from '../../app-deps.ts';
import { authorize, parsePart, route } from '../../route.ts';

/** Who did what. */
export function createAuditRoutes(deps: AppDeps): Router {
  const router = Router();
  route(router, 'listAudit', ({ query }) => listAudit(deps, query));
  route(router, 'verifyAudit', () => verifyAudit(deps));

  const { path, access, query: querySchema } = streamEndpoints.auditExport;
  router.get(path, async (request, response) => {
    response.locals['endpoint'] = 'auditExport';
    const actor = await authorize(access, request);
    response.locals['userId'] = actor.userId;
    const { from_sequence: fromSequence } = parsePart(querySchema, request.query);
    const pieces = Readable.from(await exportAudit(deps, { fromSequence }));
    response.attachment(`maestro-audit-${new Date().toISOString().slice(0, 10)}.ndjson`);
    response.setHeader('content-type', 'application/x-ndjson; charset=utf-8');
    try {
      // A log that cannot be read to its end must not look like a whole one: the connection breaks off.
      await pipeline(pieces, response);
    } catch (error) {
      // Whoever asked has gone.
      if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
    }
  });
  return router;
}
