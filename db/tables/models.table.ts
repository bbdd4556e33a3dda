import type { ColumnType, Generated } from 'kysely';
import type { Attempt } from '../../contracts/runs.ts';
import type { LlmProvider } from '../../contracts/agents.ts';
import type { Circuit, ConnectionApi, ConnectionLimits, ConnectionTest, ListedModel } from '../../contracts/connections.ts';
import type { UsageColumns } from '../usage.ts';
import type { CreatedAtColumn, JsonbColumn, NullableJsonbColumn, NullableTimestampColumn, TimestampColumn } from './columns.ts';

export interface LlmConnectionsTable {
  id: string;
  name: string;
  api: ConnectionApi;
  /** Null: the provider's own address. */
  base_url: string | null;
  /** Sealed by platform/secret-box.ts with the connection's id; never leaves the engine. */
  api_key_sealed: string | null;
  api_key_hint: string | null;
  limits: JsonbColumn<ConnectionLimits>;
  is_enabled: Generated<boolean>;
  version: Generated<number>;
  created_by: string | null;
  updated_by: string | null;
  created_at: CreatedAtColumn;
  updated_at: ColumnType<Date, Date | undefined, Date>;
}

export interface LlmConnectionStatesTable {
  /** `openai`, `anthropic`, `scripted` or the id of a row in llm_connections. */
  connection_id: string;
  circuit: Generated<Circuit['state']>;
  failures_in_row: Generated<number>;
  retry_at: NullableTimestampColumn;
  /** Until when the trial call of a half-open circuit is somebody's. */
  trial_until: NullableTimestampColumn;
  last_error: NullableJsonbColumn<NonNullable<Circuit['last_error']>>;
  last_success_at: NullableTimestampColumn;
  learned_limits: NullableJsonbColumn<ConnectionLimits>;
  requests_due_at: NullableTimestampColumn;
  tokens_due_at: NullableTimestampColumn;
  blocked_until: NullableTimestampColumn;
  models: NullableJsonbColumn<ListedModel[]>;
  models_fetched_at: NullableTimestampColumn;
  models_error: NullableJsonbColumn<{ code: string; message: string }>;
  last_test: NullableJsonbColumn<ConnectionTest>;
}

export interface LlmReservationsTable {
  run_id: string;
  iteration: number;
  connection_id: string;
  due_at: TimestampColumn;
  tokens: number;
  created_at: CreatedAtColumn;
}

export interface LlmPricesTable {
  id: string;
  connection_id: string | null;
  provider: ConnectionApi;
  model: string;
  /** micro-USD per million tokens. */
  input: number;
  output: number;
  cached_input: number | null;
  cache_write: number | null;
  source: string;
  as_of: ColumnType<Date | string, string, string>;
  updated_by: string | null;
  updated_at: ColumnType<Date, Date | undefined, Date>;
}

export interface LlmAnswersTable {
  key: string;
  agent_id: string;
  connection_id: string;
  model: string;
  /** Null while the first run that asked is still waiting for it. */
  answer: NullableJsonbColumn<unknown>;
  bytes: Generated<number>;
  cost_micro_usd: number | null;
  hits: Generated<number>;
  saved_micro_usd: Generated<number>;
  leader: string | null;
  lease_until: NullableTimestampColumn;
  created_at: CreatedAtColumn;
  expires_at: NullableTimestampColumn;
}

export interface ModelCallsTable extends UsageColumns {
  id: string;
  run_id: string;
  iteration: number;
  attempt: number;
  llm_provider: LlmProvider;
  connection_id: string;
  connection_name: string;
  llm_model: string;
  status: Attempt['status'];
  is_cached: Generated<boolean>;
  error: NullableJsonbColumn<{ code: string; message: string }>;
  action: Attempt['action'];
  retry_at: NullableTimestampColumn;
  raw_usage: NullableJsonbColumn<unknown>;
  cost_micro_usd: number | null;
  first_token_ms: number | null;
  request_url: string | null;
  request_ref: string | null;
  request_bytes: number | null;
  dropped_turns: Generated<number>;
  started_at: ColumnType<Date, Date | undefined, Date>;
  finished_at: NullableTimestampColumn;
}
