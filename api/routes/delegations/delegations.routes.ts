import { Router } from 'express';
import { createDelegation, listApprovers, listDelegations, revokeDelegation } from '../../../engine/people/index.ts';
import type { AppDeps } from '../../app-deps.ts';
import { route } from '../../route.ts';

/** Who decides while somebody is away. */
export function createDelegationsRoutes(deps: AppDeps): Router {
  const router = Router();
  route(router, 'listApprovers', async () => ({ items: await listApprovers(deps) }));
  route(router, 'listDelegations', async ({ actor }) => ({ items: await listDelegations(deps, actor) }));
  route(router, 'createDelegation', ({ body, actor }) => createDelegation(deps, { body, actor }));
  route(router, 'revokeDelegation', ({ params, actor }) => revokeDelegation(deps, { delegationId: params.id, actor }));
  return router;
}
