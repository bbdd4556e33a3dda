import type { ColumnType, Generated } from 'kysely';
import type { DecisionDoor } from '../../contracts/approvals.ts';
import type { NoticeKind, NoticePreferences } from '../../contracts/notices.ts';
import type { CreatedAtColumn, JsonbColumn, NullableTimestampColumn, TimestampColumn } from './columns.ts';

export interface HitlVotesTable {
  id: string;
  request_id: string;
  request_version: number;
  arguments_hash: string;
  user_id: string;
  user_name: string;
  on_behalf_of: string | null;
  door: DecisionDoor;
  note: string | null;
  voted_at: CreatedAtColumn;
}

export interface ApproverGroupsTable {
  id: string;
  name: string;
  description: Generated<string>;
  version: Generated<number>;
  created_at: CreatedAtColumn;
  updated_at: ColumnType<Date, Date | undefined, Date>;
}

export interface ApproverGroupMembersTable {
  group_id: string;
  user_id: string;
}

export interface DelegationsTable {
  id: string;
  from_user_id: string;
  to_user_id: string;
  starts_at: TimestampColumn;
  ends_at: TimestampColumn;
  note: Generated<string>;
  revoked_at: NullableTimestampColumn;
  created_by: string | null;
  created_at: CreatedAtColumn;
}

export interface NoticePreferencesTable {
  user_id: string;
  preferences: JsonbColumn<NoticePreferences>;
  updated_at: ColumnType<Date, Date | undefined, Date>;
}

export interface WebhooksTable {
  id: string;
  name: string;
  url: string;
  events: JsonbColumn<NoticeKind[]>;
  is_enabled: Generated<boolean>;
  secret_sealed: string;
  secret_hint: string;
  version: Generated<number>;
  created_by: string | null;
  updated_by: string | null;
  created_at: CreatedAtColumn;
  updated_at: ColumnType<Date, Date | undefined, Date>;
}

export interface NoticesTable {
  id: string;
  channel: 'email' | 'webhook';
  /** `test`: asked for by an admin, about no request. */
  kind: NoticeKind | 'test';
  request_id: string | null;
  user_id: string | null;
  webhook_id: string | null;
  /** The message it goes out in, once there was a first attempt; none again where nobody got that for certain. */
  batch_id: string | null;
  state: Generated<'waiting' | 'sent' | 'failed' | 'dropped'>;
  attempts: Generated<number>;
  not_before: ColumnType<Date, Date | undefined, Date>;
  detail: Generated<string>;
  created_at: CreatedAtColumn;
  sent_at: NullableTimestampColumn;
}
