import type { Router } from 'express';
import { deletePrice, listPrices, purgeAnswerCache, setPrice } from '../../../engine/integrations/index.ts';
import type { AppDeps } from '../../app-deps.ts';
import { route } from '../../route.ts';

/** What models cost, and the answers kept so that they cost nothing twice. */
export function addPriceRoutes(router: Router, deps: AppDeps): void {
  route(router, 'listPrices', async () => ({ items: await listPrices(deps) }));
  route(router, 'setPrice', ({ body, actor }) => setPrice(deps, { body, actor }));
  route(router, 'deletePrice', async ({ params, actor }) => {
    await deletePrice(deps, { priceId: params.id, actor });
    return undefined;
  });
  route(router, 'getAnswerCache', () => deps.answerCache.figures());
  route(router, 'purgeAnswerCache', async ({ query, actor }) => ({ purged: await purgeAnswerCache(deps, { agentId: query.agent_id, actor }) }));
}
