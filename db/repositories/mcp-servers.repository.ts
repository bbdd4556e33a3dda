import { type Insertable, type Kysely, type Selectable, sql, type Transaction, type Updateable } from 'kysely';
import type { McpServer, McpTransport } from '../../contracts/mcp-servers.ts';
import type { StagedTest } from '../../contracts/staged-tests.ts';
import type { Database } from '../database.ts';
import { toJsonb, toStorableText } from '../storable.ts';
import type { McpServersTable, McpToolsTable } from '../tables/tools.table.ts';

export type McpServerRow = Selectable<McpServersTable>;
/** A server with the name of whoever changed it last. */
export type McpServerWithEditor = McpServerRow & { editor: string | null };
export type McpToolRow = Selectable<McpToolsTable>;
/** A tool with the name of whoever reviewed it last. */
export type McpToolWithReviewer = McpToolRow & { reviewer: string | null };

const isUuid = (text: string): boolean => /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text);

export interface NewMcpServer {
  id: string;
  name: string;
  slug: string;
  transport: McpTransport;
  timeoutSeconds: number;
  isEnabled: boolean;
  createdBy: string | null;
}

/** Adds a server. A name that is taken, whatever its case, violates `mcp_servers_name_key`; a slug, `mcp_servers_slug_key`. */
export async function insertMcpServer(trx: Kysely<Database>, { id, name, slug, transport, timeoutSeconds, isEnabled, createdBy }: NewMcpServer): Promise<void> {
  await trx
    .insertInto('mcp_servers')
    .values({ id, name: toStorableText(name), slug, transport: toJsonb(transport), timeout_seconds: timeoutSeconds, is_enabled: isEnabled, created_by: createdBy, updated_by: createdBy })
    .execute();
}

/** Writes what may change of a server, as its next version. */
export async function updateMcpServerRow(trx: Transaction<Database>, server: Omit<NewMcpServer, 'slug' | 'createdBy'> & { version: number; updatedBy: string | null }): Promise<void> {
  await trx
    .updateTable('mcp_servers')
    .set({
      name: toStorableText(server.name), transport: toJsonb(server.transport), timeout_seconds: server.timeoutSeconds, is_enabled: server.isEnabled,
      version: server.version, updated_by: server.updatedBy, updated_at: new Date(),
    })
    .where('id', '=', server.id)
    .execute();
}

/** A server, held until the transaction ends. */
export async function lockMcpServer(trx: Transaction<Database>, serverId: string): Promise<McpServerRow | undefined> {
  if (!isUuid(serverId)) return undefined;
  return trx.selectFrom('mcp_servers').selectAll().where('id', '=', serverId).forUpdate().executeTakeFirst();
}

export async function findMcpServer(db: Kysely<Database>, serverId: string): Promise<McpServerRow | undefined> {
  if (!isUuid(serverId)) return undefined;
  return db.selectFrom('mcp_servers').selectAll().where('id', '=', serverId).executeTakeFirst();
}

/** All servers, by name. */
export async function listMcpServerRows(db: Kysely<Database>): Promise<McpServerWithEditor[]> {
  return db
    .selectFrom('mcp_servers')
    .leftJoin('users', 'users.id', 'mcp_servers.updated_by')
    .selectAll('mcp_servers')
    .select('users.name as editor')
    .orderBy(sql`lower(mcp_servers.name)`)
    .execute();
}

/** Takes a server away with its tools. */
export async function deleteMcpServerRow(trx: Transaction<Database>, serverId: string): Promise<void> {
  await trx.deleteFrom('mcp_servers').where('id', '=', serverId).execute();
}

/** Keeps how the last test of a version went, and what the server called itself where it came that far. */
export async function saveMcpServerTest(trx: Kysely<Database>, { serverId, version, test, server }: { serverId: string; version: number; test: StagedTest; server: McpServer['server'] }): Promise<void> {
  await trx
    .updateTable('mcp_servers')
    .set({ last_test: toJsonb(test), ...(server === null ? {} : { server: toJsonb(server) }) })
    .where('id', '=', serverId)
    .where('version', '=', version)
    .execute();
}

