import { AppError, refuseField } from '../../../contracts/errors.ts';
import type { McpServer, ReviewMcpToolBody } from '../../../contracts/mcp-servers.ts';
import { insertAuditEntry } from '../../../db/repositories/audit.repository.ts';
import { insertConnectionChange } from '../../../db/repositories/events.repository.ts';
import { listMcpToolRows, updateMcpTool } from '../../../db/repositories/mcp-servers.repository.ts';
import { type Actor, toAuditActor } from '../../governance/index.ts';
import { findSchemaProblem } from '../../tools/index.ts';
import { lockServer } from './change-mcp-server.ts';
import type { McpServerDeps } from './mcp-server-deps.ts';
import { getMcpServer } from './read-mcp-servers.ts';

/**
 * Switches a tool on or off, with risk and effect, for the definition whose hash is given: the found one where it waits for a review, which
 * is the reviewed one then. Throws CONNECTION_NOT_FOUND, MCP_TOOL_NOT_FOUND, MCP_TOOL_CHANGED (with `details.hash`) when the tool is
 * another by now, and VALIDATION_FAILED for one that cannot be switched on.
 */
export async function reviewMcpTool(deps: Pick<McpServerDeps, 'db' | 'tools'>, { serverId, toolId, body, actor }: { serverId: string; toolId: string; body: ReviewMcpToolBody; actor: Actor }): Promise<McpServer> {
  const { hash, is_enabled: isEnabled, risk, effect } = body;
  await deps.db.transaction().execute(async (trx) => {
    const server = await lockServer(trx, serverId);
    const tool = (await listMcpToolRows(trx, server.id)).find(({ id }) => id === toolId);
    if (tool === undefined) throw new AppError('MCP_TOOL_NOT_FOUND', `tool ${toolId} of MCP server ${serverId}`);
    const current = tool.pending_definition !== null && tool.pending_hash !== null ? { definition: tool.pending_definition, hash: tool.pending_hash } : { definition: tool.definition, hash: tool.hash };
    if (hash !== current.hash) throw new AppError('MCP_TOOL_CHANGED', undefined, { details: { hash: current.hash } });
    const problem = isEnabled ? findSchemaProblem(current.definition.input_schema) : null;
    if (problem !== null) refuseField('is_enabled', `This tool cannot be switched on. ${problem}`);
    await updateMcpTool(trx, tool.id, {
      definition: current.definition, hash, is_enabled: isEnabled, risk, effect, pending_definition: null, pending_hash: null, pending_at: null, reviewed_at: new Date(), reviewed_by: actor.userId,
    });
    await insertConnectionChange(trx, server.id, 'updated');
    await insertAuditEntry(trx, {
      ...toAuditActor(actor), action: 'mcp_tool.review', objectType: 'mcp_tool', objectId: tool.id,
      before: { name: tool.registered_name, hash: tool.reviewed_at === null ? null : tool.hash, is_enabled: tool.is_enabled, risk: tool.risk, effect: tool.effect },
      after: { name: tool.registered_name, hash, is_enabled: isEnabled, risk, effect },
    });
  });
  deps.tools.forget();
  return getMcpServer(deps, serverId);
}
