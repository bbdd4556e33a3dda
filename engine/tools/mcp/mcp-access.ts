import type { Kysely } from 'kysely';
import type { McpDefinition, McpTransport } from '../../../contracts/mcp-servers.ts';
import type { RiskLevel, ToolEffect } from '../../../contracts/tools.ts';
import type { Database } from '../../../db/database.ts';

/** An MCP server as it is reached; secrets stand in `transport` by reference. */
export interface McpServerAccess {
  id: string;
  name: string;
  slug: string;
  transport: McpTransport;
  timeoutMs: number;
  /** Another version is another connection. */
  version: number;
}

/** A reviewed tool of a server. */
export interface McpToolAccess {
  server: McpServerAccess;
  registeredName: string;
  definition: McpDefinition;
  /** What was reviewed; a server that says something else is not called. */
  hash: string;
  risk: RiskLevel;
  effect: ToolEffect;
  isEnabled: boolean;
  /** Why it is held although it is on: its definition changed, or the server no longer lists it. */
  heldReason: string | null;
}

/** Every reviewed tool of every MCP server, by registered name; those of a server that is off are not enabled. */
export async function loadMcpTools(_db: Kysely<Database>): Promise<McpToolAccess[]> {
  return [];
}
