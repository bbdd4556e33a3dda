import { type Kysely, sql } from 'kysely';
import { newId } from '../../platform/ids.ts';
import type { Database } from '../database.ts';

export interface TurnWish {
  toolCallId: string;
  toolName: string;
  /** Null: no limit. */
  maxConcurrent: number | null;
  callsPerMinute: number | null;
  /** How long the turn counts as being at work unless it is given back. */
  holdMs: number;
}

export type TakenTurn = { turnId: string } | { waitMs: number };

/** When no end of a turn is known beforehand, this is how often a call that waits looks again. */
const lookAgainMs = 1_000;
const keptMs = 120_000;

/**
 * Takes a turn of a tool that is limited over all workers, or tells how long to wait before asking again. An earlier turn of the same
 * call ends with this: whoever held it is dead or has been given up.
 */
export async function takeToolTurn(db: Kysely<Database>, { toolCallId, toolName, maxConcurrent, callsPerMinute, holdMs }: TurnWish): Promise<TakenTurn> {
  return db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended('tool turn ' || ${toolName}, 0))`.execute(trx);
    await trx.updateTable('tool_turns').set({ until: sql<Date>`least(until, now())` }).where('tool_call_id', '=', toolCallId).execute();
    await trx.deleteFrom('tool_turns').where('tool_name', '=', toolName).where('taken_at', '<', sql<Date>`now() - ${keptMs} * interval '1 millisecond'`).where('until', '<', sql<Date>`now()`).execute();
    const { running, taken, free_in_ms: freeInMs } = await trx
      .selectFrom('tool_turns')
      .select([
        sql<number>`count(*) filter (where until > now())::int`.as('running'),
        sql<number>`count(*) filter (where taken_at > now() - interval '1 minute')::int`.as('taken'),
        // The turn whose minute has to be over before there is room for one more.
        sql<number | null>`(extract(epoch from (array_agg(taken_at order by taken_at desc))[${callsPerMinute ?? 1}::int] + interval '1 minute' - now()) * 1000)::int`.as('free_in_ms'),
      ])
      .where('tool_name', '=', toolName)
      .executeTakeFirstOrThrow();
    if (callsPerMinute !== null && taken >= callsPerMinute) return { waitMs: Math.max(50, freeInMs ?? lookAgainMs) };
    if (maxConcurrent !== null && running >= maxConcurrent) return { waitMs: lookAgainMs };
    const turnId = newId();
    await trx
      .insertInto('tool_turns')
      .values({ id: turnId, tool_call_id: toolCallId, tool_name: toolName, taken_at: sql<Date>`now()`, until: sql<Date>`now() + ${holdMs} * interval '1 millisecond'` })
      .execute();
    return { turnId };
  });
}

/** Gives a turn back: the next call may work. It still counts as one of its minute. */
export async function endToolTurn(db: Kysely<Database>, turnId: string): Promise<void> {
  await db.updateTable('tool_turns').set({ until: sql<Date>`least(until, now())` }).where('id', '=', turnId).execute();
}

/** Calls at work now, by tool. */
export async function countRunningCalls(db: Kysely<Database>): Promise<Map<string, number>> {
  const rows = await db.selectFrom('tool_calls').select(['tool_name', sql<number>`count(*)::int`.as('running')]).where('state', '=', 'executing').groupBy('tool_name').execute();
  return new Map(rows.map((row) => [row.tool_name, row.running]));
}
