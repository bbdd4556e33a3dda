import type { Router } from 'express';
import { createWebhook, deleteWebhook, listDeliveries, listWebhooks, testWebhook, updateWebhook } from '../../../engine/notices/index.ts';
import type { AppDeps } from '../../app-deps.ts';
import { route } from '../../route.ts';

/** Other systems that hear of approvals, each with a signing secret that is shown once. */
export function addWebhookRoutes(router: Router, deps: AppDeps): void {
  route(router, 'listWebhooks', async ({ actor }) => ({ items: await listWebhooks(deps, actor) }));
  route(router, 'createWebhook', async ({ body, actor, response }) => {
    const webhook = await createWebhook(deps, { body, actor });
    response.location(`/api/integrations/webhooks/${webhook.id}`);
    return webhook;
  });
  route(router, 'updateWebhook', ({ params, body, actor }) => updateWebhook(deps, { webhookId: params.id, body, actor }));
  route(router, 'deleteWebhook', async ({ params, actor }) => {
    await deleteWebhook(deps, { webhookId: params.id, actor });
    return undefined;
  });
  route(router, 'testWebhook', ({ params }) => testWebhook(deps, params.id));
  route(router, 'listWebhookDeliveries', ({ params, query }) => listDeliveries(deps, { webhookId: params.id, query }));
}
