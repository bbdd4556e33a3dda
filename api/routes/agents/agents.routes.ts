import { Router } from 'express';
import { createAgent, deleteAgent, getAgent, listAgents, listAgentVersions, updateAgent } from '../../../engine/agents/index.ts';
import type { AppDeps } from '../../app-deps.ts';
import { route } from '../../route.ts';

/** Agents and their versions. */
export function createAgentsRoutes(deps: AppDeps): Router {
  const router = Router();

  route(router, 'listAgents', ({ query }) => listAgents(deps, query));
  route(router, 'createAgent', async ({ body, actor, response }) => {
    const agent = await createAgent(deps, { body, actor });
    response.location(`/api/agents/${agent.id}`);
    return agent;
  });
  route(router, 'getAgent', ({ params }) => getAgent(deps, params.id));
  route(router, 'updateAgent', ({ params, body, actor }) => updateAgent(deps, { agentId: params.id, body, actor }));
  route(router, 'deleteAgent', async ({ params, actor }) => {
    await deleteAgent(deps, { agentId: params.id, actor });
    return undefined;
  });
  route(router, 'listAgentVersions', ({ params, query }) => listAgentVersions(deps, { agentId: params.id, query }));

  return router;
}
