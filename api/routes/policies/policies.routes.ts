import { Router } from 'express';
import { listPolicies } from '../../../engine/governance/index.ts';
import type { AppDeps } from '../../app-deps.ts';
import { route } from '../../route.ts';

/** The live policy. */
export function createPoliciesRoutes(deps: AppDeps): Router {
  const router = Router();
  route(router, 'listPolicies', () => listPolicies(deps));
  return router;
}