/** Forgets what was found out about what is no longer behind the server. */
export async function forgetMcpServerTest(trx: Kysely<Database>, serverId: string): Promise<void> {
  await trx.updateTable('mcp_servers').set({ last_test: null, server: null }).where('id', '=', serverId).execute();
}

/** The tools of one server or all, by name. */
export async function listMcpToolRows(db: Kysely<Database>, serverId?: string): Promise<McpToolWithReviewer[]> {
  return db
    .selectFrom('mcp_tools')
    .leftJoin('users', 'users.id', 'mcp_tools.reviewed_by')
    .selectAll('mcp_tools')
    .select('users.name as reviewer')
    .$if(serverId !== undefined, (query) => query.where('server_id', '=', serverId as string))
    .orderBy('mcp_tools.name')
    .execute();
}

/** The reviewed tools of all servers, each with its server. */
export async function listReviewedMcpTools(db: Kysely<Database>): Promise<{ tool: McpToolRow; server: McpServerRow }[]> {
  const [servers, tools] = await Promise.all([
    db.selectFrom('mcp_servers').selectAll().execute(),
    db.selectFrom('mcp_tools').selectAll().where('reviewed_at', 'is not', null).orderBy('registered_name').execute(),
  ]);
  const byId = new Map(servers.map((server) => [server.id, server]));
  return tools.flatMap((tool) => {
    const server = byId.get(tool.server_id);
    return server === undefined ? [] : [{ tool, server }];
  });
}

/** Adds tools that were found. */
export async function insertMcpTools(trx: Kysely<Database>, tools: readonly (Pick<Insertable<McpToolsTable>, 'id' | 'server_id' | 'name' | 'registered_name' | 'hash'> & { definition: McpToolRow['definition'] })[]): Promise<void> {
  if (tools.length === 0) return;
  await trx.insertInto('mcp_tools').values(tools.map((tool) => ({ ...tool, definition: toJsonb(tool.definition) }))).execute();
}

type McpToolChange = Omit<Updateable<McpToolsTable>, 'definition' | 'pending_definition'> & Partial<Pick<McpToolRow, 'definition' | 'pending_definition'>>;

export async function updateMcpTool(trx: Kysely<Database>, toolId: string, { definition, pending_definition: pending, ...change }: McpToolChange): Promise<void> {
  await trx
    .updateTable('mcp_tools')
    .set({
      ...change,
      ...(definition === undefined ? {} : { definition: toJsonb(definition) }),
      ...(pending === undefined ? {} : { pending_definition: pending === null ? null : toJsonb(pending) }),
    })
    .where('id', '=', toolId)
    .execute();
}

export async function deleteMcpTools(trx: Kysely<Database>, toolIds: readonly string[]): Promise<void> {
  if (toolIds.length > 0) await trx.deleteFrom('mcp_tools').where('id', 'in', toolIds).execute();
}

/** Agents that are not deleted and were given a tool now, by the tool's name. */
export async function listMcpToolUses(db: Kysely<Database>): Promise<Map<string, { id: string; name: string }[]>> {
  const { rows } = await sql<{ tool: string; agents: { id: string; name: string }[] }>`
    select uses.tool, jsonb_agg(jsonb_build_object('id', uses.id, 'name', uses.name) order by lower(uses.name), uses.id) as agents
    from (
      select distinct a.id, a.name, jsonb_array_elements_text(v.definition -> 'tools') as tool
      from agents a join agent_versions v on v.agent_id = a.id and v.version = a.current_version
      where a.deleted_at is null
    ) uses join mcp_tools t on t.registered_name = uses.tool
    group by uses.tool`.execute(db);
  return new Map(rows.map((row) => [row.tool, row.agents]));
}
