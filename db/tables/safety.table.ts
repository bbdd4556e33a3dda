import type { Generated } from 'kysely';
import type { ApprovalKind, ApprovalStatus, DecisionDoor, DecisionVerdict, MatchedRule } from '../../contracts/approvals.ts';
import type { PolicyEffect } from '../../contracts/system.ts';
import type { RiskLevel, ToolFacts, ToolName } from '../../contracts/tools.ts';
import type { CreatedAtColumn, JsonbColumn, NullableJsonbColumn, NullableTimestampColumn, TimestampColumn } from './columns.ts';

export interface SafetyChecksTable {
  id: string;
  tool_call_id: string;
  run_id: string;
  arguments_hash: string;
  facts: JsonbColumn<ToolFacts>;
  risk_level: RiskLevel;
  verdict: PolicyEffect;
  reason: string;
  policy_version: string;
  matched_rules: JsonbColumn<MatchedRule[]>;
  created_at: CreatedAtColumn;
}

export interface HitlRequestsTable {
  id: string;
  run_id: string;
  agent_id: string;
  tool_call_id: string;
  kind: ApprovalKind;
  status: ApprovalStatus;
  version: Generated<number>;
  tool_name: ToolName;
  arguments: JsonbColumn<Record<string, unknown>>;
  arguments_hash: string;
  effect_sentence: string;
  risk_level: RiskLevel;
  reason: string;
  facts: JsonbColumn<ToolFacts>;
  policy_version: string;
  matched_rules: JsonbColumn<MatchedRule[]>;
  forbids_self_approval: Generated<boolean>;
  requested_at: CreatedAtColumn;
  expires_at: NullableTimestampColumn;
  settled_at: NullableTimestampColumn;
}

export interface HitlDecisionsTable {
  id: string;
  request_id: string;
  verdict: DecisionVerdict;
  door: DecisionDoor;
  actor_id: string | null;
  actor_name: string;
  note: string | null;
  edited_arguments: NullableJsonbColumn<Record<string, unknown>>;
  edited_arguments_hash: string | null;
  decided_at: CreatedAtColumn;
  /** When the run went on with it; a settled request without it has lost its signal and is signalled again. */
  taken_up_at: NullableTimestampColumn;
}

export interface AuditLogTable {
  sequence: number;
  at: TimestampColumn;
  actor_id: string | null;
  actor_name: string;
  action: string;
  object_type: string;
  object_id: string;
  before: NullableJsonbColumn<unknown>;
  after: NullableJsonbColumn<unknown>;
  request_id: string | null;
  previous_hash: string;
  hash: string;
}

export interface AuditHeadTable {
  id: number;
  sequence: number;
  hash: string;
}
