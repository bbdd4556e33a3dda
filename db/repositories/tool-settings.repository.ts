import type { Kysely, Selectable } from 'kysely';
import type { Database } from '../database.ts';
import type { ToolSettingsTable } from '../tables/tools.table.ts';

export type ToolSettingsRow = Selectable<ToolSettingsTable>;

/** How tools are set up, by name; those nobody ever touched are not among them. */
export async function listToolSettings(db: Kysely<Database>): Promise<Map<string, ToolSettingsRow>> {
  const rows = await db.selectFrom('tool_settings').selectAll().execute();
  return new Map(rows.map((row) => [row.tool_name, row]));
}
