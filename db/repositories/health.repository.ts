import { type Kysely, sql } from 'kysely';
import type { Database } from '../database.ts';

/** Rejects when the database does not answer. */
export async function pingDatabase(db: Kysely<Database>): Promise<void> {
  await sql`select 1`.execute(db);
}

/** When a worker of this system last reported; undefined when none ever did. */
export async function findLastHeartbeat(db: Kysely<Database>): Promise<Date | undefined> {
  return (await db.selectFrom('worker_heartbeats').select('seen_at').orderBy('seen_at', 'desc').limit(1).executeTakeFirst())?.seen_at;
}
