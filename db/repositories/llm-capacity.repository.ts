import { type Kysely, sql, type Transaction } from 'kysely';
import type { ConnectionLimits } from '../../contracts/connections.ts';
import type { Database } from '../database.ts';
import { toJsonb } from '../storable.ts';

/** How full a connection is, by the database's clock: whatever clocks the workers have. */
export interface CapacityState {
  now: Date;
  learnedLimits: ConnectionLimits | null;
  requestsDueAt: Date | null;
  tokensDueAt: Date | null;
  blockedUntil: Date | null;
  /** When this turn's place in the line is due; null: it has none. */
  dueAt: Date | null;
}

interface TurnKey {
  connectionId: string;
  runId: string;
  iteration: number;
}

type Row = { now: Date; learned_limits: ConnectionLimits | null; requests_due_at: Date | null; tokens_due_at: Date | null; blocked_until: Date | null; due_at: Date | null };
const toState = (row: Row): CapacityState => ({
  now: row.now, learnedLimits: row.learned_limits, requestsDueAt: row.requests_due_at, tokensDueAt: row.tokens_due_at, blockedUntil: row.blocked_until, dueAt: row.due_at,
});
const due = ({ connectionId, runId, iteration }: TurnKey) =>
  sql<Date | null>`(select due_at from llm_reservations where run_id = ${runId}::uuid and iteration = ${iteration} and connection_id = ${connectionId})`;

/** The state as it is; undefined when nothing is known of the connection. */
export async function findCapacity(db: Kysely<Database>, key: TurnKey): Promise<CapacityState | undefined> {
  const { rows } = await sql<Row>`
    select clock_timestamp() as now, learned_limits, requests_due_at, tokens_due_at, blocked_until, ${due(key)} as due_at
    from llm_connection_states where connection_id = ${key.connectionId}`.execute(db);
  return rows[0] === undefined ? undefined : toState(rows[0]);
}

/** The state, held until the transaction ends; made when there is none. */
export async function lockCapacity(trx: Transaction<Database>, key: TurnKey): Promise<CapacityState> {
  const { rows } = await sql<Row>`
    insert into llm_connection_states as state (connection_id) values (${key.connectionId})
    on conflict (connection_id) do update set connection_id = excluded.connection_id
    returning clock_timestamp() as now, learned_limits, requests_due_at, tokens_due_at, blocked_until, ${due(key)} as due_at`.execute(trx);
  return toState(rows[0] as Row);
}

/** Takes a place: what the next one finds is later by this request. `dueAt` null: it goes now and waits nowhere. */
export async function insertReservation(trx: Transaction<Database>, key: TurnKey, place: { requestsDueAt: Date | null; tokensDueAt: Date | null; dueAt: Date | null; tokens: number }): Promise<void> {
  await trx.updateTable('llm_connection_states').set({ requests_due_at: place.requestsDueAt, tokens_due_at: place.tokensDueAt }).where('connection_id', '=', key.connectionId).execute();
  const { dueAt } = place;
  if (dueAt === null) return;
  await trx
    .with('swept', (db) => db.deleteFrom('llm_reservations').where('connection_id', '=', key.connectionId).where('due_at', '<', sql<Date>`clock_timestamp() - interval '10 minutes'`))
    .insertInto('llm_reservations')
    .values({ run_id: key.runId, iteration: key.iteration, connection_id: key.connectionId, due_at: dueAt, tokens: place.tokens })
    .onConflict((conflict) => conflict.columns(['run_id', 'iteration', 'connection_id']).doUpdateSet({ due_at: dueAt, tokens: place.tokens }))
    .execute();
}

/** Gives up a place whose time has come. */
export async function deleteReservation(db: Kysely<Database>, { connectionId, runId, iteration }: TurnKey): Promise<void> {
  await db.deleteFrom('llm_reservations').where('run_id', '=', runId).where('iteration', '=', iteration).where('connection_id', '=', connectionId).execute();
}

/** Moves the line of tokens by what a call took more (or, below 0, less) than it had reserved. */
export async function shiftTokens(db: Kysely<Database>, connectionId: string, seconds: number): Promise<void> {
  await sql`update llm_connection_states set tokens_due_at = tokens_due_at + make_interval(secs => ${seconds}) where connection_id = ${connectionId} and tokens_due_at is not null`.execute(db);
}

export async function updateLearnedLimits(db: Kysely<Database>, connectionId: string, limits: ConnectionLimits): Promise<void> {
  const learned = toJsonb(limits);
  await db
    .insertInto('llm_connection_states')
    .values({ connection_id: connectionId, learned_limits: learned })
    .onConflict((conflict) => conflict.column('connection_id').doUpdateSet({ learned_limits: learned }))
    .execute();
}

/** Nothing of this connection goes for so long; an earlier, longer block stays. */
export async function blockConnection(db: Kysely<Database>, connectionId: string, seconds: number): Promise<void> {
  const until = sql<Date>`clock_timestamp() + make_interval(secs => ${seconds})`;
  await db
    .insertInto('llm_connection_states')
    .values({ connection_id: connectionId, blocked_until: until })
    .onConflict((conflict) => conflict.column('connection_id').doUpdateSet({ blocked_until: sql<Date>`greatest(llm_connection_states.blocked_until, excluded.blocked_until)` }))
    .execute();
}
