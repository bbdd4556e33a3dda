import type { ColumnType, Generated } from 'kysely';
import type { ApprovalKind, ApprovalStatus, ApprovalTerms, DecisionDoor, DecisionVerdict, MatchedRule, PolicyEffect } from '../../contracts/approvals.ts';
import type { RiskLevel, ToolEffect, ToolFacts, ToolName } from '../../contracts/tools.ts';
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
  /** Which judgement of these arguments it is: 1 when proposed or edited, more when judged again before execution. */
  round: Generated<number>;
  agent_id: string | null;
  tool_name: ToolName | null;
  effect: ToolEffect | null;
  /** Of an approval the verdict asks for. */
  terms: NullableJsonbColumn<ApprovalTerms>;
  /** Facts that were missing or of the wrong type. */
  problems: ColumnType<string[], string | undefined, string>;
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
  terms: NullableJsonbColumn<ApprovalTerms>;
  original_arguments: NullableJsonbColumn<Record<string, unknown>>;
  basis: NullableJsonbColumn<Record<string, unknown>>;
  drift_reason: string | null;
  /** How many steps of `terms.escalations` have been taken. */
  escalation_level: Generated<number>;
  reminded_at: NullableTimestampColumn;
  /** Who last edited the arguments while it stayed open. */
  edited_by_name: string | null;
  edited_at: NullableTimestampColumn;
  /** When the sweeper last told the run of it. */
  signalled_at: NullableTimestampColumn;
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
  /** The answer to a question, or the result given by hand. */
  result: NullableJsonbColumn<unknown>;
  on_behalf_of: string | null;
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
  source: string | null;
  previous_hash: string;
  hash: string;
}

export interface AuditHeadTable {
  id: number;
  sequence: number;
  hash: string;
}
