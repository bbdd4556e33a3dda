import { type Kysely, type Selectable, sql } from 'kysely';
import type { Database } from '../database.ts';
import { toJsonb } from '../storable.ts';
import type { LlmConnectionStatesTable } from '../tables/models.table.ts';

/** A circuit with the database's time beside it. */
export type CircuitRow = Pick<Selectable<LlmConnectionStatesTable>, 'circuit' | 'failures_in_row' | 'retry_at' | 'trial_until' | 'last_error'> & { now: Date };

/** The event of a circuit that changed, in the statement that changed it. */
const insertEvent = (connectionId: string) =>
  sql`insert into events (type, data) select 'connection-changed', jsonb_build_object('connection_id', ${connectionId}::text, 'change', 'circuit')`;

export async function findCircuit(db: Kysely<Database>, connectionId: string): Promise<CircuitRow | undefined> {
  return db
    .selectFrom('llm_connection_states')
    .select(['circuit', 'failures_in_row', 'retry_at', 'trial_until', 'last_error', sql<Date>`clock_timestamp()`.as('now')])
    .where('connection_id', '=', connectionId)
    .executeTakeFirst();
}

/** Takes the one trial of a rested circuit, for so long; false when it still rests or somebody else has the trial. */
export async function takeTrial(db: Kysely<Database>, connectionId: string, leaseSeconds: number): Promise<boolean> {
  const { rows } = await sql<{ taken: number }>`
    with taken as (
      update llm_connection_states set circuit = 'half_open', trial_until = clock_timestamp() + make_interval(secs => ${leaseSeconds})
      where connection_id = ${connectionId}
        and ((circuit = 'open' and retry_at <= clock_timestamp()) or (circuit = 'half_open' and trial_until <= clock_timestamp()))
      returning connection_id
    ), told as (${insertEvent(connectionId)} from taken)
    select count(*)::int as taken from taken`.execute(db);
  return rows[0]?.taken === 1;
}

/**
 * Counts a failure. From `threshold` in a row, and with a failed trial, the circuit opens for `restSeconds`, doubled with each further
 * failure up to `maxRestSeconds`. Calls that were under way when it opened do not count.
 */
export async function countFailure(db: Kysely<Database>, connectionId: string, error: { code: string; message: string; at: string }, { threshold, restSeconds, maxRestSeconds }: { threshold: number; restSeconds: number; maxRestSeconds: number }): Promise<void> {
  const failures = sql`(state.failures_in_row + 1)`;
  const opens = sql`(state.circuit = 'half_open' or (state.circuit = 'closed' and ${failures} >= ${threshold}))`;
  await sql`
    with earlier as (select circuit from llm_connection_states where connection_id = ${connectionId}),
    counted as (
      insert into llm_connection_states as state (connection_id, failures_in_row, last_error) values (${connectionId}, 1, ${toJsonb(error)}::jsonb)
      on conflict (connection_id) do update set
        last_error = excluded.last_error,
        failures_in_row = case when state.circuit = 'open' then state.failures_in_row else ${failures} end,
        retry_at = case when ${opens} then clock_timestamp() + make_interval(secs => least(${maxRestSeconds}::float8, ${restSeconds}::float8 * power(2, greatest(0, least(20, ${failures} - ${threshold}))))) else state.retry_at end,
        trial_until = case when ${opens} then null else state.trial_until end,
        circuit = case when ${opens} then 'open' else state.circuit end
      returning circuit
    )
    ${insertEvent(connectionId)} from counted left join earlier on true where counted.circuit is distinct from coalesce(earlier.circuit, 'closed')`.execute(db);
}

/** Notes a success, at most once a minute when nothing else changes; an open circuit closes. */
export async function closeCircuitRow(db: Kysely<Database>, connectionId: string, { isSuccess }: { isSuccess: boolean }): Promise<void> {
  const at = isSuccess ? sql`clock_timestamp()` : sql`null`;
  await sql`
    with earlier as (select circuit from llm_connection_states where connection_id = ${connectionId}),
    closed as (
      insert into llm_connection_states as state (connection_id, last_success_at) values (${connectionId}, ${at})
      on conflict (connection_id) do update set circuit = 'closed', failures_in_row = 0, retry_at = null, trial_until = null, last_success_at = coalesce(excluded.last_success_at, state.last_success_at)
      where state.circuit <> 'closed' or state.failures_in_row > 0 or (excluded.last_success_at is not null and coalesce(state.last_success_at, '-infinity') < clock_timestamp() - interval '1 minute')
      returning circuit
    )
    ${insertEvent(connectionId)} from closed join earlier on earlier.circuit <> 'closed'`.execute(db);
}
