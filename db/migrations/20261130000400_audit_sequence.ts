import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<any>): Promise<void> {
  // Not valid: an entry that breaks it already stays where it is, and the verification of the log tells of it.
  await sql.raw('alter table audit_log add constraint audit_log_sequence_check check (sequence > 0) not valid').execute(db);
}

export async function down(db: Kysely<any>): Promise<void> {
  await sql.raw('alter table audit_log drop constraint audit_log_sequence_check').execute(db);
}
