import type { Router } from 'express';
import { closeCircuit, createConnection, deleteConnection, listConnectionModels, listConnections, testConnection, testConnectionDraft, updateConnection } from '../../../engine/integrations/index.ts';
import { createModelLists } from '../../../engine/llm/index.ts';
import type { AppDeps } from '../../app-deps.ts';
import { goneSignal } from '../../gone-signal.ts';
import { route } from '../../route.ts';

/** Connections to models. */
export function addConnectionRoutes(router: Router, deps: AppDeps): void {
  const modelLists = createModelLists(deps.db);
  route(router, 'listConnections', async () => ({ items: await listConnections(deps) }));
  route(router, 'createConnection', async ({ body, actor, response }) => {
    const connection = await createConnection(deps, { body, actor });
    response.location(`/api/integrations/connections/${connection.id}`);
    return connection;
  });
  route(router, 'testConnectionDraft', ({ body, actor, response }) => testConnectionDraft(deps, { body, actor, signal: goneSignal(response) }));
  route(router, 'updateConnection', ({ params, body, actor }) => updateConnection(deps, { connectionId: params.id, body, actor }));
  route(router, 'deleteConnection', async ({ params, query, actor }) => {
    await deleteConnection(deps, { connectionId: params.id, name: query.name, actor });
    return undefined;
  });
  route(router, 'testConnection', ({ params, body, actor, response }) => testConnection(deps, { connectionId: params.id, model: body.model, actor, signal: goneSignal(response) }));
  route(router, 'closeCircuit', ({ params, actor }) => closeCircuit(deps, { connectionId: params.id, actor }));
  route(router, 'listConnectionModels', ({ params }) => listConnectionModels({ ...deps, modelLists }, params.id));
}
