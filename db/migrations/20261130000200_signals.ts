import { type Kysely, sql } from 'kysely';

// Runs before requests, as everything else locks them.
const additions = [
  // Whether somebody last asked for a hold or its end, and when; null: nobody has. Not valid: of a new column there is nothing to look through.
  `alter table runs add column hold_asked text, add column hold_asked_at timestamptz,
    add constraint runs_hold_asked_check check (hold_asked in ('pause', 'resume')) not valid`,
  // When the sweeper last told the run of its request; null: never.
  'alter table hitl_requests add column signalled_at timestamptz',
];
const removals = ['alter table runs drop column hold_asked_at, drop column hold_asked', 'alter table hitl_requests drop column signalled_at'];

export async function up(db: Kysely<any>): Promise<void> {
  for (const statement of additions) await sql.raw(statement).execute(db);
}

export async function down(db: Kysely<any>): Promise<void> {
  for (const statement of removals) await sql.raw(statement).execute(db);
}
