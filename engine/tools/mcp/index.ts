// Lives here: tools of MCP servers as agents' tools, their pinned definitions, and the connections to the servers over HTTP and as programs.
// Does not: adding, testing and reviewing servers (integrations), where a secret may go (secrets).
export { hashDefinition, proposeReview, toRegisteredName } from './definition.ts';
export { findSchemaProblem } from './json-schema.ts';
export { loadMcpTools, type McpServerAccess, type McpToolAccess } from './mcp-access.ts';
export type { McpConnection, McpListing, McpServerInfo } from './mcp-connection.ts';
export { McpError } from './mcp-error.ts';
export { createMcpSessions, type McpSessions } from './mcp-sessions.ts';
export { createMcpTool } from './mcp-tool.ts';
export { recordListing } from './record-listing.ts';
