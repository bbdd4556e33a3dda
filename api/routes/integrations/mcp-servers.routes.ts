import type { Router } from 'express';
import { createMcpServer, deleteMcpServer, listMcpServers, refreshMcpServer, reviewMcpTool, testMcpServerDraft, updateMcpServer } from '../../../engine/integrations/index.ts';
import type { AppDeps } from '../../app-deps.ts';
import { goneSignal } from '../../gone-signal.ts';
import { route } from '../../route.ts';

/** MCP servers, and which of their tools agents may be given. */
export function addMcpServerRoutes(router: Router, deps: AppDeps): void {
  route(router, 'listMcpServers', async () => ({ items: await listMcpServers(deps), allows_stdio: deps.config.tools.allowMcpStdio }));
  route(router, 'createMcpServer', async ({ body, actor, response }) => {
    const server = await createMcpServer(deps, { body, actor, signal: goneSignal(response) });
    response.location(`/api/integrations/mcp-servers/${server.id}`);
    return server;
  });
  route(router, 'testMcpServerDraft', ({ body, actor, response }) => testMcpServerDraft(deps, { transport: body.transport, actor, signal: goneSignal(response) }));
  route(router, 'updateMcpServer', ({ params, body, actor, response }) => updateMcpServer(deps, { serverId: params.id, body, actor, signal: goneSignal(response) }));
  route(router, 'deleteMcpServer', async ({ params, query, actor }) => {
    await deleteMcpServer(deps, { serverId: params.id, name: query.name, actor });
    return undefined;
  });
  route(router, 'refreshMcpServer', ({ params, actor, response }) => refreshMcpServer(deps, { serverId: params.id, actor, signal: goneSignal(response) }));
  route(router, 'reviewMcpTool', ({ params, body, actor }) => reviewMcpTool(deps, { serverId: params.id, toolId: params.tool_id, body, actor }));
}
