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

type ConnectionChange = Extract<NewMaestroEvent, { type: 'connection-changed' }>['data']['change'];

/** Tells open pages that something Maestro connects to (of any kind, by its id) is another by now. */
export const insertConnectionChange = (trx: Kysely<Database>, connectionId: string, change: ConnectionChange): Promise<void> =>
  insertEvents(trx, [{ type: 'connection-changed', run_id: null, data: { connection_id: connectionId, change } }]);

/** A place in the log: `<xid>-<id>`. Opaque to clients, ordered for the server. */
export interface EventPosition {
  xid: string;
  id: number;
}

export const toEventId = (position: EventPosition): string => `${position.xid}-${position.id}`;

/** The largest transaction id there can be (xid8). */
const maxXid = 18_446_744_073_709_551_615n;

/** Reads an event id back; undefined when it is not one of ours. */
export const parseEventId = (eventId: string): EventPosition | undefined => {
  const match = /^(\d{1,20})-(\d{1,18})$/.exec(eventId);
  if (match === null || BigInt(match[1] as string) > maxXid) return undefined;
  return { xid: match[1] as string, id: Number(match[2]) };
};

/** Below 0 when `a` comes first, above 0 when `b` does. */
export const compareEventPositions = (a: EventPosition, b: EventPosition): number => {
  const [aXid, bXid] = [BigInt(a.xid), BigInt(b.xid)];
  return aXid === bXid ? a.id - b.id : aXid < bXid ? -1 : 1;
};

/** The last place of a transaction: whatever comes next belongs to a later one. */
const endOf = (xid: string): EventPosition => ({ xid, id: Number.MAX_SAFE_INTEGER });

export interface EventPage {
  events: { position: EventPosition; event: MaestroEvent }[];
  /** Everything up to here has been read, whether or not an event was in it. */
  position: EventPosition;
  /** More may lie behind `position` already. */
  isFull: boolean;
}

/**
 * Events after `after`, oldest first, at most `limit`. Only what lies below the oldest open transaction is read: a
 * transaction that commits later can only add events behind the position returned, so none is ever skipped.
 */
export async function readEventsAfter(
  db: Kysely<Database>,
  options: { after: EventPosition; runId?: string | undefined; limit: number },
): Promise<EventPage> {
  const { after, runId, limit } = options;
  // One statement, so that events and the place they reach to are of the same snapshot.
  const { rows } = await sql<{ reached: string; id: number | null; xid: string; run_id: string | null; type: string; data: unknown; created_at: Date }>`
    select (snapshot.xmin::text::numeric - 1)::text as reached, e.id, e.xid::text as xid, e.run_id, e.type, e.data, e.created_at
    from (select pg_snapshot_xmin(pg_current_snapshot()) as xmin) snapshot
    left join lateral (
      select * from events
      where (xid, id) > (${after.xid}::xid8, ${after.id}::bigint) and xid < snapshot.xmin
        and ${runId === undefined ? sql`true` : sql`run_id = ${runId}::uuid`}
      order by xid, id limit ${limit}
    ) e on true
    order by e.xid, e.id`.execute(db);
  const events = rows.flatMap((row) => {
    if (row.id === null) return [];
    const position = { xid: row.xid, id: row.id };
    return [{ position, event: { id: toEventId(position), at: row.created_at.toISOString(), run_id: row.run_id, type: row.type, data: row.data } as MaestroEvent }];
  });
  const isFull = events.length === limit;
  const reached = isFull ? events.at(-1)?.position : rows[0] && endOf(rows[0].reached);
  return { events, isFull, position: reached !== undefined && compareEventPositions(reached, after) > 0 ? reached : after };
}

/** The position from which a new reader sees only what happens from now on. */
export async function getEventHead(db: Kysely<Database>): Promise<EventPosition> {
  const { rows } = await sql<{ xid: string }>`select (pg_snapshot_xmin(pg_current_snapshot())::text::numeric - 1)::text as xid`.execute(db);
  return endOf(rows[0]?.xid ?? '0');
}
