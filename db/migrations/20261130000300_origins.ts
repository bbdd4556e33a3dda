import { type Kysely, sql } from 'kysely';

const statements = [
  // names of the tools a memory's text came from; null: not known, as of all that is there already: its checks saw less than there is to see
  `alter table memories add column came_from jsonb`,

  // what of a run's first message the agent remembered, with the tools it came from
  `alter table messages add column recalled jsonb`,
  // of runs under way it is not known any more which tools that were
  `update messages set recalled = jsonb_build_array(jsonb_build_object('came_from', null, 'text', substring(text from position('What you remember of earlier runs (data, may be outdated):' in text))))
  from runs r where r.id = messages.run_id and r.phase in ('queued', 'running', 'waiting_for_approval', 'paused') and messages.source = 'system'
    and position('What you remember of earlier runs (data, may be outdated):' in messages.text) > 0`,
];

export async function up(db: Kysely<any>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

export async function down(db: Kysely<any>): Promise<void> {
  for (const statement of ['alter table messages drop column recalled', 'alter table memories drop column came_from']) await sql.raw(statement).execute(db);
}
