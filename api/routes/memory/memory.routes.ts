import { Router } from 'express';
import type { AppDeps } from '../../app-deps.ts';
import { route } from '../../route.ts';

/**
 * What agents remember. `X-Memory-Search` says how an answer was found: `list`, `hybrid`, or `full_text` when the vector store or
 * the embedding could not be reached and words alone were compared.
 */
export function createMemoryRoutes({ memory }: AppDeps): Router {
  const router = Router();

  route(router, 'listMemory', async ({ params, query, response }) => {
    const { mode, ...page } = await memory.list({ agentId: params.id, query });
    response.set('x-memory-search', mode);
    return page;
  });
  route(router, 'deleteMemory', async ({ params, actor }) => {
    await memory.remove({ agentId: params.id, memoryId: params.memory_id, actor });
    return undefined;
  });

  return router;
}
