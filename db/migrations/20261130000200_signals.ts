import { type Kysely, sql } from 'kysely';

const additions = [
  // When the sweeper last told the run of its request; null: never.
  'alter table hitl_requests add column signalled_at timestamptz',
  // Whether somebody last asked for a hold or its end, and when; null: nobody has.
  `alter table runs add column hold_asked text check (hold_asked in ('pause', 'resume'))`,
  'alter table runs add column hold_asked_at timestamptz',
];
const removals = ['alter table runs drop column hold_asked_at', 'alter table runs drop column hold_asked', 'alter table hitl_requests drop column signalled_at'];

export async function up(db: Kysely<any>): Promise<void> {
  for (const statement of additions) await sql.raw(statement).execute(db);
}

export async function down(db: Kysely<any>): Promise<void> {
  for (const statement of removals) await sql.raw(statement).execute(db);
}
