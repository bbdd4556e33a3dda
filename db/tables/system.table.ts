import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type { MaestroEventType } from '../../contracts/events.ts';
import type { CreatedAtColumn, JsonbColumn, TimestampColumn } from './columns.ts';

export interface EventsTable {
  id: GeneratedAlways<number>;
  /** The writing transaction; readers stay below the oldest open one. */
  xid: ColumnType<string, never, never>;
  run_id: string | null;
  type: MaestroEventType;
  data: JsonbColumn<unknown>;
  created_at: CreatedAtColumn;
}

export interface OutboxEmailsTable {
  id: string;
  message_id: string;
  sender: string;
  recipients: JsonbColumn<string[]>;
  cc: JsonbColumn<string[]>;
  /** Who got it without being named in it. */
  bcc: ColumnType<string[], string | undefined, string>;
  subject: string;
  text: string;
  html: string | null;
  /** How often this Message-ID arrived; more than 1 would be a doubled e-mail. */
  deliveries: Generated<number>;
  received_at: CreatedAtColumn;
}

export interface WorkerHeartbeatsTable {
  identity: string;
  roles: JsonbColumn<string[]>;
  started_at: TimestampColumn;
  seen_at: TimestampColumn;
}
