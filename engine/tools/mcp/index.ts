export { loadMcpTools, type McpServerAccess, type McpToolAccess } from './mcp-access.ts';
export { createMcpSessions, type McpSessions } from './mcp-sessions.ts';
export { createMcpTool } from './mcp-tool.ts';
