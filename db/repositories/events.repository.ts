import { type Kysely, sql } from 'kysely';
import type { MaestroEvent, NewMaestroEvent } from '../../contracts/events.ts';
import type { Database } from '../database.ts';
import { toJsonb } from '../storable.ts';

/**
 * Appends events to the log. Call it in the transaction of the fact they report, so that neither exists without the other.
 */
export async function insertEvents(trx: Kysely<Database>, events: readonly NewMaestroEvent[]): Promise<void> {
  if (events.length === 0) return;
  await trx
    .insertInto('events')
    .values(events.map((event) => ({ run_id: event.run_id, type: event.type, data: toJsonb(event.data) })))
    .execute();
}

/** A place in the log: `<xid>-<id>`. Opaque to clients, ordered for the server. */
export interface EventPosition {
  xid: string;
  id: number;
}

export const toEventId = (position: EventPosition): string => `${position.xid}-${position.id}`;

/** Reads an event id back; undefined when it is not one of ours. */
export const parseEventId = (eventId: string): EventPosition | undefined => {
  const match = /^(\d{1,20})-(\d{1,18})$/.exec(eventId);
  return match === null ? undefined : { xid: match[1] as string, id: Number(match[2]) };
};

/**
 * Events after `after`, oldest first, at most `limit`. Only what lies below the oldest open transaction is read: a
 * transaction that commits later can only add events behind the position returned, so none is ever skipped.
 */
export async function listEventsAfter(
  db: Kysely<Database>,
  options: { after: EventPosition; runId?: string | undefined; limit: number },
): Promise<MaestroEvent[]> {
  let query = db
    .selectFrom('events')
    .select(['id', sql<string>`xid::text`.as('xid'), 'run_id', 'type', 'data', 'created_at'])
    .where(sql<boolean>`(xid, id) > (${options.after.xid}::xid8, ${options.after.id}::bigint)`)
    .where(sql<boolean>`xid < pg_snapshot_xmin(pg_current_snapshot())`)
    .orderBy(sql`xid`)
    .orderBy('id')
    .limit(options.limit);
  if (options.runId !== undefined) query = query.where('run_id', '=', options.runId);
  const rows = await query.execute();
  return rows.map((row) => ({
    id: toEventId({ xid: row.xid, id: row.id }),
    at: row.created_at.toISOString(),
    run_id: row.run_id,
    type: row.type,
    data: row.data,
  }) as MaestroEvent);
}

/** The position from which a new reader sees only what happens from now on. */
export async function getEventHead(db: Kysely<Database>): Promise<EventPosition> {
  const { rows } = await sql<{ xid: string }>`select (pg_snapshot_xmin(pg_current_snapshot())::text::numeric - 1)::text as xid`.execute(db);
  return { xid: rows[0]?.xid ?? '0', id: Number.MAX_SAFE_INTEGER };
}
