import type { ColumnType, Generated } from 'kysely';
import type { AgentDefinition } from '../../contracts/agents.ts';
import type { CreatedAtColumn, JsonbColumn, NullableTimestampColumn } from './columns.ts';

export interface AgentsTable {
  id: string;
  name: string;
  current_version: number;
  is_demo: Generated<boolean>;
  created_by: string | null;
  created_at: CreatedAtColumn;
  updated_at: ColumnType<Date, Date | undefined, Date>;
  deleted_at: NullableTimestampColumn;
}

export interface AgentVersionsTable {
  agent_id: string;
  version: number;
  name: string;
  definition: JsonbColumn<AgentDefinition>;
  created_by: string | null;
  created_at: CreatedAtColumn;
}
