import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { Database } from '../database.ts';
import { toJsonb } from '../storable.ts';
import type { ToolSettingsTable } from '../tables/tools.table.ts';

export type ToolSettingsRow = Selectable<ToolSettingsTable>;
export type ToolSettingsWithEditor = ToolSettingsRow & { editor: string | null };

/** How tools are set up, by name; those nobody ever touched are not among them. */
export async function listToolSettings(db: Kysely<Database>): Promise<Map<string, ToolSettingsWithEditor>> {
  const rows = await db.selectFrom('tool_settings').leftJoin('users', 'users.id', 'tool_settings.updated_by').selectAll('tool_settings').select('users.name as editor').execute();
  return new Map(rows.map((row) => [row.tool_name, row]));
}

/**
 * Another text after every change of what tools are made from, whoever made it: settings, data sources, MCP servers and their tools, secrets.
 * Made of where each row's current version lies and which transaction wrote it, so nothing of the rows themselves is read or sent.
 */
export async function findToolSetupVersion(db: Kysely<Database>): Promise<string> {
  const tables = (['tool_settings', 'data_sources', 'mcp_servers', 'mcp_tools', 'secrets'] as const).map((table) => sql`select tableoid, ctid, xmin from ${sql.table(table)}`);
  const { rows } = await sql<{ version: string }>`
    select encode(sha256(coalesce(string_agg(concat_ws(' ', tableoid, ctid, xmin), ',' order by tableoid, ctid), '')::bytea), 'hex') as version
    from (${sql.join(tables, sql` union all `)}) as parts`.execute(db);
  return rows[0]?.version ?? '';
}

/** The settings of a tool, held until the transaction ends; undefined while nobody ever touched them. */
export async function lockToolSettings(trx: Transaction<Database>, toolName: string): Promise<ToolSettingsRow | undefined> {
  // A row that is not there yet cannot be locked, and two admins may make it at once.
  await sql`select pg_advisory_xact_lock(hashtextextended('tool settings ' || ${toolName}, 0))`.execute(trx);
  return trx.selectFrom('tool_settings').selectAll().where('tool_name', '=', toolName).forUpdate().executeTakeFirst();
}

export interface NewToolSettings {
  toolName: string;
  isEnabled: boolean;
  timeoutSeconds: number | null;
  maxConcurrent: number | null;
  callsPerMinute: number | null;
  options: Record<string, unknown> | null;
  version: number;
  updatedBy: string | null;
}

/** Writes the settings of a tool, whatever they were. */
export async function upsertToolSettings(trx: Kysely<Database>, settings: NewToolSettings): Promise<void> {
  const values = {
    is_enabled: settings.isEnabled, timeout_seconds: settings.timeoutSeconds, max_concurrent: settings.maxConcurrent, calls_per_minute: settings.callsPerMinute,
    options: settings.options === null ? null : toJsonb(settings.options), version: settings.version, updated_by: settings.updatedBy, updated_at: new Date(),
  };
  await trx.insertInto('tool_settings').values({ tool_name: settings.toolName, ...values }).onConflict((conflict) => conflict.column('tool_name').doUpdateSet(values)).execute();
}
