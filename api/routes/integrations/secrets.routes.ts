import type { Router } from 'express';
import { createSecret, deleteSecret, listSecrets, updateSecret } from '../../../engine/secrets/index.ts';
import type { AppDeps } from '../../app-deps.ts';
import { route } from '../../route.ts';

/** Named secrets: written, never read. */
export function addSecretRoutes(router: Router, deps: AppDeps): void {
  route(router, 'listSecrets', async () => ({ items: await listSecrets(deps) }));
  route(router, 'createSecret', async ({ body, actor, response }) => {
    const secret = await createSecret(deps, { body, actor });
    response.location(`/api/integrations/secrets/${secret.id}`);
    return secret;
  });
  route(router, 'updateSecret', ({ params, body, actor }) => updateSecret(deps, { secretId: params.id, body, actor }));
  route(router, 'deleteSecret', async ({ params, query, actor }) => {
    await deleteSecret(deps, { secretId: params.id, name: query.name, actor });
    return undefined;
  });
}
