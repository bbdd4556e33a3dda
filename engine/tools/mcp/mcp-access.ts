import type { Kysely } from 'kysely';
import type { McpDefinition, McpTransport } from '../../../contracts/mcp-servers.ts';
import type { RiskLevel, ToolEffect } from '../../../contracts/tools.ts';
import type { Database } from '../../../db/database.ts';
import { listReviewedMcpTools, type McpServerRow, type McpToolRow } from '../../../db/repositories/mcp-servers.repository.ts';

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

/** A stored server as it is reached. */
export const toServerAccess = ({ id, name, slug, transport, timeout_seconds: seconds, version }: McpServerRow): McpServerAccess => ({ id, name, slug, transport, timeoutMs: seconds * 1_000, version });

function heldReasonOf({ missing_since: missingSince, pending_hash: pendingHash }: McpToolRow, server: McpServerRow): string | null {
  if (missingSince !== null) return `The MCP server "${server.name}" no longer lists this tool.`;
  return pendingHash === null ? null : `The MCP server "${server.name}" defines this tool differently by now; an admin has to review the change.`;
}

/** Every reviewed tool of every MCP server, by registered name; those of a server that is off are not enabled. */
export async function loadMcpTools(db: Kysely<Database>): Promise<McpToolAccess[]> {
  return (await listReviewedMcpTools(db)).flatMap(({ tool, server }) =>
    tool.risk === null || tool.effect === null
      ? []
      : [{
          server: toServerAccess(server), registeredName: tool.registered_name, definition: tool.definition, hash: tool.hash, risk: tool.risk, effect: tool.effect,
          isEnabled: tool.is_enabled && server.is_enabled, heldReason: heldReasonOf(tool, server),
        }]);
}
