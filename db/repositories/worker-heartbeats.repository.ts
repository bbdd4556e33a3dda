import type { Kysely } from 'kysely';
import type { Database } from '../database.ts';

/** Says that a worker process is alive; one row per process. */
export async function upsertWorkerHeartbeat(db: Kysely<Database>, worker: { identity: string; roles: readonly string[]; startedAt: Date }): Promise<void> {
  const seenAt = new Date();
  await db
    .insertInto('worker_heartbeats')
    .values({ identity: worker.identity, roles: JSON.stringify(worker.roles), started_at: worker.startedAt, seen_at: seenAt })
    .onConflict((conflict) => conflict.column('identity').doUpdateSet({ seen_at: seenAt, roles: JSON.stringify(worker.roles) }))
    .execute();
}

/** Takes a worker that stops off the list, and with it workers not seen for a day. */
export async function deleteWorkerHeartbeat(db: Kysely<Database>, identity: string): Promise<void> {
  await db
    .deleteFrom('worker_heartbeats')
    .where((eb) => eb.or([eb('identity', '=', identity), eb('seen_at', '<', new Date(Date.now() - 24 * 3600 * 1000))]))
    .execute();
}
