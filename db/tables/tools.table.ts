import type { ColumnType, Generated } from 'kysely';
import type { McpDefinition, McpServer, McpTransport } from '../../contracts/mcp-servers.ts';
import type { StagedTest } from '../../contracts/staged-tests.ts';
import type { RiskLevel, ToolEffect } from '../../contracts/tools.ts';
import type { CreatedAtColumn, JsonbColumn, NullableJsonbColumn, NullableTimestampColumn, TimestampColumn } from './columns.ts';

/** Who made and last changed a row that admins edit. */
interface EditedColumns {
  version: Generated<number>;
  created_by: string | null;
  updated_by: string | null;
  created_at: CreatedAtColumn;
  updated_at: ColumnType<Date, Date | undefined, Date>;
}

export interface DataSourcesTable extends EditedColumns {
  id: string;
  name: string;
  description: string;
  /** Without password. */
  url: string;
  /** Sealed by platform/secret-box.ts, bound to `data-source:<id>`; never leaves the engine. */
  password_sealed: string | null;
  readable_tables: NullableJsonbColumn<string[]>;
  private_columns: ColumnType<string[], string | undefined, string>;
  max_rows: number;
  statement_timeout_seconds: number;
  is_enabled: Generated<boolean>;
}

export interface DataSourceStatesTable {
  /** Id of a row in data_sources, or the name of one from the configuration. */
  data_source_id: string;
  last_test: NullableJsonbColumn<StagedTest>;
}

export interface McpServersTable extends EditedColumns {
  id: string;
  name: string;
  slug: string;
  transport: JsonbColumn<McpTransport>;
  timeout_seconds: number;
  is_enabled: Generated<boolean>;
  server: NullableJsonbColumn<NonNullable<McpServer['server']>>;
  last_test: NullableJsonbColumn<StagedTest>;
}

export interface McpToolsTable {
  id: string;
  server_id: string;
  name: string;
  registered_name: string;
  definition: JsonbColumn<McpDefinition>;
  hash: string;
  is_enabled: Generated<boolean>;
  risk: RiskLevel | null;
  effect: ToolEffect | null;
  /** What the server says now, where it differs from what was reviewed. */
  pending_definition: NullableJsonbColumn<McpDefinition>;
  pending_hash: string | null;
  pending_at: NullableTimestampColumn;
  missing_since: NullableTimestampColumn;
  reviewed_at: NullableTimestampColumn;
  reviewed_by: string | null;
  created_at: CreatedAtColumn;
}

export interface SecretsTable extends EditedColumns {
  id: string;
  name: string;
  /** Sealed by platform/secret-box.ts, bound to `secret:<id>`; never leaves the engine. */
  value_sealed: string;
  hint: string;
  hosts: JsonbColumn<string[]>;
  description: string;
  last_used_at: NullableTimestampColumn;
}

export interface ToolSettingsTable {
  tool_name: string;
  is_enabled: Generated<boolean>;
  timeout_seconds: number | null;
  max_concurrent: number | null;
  calls_per_minute: number | null;
  options: NullableJsonbColumn<Record<string, unknown>>;
  version: Generated<number>;
  updated_by: string | null;
  updated_at: ColumnType<Date, Date | undefined, Date>;
}

export interface ToolTurnsTable {
  id: string;
  tool_call_id: string;
  tool_name: string;
  taken_at: TimestampColumn;
  /** Until when it counts as being at work. */
  until: TimestampColumn;
}

export interface RunFilesTable {
  id: string;
  run_id: string;
  tool_call_id: string;
  name: string;
  media_type: string;
  bytes: number;
  sha256: string;
  content: Buffer;
  created_at: CreatedAtColumn;
}

export interface OutboxAttachmentsTable {
  email_id: string;
  index: number;
  name: string;
  media_type: string;
  bytes: number;
  content: Buffer;
}
