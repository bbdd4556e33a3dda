import type { ColumnType, Generated } from 'kysely';
import type { Role } from '../../contracts/permissions.ts';
import type { CreatedAtColumn, NullableTimestampColumn, TimestampColumn } from './columns.ts';

export interface UsersTable {
  id: string;
  email: string;
  name: string;
  password_hash: string | null;
  /** Hash of the configured password last applied; only the configured admin has one. */
  seeded_password_hash: string | null;
  role: Role;
  is_disabled: Generated<boolean>;
  created_at: CreatedAtColumn;
  updated_at: ColumnType<Date, Date | undefined, Date>;
}

export interface SessionsTable {
  id: string;
  user_id: string;
  secret_hash: string;
  /** The secret before the newest one; accepted for a moment, later a sign of theft. */
  previous_secret_hash: string | null;
  rotated_at: NullableTimestampColumn;
  created_at: CreatedAtColumn;
  expires_at: TimestampColumn;
  revoked_at: NullableTimestampColumn;
}

export interface SignInLinksTable {
  token_hash: string;
  user_id: string;
  created_at: CreatedAtColumn;
  expires_at: TimestampColumn;
  used_at: NullableTimestampColumn;
}
