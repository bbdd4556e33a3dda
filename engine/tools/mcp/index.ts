export { hashDefinition, proposeReview, toRegisteredName } from './definition.ts';
export { findSchemaProblem } from './json-schema.ts';
export { loadMcpTools, type McpServerAccess, type McpToolAccess } from './mcp-access.ts';
export { type McpConnection, type McpListing, type McpServerInfo } from './mcp-connection.ts';
export { McpError } from './mcp-error.ts';
export { createMcpSessions, type McpSessions } from './mcp-sessions.ts';
export { createMcpTool } from './mcp-tool.ts';
export { recordListing } from './record-listing.ts';
