import { Router } from 'express';
import { listAudit } from '../../../engine/governance/index.ts';
import type { AppDeps } from '../../app-deps.ts';
import { route } from '../../route.ts';

/** Who did what. */
export function createAuditRoutes(deps: AppDeps): Router {
  const router = Router();
  route(router, 'listAudit', ({ query }) => listAudit(deps, query));
  return router;
}
