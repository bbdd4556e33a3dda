import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type { RunLimits } from '../../contracts/agents.ts';
import type { RunError, RunInputs, RunOutputs, RunPhase, StepKind, StepStatus, StepWaitReason } from '../../contracts/runs.ts';
import type { RiskLevel, ToolEffect } from '../../contracts/tools.ts';
import type { UsageColumns } from '../usage.ts';
import type { CreatedAtColumn, JsonbColumn, NullableJsonbColumn, NullableTimestampColumn } from './columns.ts';

export interface RunsTable {
  id: string;
  agent_id: string;
  agent_version: number;
  goal: string;
  inputs: JsonbColumn<RunInputs>;
  limits: JsonbColumn<RunLimits>;
  phase: RunPhase;
  phase_since: ColumnType<Date, Date | undefined, Date>;
  waiting_ms: Generated<number>;
  iterations: Generated<number>;
  input_tokens: Generated<number>;
  output_tokens: Generated<number>;
  cached_input_tokens: Generated<number>;
  cache_write_tokens: Generated<number>;
  reasoning_tokens: Generated<number>;
  has_unknown_usage: Generated<boolean>;
  cost_micro_usd: Generated<number>;
  has_unknown_cost: Generated<boolean>;
  outputs: NullableJsonbColumn<RunOutputs>;
  error: NullableJsonbColumn<RunError>;
  cancel_reason: string | null;
  started_by: string | null;
  idempotency_key: string | null;
  request_hash: string;
  temporal_run_id: string | null;
  /** The policy set of the run's newest verdict. */
  policy_version: string | null;
  start_accepted_at: NullableTimestampColumn;
  created_at: CreatedAtColumn;
  started_at: NullableTimestampColumn;
  finished_at: NullableTimestampColumn;
  /** What somebody last asked for, and when; null: nobody has. */
  hold_asked: 'pause' | 'resume' | null;
  hold_asked_at: NullableTimestampColumn;
}

/** A memory as a run was given it. */
export interface RecalledText {
  text: string;
  /** Names of the tools it came from; null: not known. */
  came_from: string[] | null;
}

export interface MessagesTable {
  id: string;
  run_id: string;
  iteration: number;
  role: 'user' | 'assistant';
  /** Who said it: an operator, Maestro itself, or the model. */
  source: 'operator' | 'system' | 'model';
  text: string;
  thought: string | null;
  provider_state: NullableJsonbColumn<unknown>;
  finish_reason: string | null;
  /** What was sent to get this answer. */
  request_ref: string | null;
  /** The newest message the model had seen when it said this. */
  seen_position: number | null;
  position: GeneratedAlways<number>;
  /** What of a first message the agent remembered of earlier runs; null: nothing. */
  recalled: NullableJsonbColumn<RecalledText[]>;
  created_at: CreatedAtColumn;
}

export type ToolCallState =
  | 'proposed' | 'invalid' | 'allowed' | 'awaiting_approval' | 'denied' | 'rejected'
  | 'executing' | 'succeeded' | 'failed' | 'outcome_unknown' | 'cancelled';

export interface ToolCallsTable {
  id: string;
  run_id: string;
  iteration: number;
  position: number;
  provider_call_id: string;
  tool_name: string;
  arguments: NullableJsonbColumn<Record<string, unknown>>;
  /** Verbatim, only when it could not be read as a JSON object. */
  raw_arguments: string | null;
  arguments_hash: string | null;
  edited_arguments: NullableJsonbColumn<Record<string, unknown>>;
  risk_level: RiskLevel | null;
  effect: ToolEffect | null;
  idempotency_key: string;
  state: ToolCallState;
  attempts: Generated<number>;
  /** Attempts that only waited for their turn. */
  capacity_waits: Generated<number>;
  claimed_at: NullableTimestampColumn;
  /** Since when an outside effect may have happened; null: for a tool that confirms its claim, nothing has. */
  acting_at: NullableTimestampColumn;
  output_ref: string | null;
  summary: string | null;
  error: NullableJsonbColumn<{ code: string; message: string }>;
  started_at: NullableTimestampColumn;
  finished_at: NullableTimestampColumn;
  created_at: CreatedAtColumn;
}

export interface StepsTable extends UsageColumns {
  id: string;
  run_id: string;
  iteration: number;
  sequence: GeneratedAlways<number>;
  kind: StepKind;
  status: StepStatus;
  summary: string | null;
  message_id: string | null;
  tool_call_id: string | null;
  safety_check_id: string | null;
  request_id: string | null;
  memory_id: string | null;
  llm_model: string | null;
  raw_usage: NullableJsonbColumn<unknown>;
  cost_micro_usd: number | null;
  /** Name of the connection that answered. */
  llm_connection: string | null;
  is_fallback: Generated<boolean>;
  is_cached: Generated<boolean>;
  saved_micro_usd: number | null;
  first_token_ms: number | null;
  waiting_reason: StepWaitReason | null;
  waiting_until: NullableTimestampColumn;
  attempt: Generated<number>;
  error: NullableJsonbColumn<{ code: string; message: string }>;
  started_at: ColumnType<Date, Date | undefined, Date>;
  finished_at: NullableTimestampColumn;
}

export interface ContentsTable {
  hash: string;
  body: JsonbColumn<unknown>;
  bytes: number;
  created_at: CreatedAtColumn;
}
