import { AppError } from '../../../contracts/errors.ts';
import type { McpDraftTest, McpServer, McpTransport } from '../../../contracts/mcp-servers.ts';
import { insertAuditEntry } from '../../../db/repositories/audit.repository.ts';
import { insertConnectionChange } from '../../../db/repositories/events.repository.ts';
import { findMcpServer, saveMcpServerTest } from '../../../db/repositories/mcp-servers.repository.ts';
import { newId } from '../../../platform/ids.ts';
import { type Actor, toAuditActor } from '../../governance/index.ts';
import { findSchemaProblem, proposeReview, recordListing } from '../../tools/index.ts';
import { checkTransport } from './check-transport.ts';
import type { McpServerDeps } from './mcp-server-deps.ts';
import { getMcpServer } from './read-mcp-servers.ts';
import { tryServer, type TriedServer } from './try-server.ts';

/** Tools that can be reviewed and never switched on say so right away. */
function withSchemaWarnings(tried: TriedServer): TriedServer {
  const problems = (tried.listing?.definitions ?? []).flatMap(({ name, input_schema: schema }) => {
    const problem = findSchemaProblem(schema);
    return problem === null ? [] : [`"${name.slice(0, 100)}" cannot be switched on. ${problem}`];
  });
  return { ...tried, test: { ...tried.test, warnings: [...tried.test.warnings, ...problems].slice(0, 50) } };
}

/** Tries a stored server, and keeps how it went and what it lists. Throws the reason of `signal`. */
export async function tryAndRecord({ db, mcpSessions, tools }: Pick<McpServerDeps, 'db' | 'mcpSessions' | 'tools'>, server: { id: string; version: number; transport: McpTransport }, signal: AbortSignal): Promise<TriedServer> {
  const tried = withSchemaWarnings(await tryServer(mcpSessions, server, signal));
  await db.transaction().execute(async (trx) => {
    await saveMcpServerTest(trx, { serverId: server.id, version: server.version, test: tried.test, server: tried.server });
    await insertConnectionChange(trx, server.id, 'tested');
  });
  if (tried.listing !== undefined && (await recordListing(db, server, tried.listing.definitions))) tools.forget();
  return tried;
}

const outcomeOf = ({ test, listing }: TriedServer) => ({ passed: test.passed, ...(test.failure === null ? {} : { stage: test.failure.stage, code: test.failure.code }), ...(listing === undefined ? {} : { tools: listing.definitions.length }) });
const placeOf = (transport: McpTransport): string => (transport.type === 'stdio' ? transport.command : new URL(transport.url).origin);

/**
 * Connects to a stored server, switched off or not, and lists its tools anew: new ones wait for their first review, changed ones are held
 * until they are reviewed. Throws CONNECTION_NOT_FOUND and the reason of `signal`.
 */
export async function refreshMcpServer(deps: McpServerDeps, { serverId, actor, signal }: { serverId: string; actor: Actor; signal: AbortSignal }): Promise<McpServer> {
  const row = await findMcpServer(deps.db, serverId);
  if (row === undefined) throw new AppError('CONNECTION_NOT_FOUND', `MCP server ${serverId}`);
  const tried = await tryAndRecord(deps, row, signal);
  await deps.db.transaction().execute((trx) => insertAuditEntry(trx, { ...toAuditActor(actor), action: 'mcp_server.refresh', objectType: 'mcp_server', objectId: row.id, after: outcomeOf(tried) }));
  return getMcpServer(deps, serverId);
}

/** Tries a way to a server before it is saved; nothing is kept but the audit entry. Throws VALIDATION_FAILED and the reason of `signal`. */
export async function testMcpServerDraft(deps: McpServerDeps, { transport, actor, signal }: { transport: McpTransport; actor: Actor; signal: AbortSignal }): Promise<McpDraftTest> {
  checkTransport(transport, { allowsStdio: deps.config.tools.allowMcpStdio });
  const tried = withSchemaWarnings(await tryServer(deps.mcpSessions, { id: newId(), transport }, signal));
  await deps.db.transaction().execute((trx) => insertAuditEntry(trx, { ...toAuditActor(actor), action: 'mcp_server.test', objectType: 'mcp_server', objectId: 'draft', after: { place: placeOf(transport), ...outcomeOf(tried) } }));
  return {
    test: tried.test,
    tools: (tried.listing?.definitions ?? []).map((definition) => {
      const { risk, effect } = proposeReview(definition.annotations);
      return { definition, proposed_risk: risk, proposed_effect: effect };
    }),
  };
}
