import type { ColumnType, Generated } from 'kysely';
import type { MatchedRule, PolicyEffect } from '../../contracts/approvals.ts';
import type { BackTestOutcome } from '../../contracts/back-tests.ts';
import type { PolicyForm } from '../../contracts/policies.ts';
import type { CreatedAtColumn, JsonbColumn, NullableJsonbColumn, NullableTimestampColumn, TimestampColumn } from './columns.ts';

export interface PoliciesTable {
  id: string;
  name: string;
  live_version: number | null;
  latest_version: Generated<number>;
  draft_cedar: string | null;
  draft_form: NullableJsonbColumn<PolicyForm>;
  draft_based_on: number | null;
  draft_updated_at: NullableTimestampColumn;
  draft_updated_by: string | null;
  revision: Generated<number>;
  created_by: string | null;
  created_at: CreatedAtColumn;
  changed_by: string | null;
  changed_at: ColumnType<Date, Date | undefined, Date>;
}

export interface PolicyVersionsTable {
  policy_id: string;
  version: number;
  name: string;
  cedar: string;
  form: NullableJsonbColumn<PolicyForm>;
  note: string;
  rolled_back_to: number | null;
  back_test_id: string | null;
  reason_without_back_test: string | null;
  created_by: string | null;
  created_by_name: string;
  created_at: CreatedAtColumn;
}

/** A version of a policy that is in force. */
export interface PolicySetMember {
  policy_id: string;
  version: number;
}

export interface PolicySetsTable {
  version: number;
  members: JsonbColumn<PolicySetMember[]>;
  changed_policy_id: string;
  changed_policy_name: string;
  from_version: number | null;
  to_version: number | null;
  note: string;
  created_by: string | null;
  created_by_name: string;
  created_at: CreatedAtColumn;
}

export interface BackTestsTable {
  id: string;
  status: 'running' | 'completed' | 'cancelled' | 'failed';
  policy_id: string | null;
  policy_name: string | null;
  cedar: string;
  cedar_hash: string;
  policy_version: string;
  set_version: number | null;
  from_at: TimestampColumn;
  to_at: TimestampColumn;
  agent_ids: JsonbColumn<string[]>;
  total: Generated<number>;
  done: Generated<number>;
  looser: Generated<number>;
  stricter: Generated<number>;
  unchanged: Generated<number>;
  not_replayable: Generated<number>;
  cursor: NullableJsonbColumn<{ at: string; id: string }>;
  error: string | null;
  created_by: string | null;
  created_by_name: string;
  created_at: CreatedAtColumn;
  finished_at: NullableTimestampColumn;
}

export interface BackTestDecisionsTable {
  back_test_id: string;
  decision_id: string;
  outcome: Exclude<BackTestOutcome, 'unchanged'>;
  live_verdict: PolicyEffect | null;
  draft_verdict: PolicyEffect | null;
  live_rules: JsonbColumn<MatchedRule[]>;
  draft_rules: JsonbColumn<MatchedRule[]>;
  missing_facts: JsonbColumn<string[]>;
}
