import { Router } from 'express';
import { createGroup, deleteGroup, listGroups, updateGroup } from '../../../engine/people/index.ts';
import type { AppDeps } from '../../app-deps.ts';
import { route } from '../../route.ts';

/** Groups of people that policies name as approvers. */
export function createGroupsRoutes(deps: AppDeps): Router {
  const router = Router();
  route(router, 'listGroups', async () => ({ items: await listGroups(deps) }));
  route(router, 'createGroup', ({ body, actor }) => createGroup(deps, { body, actor }));
  route(router, 'updateGroup', ({ params, body, actor }) => updateGroup(deps, { groupId: params.id, body, actor }));
  route(router, 'deleteGroup', ({ params, query, actor }) => deleteGroup(deps, { groupId: params.id, confirmName: query.confirm_name, actor }));
  return router;
}
