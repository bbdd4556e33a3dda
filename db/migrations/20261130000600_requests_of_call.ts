import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<any>): Promise<void> {
  // Every approved call looks for what was asked about it, right before it is executed.
  await sql.raw('create index hitl_requests_call_index on hitl_requests (tool_call_id, requested_at desc)').execute(db);
}

export async function down(db: Kysely<any>): Promise<void> {
  await sql.raw('drop index hitl_requests_call_index').execute(db);
}
