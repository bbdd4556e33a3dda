import { Router } from 'express';
import { createUser, listUsers, updateUser } from '../../../engine/people/index.ts';
import type { AppDeps } from '../../app-deps.ts';
import { authOf } from '../../auth/index.ts';
import { route } from '../../route.ts';

/** People who may sign in, for admins. */
export function createUsersRoutes(deps: AppDeps): Router {
  const router = Router();
  const { db } = deps;
  const { sessionUsers } = authOf(deps);

  route(router, 'listUsers', ({ query }) => listUsers({ db }, query));
  route(router, 'createUser', ({ body, actor }) => createUser({ db }, { body, actor }));
  route(router, 'updateUser', async ({ params, body, actor }) => {
    const user = await updateUser({ db }, { userId: params.id, body, actor });
    sessionUsers.forget();
    return user;
  });

  return router;
}
