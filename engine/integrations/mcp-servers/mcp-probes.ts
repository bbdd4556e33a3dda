import type { Kysely } from 'kysely';
import type { McpServer } from '../../../contracts/mcp-servers.ts';
import type { Database } from '../../../db/database.ts';
import type { Probe } from '../check.ts';
import { listMcpServers } from './read-mcp-servers.ts';

const placeOf = ({ transport }: McpServer): string => (transport.type === 'stdio' ? `Program ${transport.command}` : new URL(transport.url).origin);

/** What is known of a server since it was tried last: programs are not started, and servers not signed in at, only to be checked. */
function stateOf(server: McpServer): Pick<Probe, 'state' | 'detail'> {
  const { state, tools, to_review: toReview, last_test: test } = server;
  const place = placeOf(server);
  if (state === 'off') return { state: 'not_configured', detail: 'Switched off.' };
  if (state === 'untested') return { state, detail: `${place}. Not tried yet.` };
  if (state === 'failing') return { state, detail: `${place}. ${test?.failure?.cause ?? 'The last test failed.'}` };
  const on = tools.filter((tool) => tool.status === 'on').length;
  const held = tools.filter((tool) => tool.is_enabled && (tool.status === 'changed' || tool.status === 'missing')).length;
  const detail = `${place}. ${tools.length} tools, ${on} on${toReview > 0 ? `, ${toReview} to review` : ''}.`;
  return held > 0 ? { state: 'degraded', detail: `${detail} Held, because it changed or is gone: ${held}.` } : { state: 'healthy', detail };
}

/** One line per MCP server. */
export async function listMcpProbes({ db }: { db: Kysely<Database> }): Promise<Probe[]> {
  return (await listMcpServers({ db })).map((server) => ({ id: `mcp_server:${server.id}`, kind: 'mcp_server', name: server.name, used_by_agents: server.used_by_agents.length, ...stateOf(server) }));
}
