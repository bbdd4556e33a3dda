import { type Kysely, type RawBuilder, type Selectable, sql } from 'kysely';
import type { Database } from '../database.ts';
import { toJsonb } from '../storable.ts';
import type { LlmConnectionStatesTable } from '../tables/models.table.ts';

/** A circuit with the database's time beside it. */
export type CircuitRow = Pick<Selectable<LlmConnectionStatesTable>, 'circuit' | 'failures_in_row' | 'retry_at' | 'trial_until' | 'last_error'> & { now: Date };

/** One moment for the whole statement. */
const now = sql<Date>`statement_timestamp()`;

/** The event of a circuit that changed, in the statement that changed it. */
const insertEvent = (connectionId: string) =>
  sql`insert into events (type, data) select 'connection-changed', jsonb_build_object('connection_id', ${connectionId}::text, 'change', 'circuit')`;

export async function findCircuit(db: Kysely<Database>, connectionId: string): Promise<CircuitRow | undefined> {
  return db
    .selectFrom('llm_connection_states')
    .select(['circuit', 'failures_in_row', 'retry_at', 'trial_until', 'last_error', now.as('now')])
    .where('connection_id', '=', connectionId)
    .executeTakeFirst();
}

/** Takes the one trial of a rested circuit, for so long; false when it still rests or somebody else has the trial. */
export async function takeTrial(db: Kysely<Database>, connectionId: string, leaseSeconds: number): Promise<boolean> {
  const { rows } = await sql<{ taken: number }>`
    with earlier as (select circuit from llm_connection_states where connection_id = ${connectionId}),
    taken as (
      update llm_connection_states set circuit = 'half_open', trial_until = ${now} + make_interval(secs => ${leaseSeconds})
      where connection_id = ${connectionId}
        and ((circuit = 'open' and retry_at <= ${now}) or (circuit = 'half_open' and trial_until <= ${now}))
      returning connection_id
    ), told as (${insertEvent(connectionId)} from taken, earlier where earlier.circuit = 'open')
    select count(*)::int as taken from taken`.execute(db);
  return rows[0]?.taken === 1;
}

/**
 * Counts a failure. From `threshold` in a row, and with a failed trial, the circuit opens for `restSeconds`, doubled with each further
 * failure up to `maxRestSeconds`. Calls that were under way when it opened do not count.
 */
export async function countFailure(db: Kysely<Database>, connectionId: string, error: { code: string; message: string }, { threshold, restSeconds, maxRestSeconds }: { threshold: number; restSeconds: number; maxRestSeconds: number }): Promise<void> {
  const failures = sql`(state.failures_in_row + 1)`;
  const opens = sql`(state.circuit = 'half_open' or (state.circuit = 'closed' and ${failures} >= ${threshold}))`;
  const restEnd = (count: RawBuilder<unknown>) => sql`${now} + make_interval(secs => least(${maxRestSeconds}::float8, ${restSeconds}::float8 * power(2, greatest(0, least(20, ${count} - ${threshold})))))`;
  await sql`insert into llm_connection_states (connection_id) values (${connectionId}) on conflict do nothing`.execute(db);
  await sql`
    with earlier as (select connection_id, circuit from llm_connection_states where connection_id = ${connectionId} for update),
    counted as (
      update llm_connection_states state set
        last_error = ${toJsonb(error)}::jsonb || jsonb_build_object('at', to_char(${now} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')),
        failures_in_row = case when state.circuit = 'open' then state.failures_in_row else ${failures} end,
        retry_at = case when ${opens} then ${restEnd(failures)} else state.retry_at end,
        trial_until = case when ${opens} then null else state.trial_until end,
        circuit = case when ${opens} then 'open' else state.circuit end
      from earlier where state.connection_id = earlier.connection_id
      returning earlier.circuit <> 'open' and state.circuit = 'open' as has_opened
    )
    ${insertEvent(connectionId)} from counted where has_opened`.execute(db);
}

/** Closes a circuit and forgets the failures, and notes a success at most once a minute; writes, and locks, nothing where nothing changes. */
export async function closeCircuitRow(db: Kysely<Database>, connectionId: string, { isSuccess }: { isSuccess: boolean }): Promise<void> {
  await sql`
    with earlier as (
      select connection_id, circuit from llm_connection_states
      where connection_id = ${connectionId} and (circuit <> 'closed' or failures_in_row > 0 or (${isSuccess}::boolean and coalesce(last_success_at, '-infinity') < ${now} - interval '1 minute'))
      for update
    ), closed as (
      update llm_connection_states state
      set circuit = 'closed', failures_in_row = 0, retry_at = null, trial_until = null, last_success_at = case when ${isSuccess}::boolean then ${now} else state.last_success_at end
      from earlier where state.connection_id = earlier.connection_id
    ), first as (
      insert into llm_connection_states (connection_id, last_success_at)
      select ${connectionId}, ${now} where ${isSuccess}::boolean and not exists (select from llm_connection_states where connection_id = ${connectionId})
      on conflict do nothing
    )
    ${insertEvent(connectionId)} from earlier where circuit <> 'closed'`.execute(db);
}
