import type { Tool } from '../tool.ts';
import type { McpToolAccess } from './mcp-access.ts';
import type { McpSessions } from './mcp-sessions.ts';

/** A reviewed tool of an MCP server as an agent's tool. */
export const createMcpTool = (_access: McpToolAccess, _sessions: McpSessions): Tool => {
  throw new Error('not there yet');
};
