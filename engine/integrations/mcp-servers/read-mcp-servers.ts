import type { Kysely } from 'kysely';
import { AppError } from '../../../contracts/errors.ts';
import type { McpServer } from '../../../contracts/mcp-servers.ts';
import type { Database } from '../../../db/database.ts';
import { listMcpServerRows, listMcpToolRows, listMcpToolUses } from '../../../db/repositories/mcp-servers.repository.ts';
import { toMcpServer } from './to-mcp-server.ts';

/** All MCP servers by name, with their tools. Asks no server. */
export async function listMcpServers({ db }: { db: Kysely<Database> }): Promise<McpServer[]> {
  const [rows, tools, uses] = await Promise.all([listMcpServerRows(db), listMcpToolRows(db), listMcpToolUses(db)]);
  return rows.map((row) => toMcpServer(row, tools, uses));
}

/** One server. Throws CONNECTION_NOT_FOUND. */
export async function getMcpServer(deps: { db: Kysely<Database> }, serverId: string): Promise<McpServer> {
  const found = (await listMcpServers(deps)).find(({ id }) => id === serverId);
  if (found === undefined) throw new AppError('CONNECTION_NOT_FOUND', `MCP server ${serverId}`);
  return found;
}
