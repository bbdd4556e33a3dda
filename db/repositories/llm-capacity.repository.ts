import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { ConnectionLimits } from '../../contracts/connections.ts';
import { terminalRunPhases } from '../../contracts/runs.ts';
import type { Database } from '../database.ts';

export interface TurnKey {
  connectionId: string;
  runId: string;
  iteration: number;
}

export interface PlaceInLine {
  /** 0: the turn may go. */
  waitMs: number;
  /** What counts of the admin's limits and the learned ones. */
  limits: ConnectionLimits;
}

/** One moment for the whole statement, by the database's clock: whatever clocks the workers have. */
const now = sql<Date>`statement_timestamp()`;
/** What may be used at once after a pause, and the time in which it grows back. */
const minute = sql`interval '1 minute'`;
const after = (seconds: number): RawBuilder<Date> => sql<Date>`(${now} + make_interval(secs => ${seconds}))`;
const ended = sql.join(terminalRunPhases.map((phase) => sql.lit(phase)));

/**
 * Gives a turn its place in a connection's line, or says what is left until the place it has is due; one that is due, or that no limit
 * holds any more, is given up: the turn goes. Undefined: the connection has limits but no row to keep its line in.
 *
 * The line is the generic cell rate algorithm: `requests_due_at` and `tokens_due_at` are when everything let through so far would have
 * gone at an even pace, so that a call may go when its own cost still ends within a minute from now. A call larger than a minute
 * goes when the rest has grown back whole; those after it wait the longer. Both lines go on from when a call may really go, so
 * that time spent waiting for something else is not saved up. Places of runs that ended, of turns left behind and of turns that
 * never came back are swept by the next who comes; what they had reserved of the future goes back.
 *
 * A turn without limits, and one that comes back, take no lock on the connection. Rows of others are locked only where that needs no waiting
 * (`skip locked`), the connection's row last: nobody waits in a circle.
 */
export async function takePlace(db: Kysely<Database>, { connectionId, runId, iteration, limits, tokens }: TurnKey & { limits: ConnectionLimits; tokens: number }): Promise<PlaceInLine | undefined> {
  const ownPlace = sql`run_id = ${runId}::uuid and iteration = ${iteration}::int and connection_id = ${connectionId}`;
  const { rows } = await sql<{ requests: number | null; tokens: number | null; wait_ms: number; has_no_row: boolean }>`
    with known as (
      select least(${limits.requests_per_minute}::int, (state.learned_limits->>'requests_per_minute')::int) as requests,
        least(${limits.tokens_per_minute}::int, (state.learned_limits->>'tokens_per_minute')::int) as tokens, state.blocked_until
      from (values (1)) one left join llm_connection_states state on state.connection_id = ${connectionId}
    ), cost as (
      select ${minute} / requests as request, ${minute} * ${tokens}::float8 / tokens as tokens, requests is not null or tokens is not null as is_limited from known
    ), own as (
      select due_at from llm_reservations where ${ownPlace}
    ), newcomer as (
      select from cost where is_limited and not exists (select from own)
    ), gone as (
      select place.run_id, place.iteration, place.tokens, place.due_at
      from llm_reservations place join runs on runs.id = place.run_id
      where place.connection_id = ${connectionId} and exists (select from newcomer)
        and (runs.phase in (${ended}) or place.due_at < ${now} - interval '10 minutes' or (place.run_id = ${runId}::uuid and place.iteration < ${iteration}::int))
      for update of place skip locked
    ), swept as (
      delete from llm_reservations place using gone where place.connection_id = ${connectionId} and place.run_id = gone.run_id and place.iteration = gone.iteration
    ), returned as (
      select count(*) filter (where due_at > ${now}) as requests, coalesce(sum(tokens) filter (where due_at > ${now}), 0)::float8 as tokens from gone
    ), line as (
      select max(due_at) as ends_at from llm_reservations place
      where connection_id = ${connectionId} and not exists (select from gone where gone.run_id = place.run_id and gone.iteration = place.iteration)
    ), locked as (
      select connection_id, requests_due_at, tokens_due_at, blocked_until from llm_connection_states where connection_id = ${connectionId} and exists (select from newcomer) for update
    ), reckoned as (
      select locked.connection_id, locked.blocked_until, cost.request, cost.tokens,
        locked.requests_due_at - returned.requests * cost.request as requests_due_at,
        locked.tokens_due_at - returned.tokens * ${minute} / known.tokens as tokens_due_at
      from locked, returned, cost, known
    ), placed as (
      select reckoned.*, greatest(${now}, line.ends_at, blocked_until, requests_due_at + request - ${minute},
        case when tokens is not null then tokens_due_at + least(tokens, ${minute}) - ${minute} end) as due_at
      from reckoned, line
    ), moved as (
      update llm_connection_states state
      set requests_due_at = coalesce(greatest(placed.requests_due_at, placed.due_at) + placed.request, state.requests_due_at),
        tokens_due_at = coalesce(greatest(placed.tokens_due_at, placed.due_at) + placed.tokens, state.tokens_due_at)
      from placed where state.connection_id = placed.connection_id
    ), waits as (
      insert into llm_reservations (run_id, iteration, connection_id, due_at, tokens)
      select ${runId}::uuid, ${iteration}::int, ${connectionId}, due_at, ${tokens}::int from placed where due_at > ${now}
      on conflict do nothing
    ), mine as (
      select greatest(case when cost.is_limited then own.due_at end, known.blocked_until) as due_at from own, cost, known
    ), goes as (
      delete from llm_reservations where ${ownPlace} and exists (select from mine where due_at is null or due_at <= ${now})
    )
    select known.requests, known.tokens, exists (select from newcomer) and not exists (select from placed) as has_no_row,
      greatest(0, ceil(1000 * extract(epoch from coalesce((select due_at from placed), (select due_at from mine), known.blocked_until) - ${now})))::float8 as wait_ms
    from known`.execute(db);
  const row = rows[0] as (typeof rows)[number];
  return row.has_no_row ? undefined : { waitMs: row.wait_ms, limits: { requests_per_minute: row.requests, tokens_per_minute: row.tokens } };
}

/** Whether anything but an admin's limits may hold a turn back: limits learned, a block, or a place it has from when there were limits. */
export async function isHeldBack(db: Kysely<Database>, { connectionId, runId, iteration }: TurnKey): Promise<boolean> {
  const { rows } = await sql<{ is_held: boolean }>`
    select exists (select from llm_connection_states where connection_id = ${connectionId} and (learned_limits is not null or blocked_until > ${now}))
      or exists (select from llm_reservations where run_id = ${runId}::uuid and iteration = ${iteration}::int and connection_id = ${connectionId}) as is_held`.execute(db);
  return rows[0]?.is_held ?? false;
}

/** The row a connection's line is kept in, if there is none yet. */
export async function insertConnectionState(db: Kysely<Database>, connectionId: string): Promise<void> {
  await db.insertInto('llm_connection_states').values({ connection_id: connectionId }).onConflict((conflict) => conflict.column('connection_id').doNothing()).execute();
}

/**
 * Moves the line of tokens by what a call took more (or, below 0, less) than it had reserved. A turn that gives up waiting leaves its
 * place, and the request goes back too.
 */
export async function settlePlace(db: Kysely<Database>, { connectionId, runId, iteration, tokensSeconds, requestSeconds }: TurnKey & { tokensSeconds: number; requestSeconds: number }): Promise<void> {
  await sql`
    with left_place as (
      delete from llm_reservations where run_id = ${runId}::uuid and iteration = ${iteration}::int and connection_id = ${connectionId} returning due_at
    )
    update llm_connection_states
    set tokens_due_at = tokens_due_at + make_interval(secs => ${tokensSeconds}),
      requests_due_at = requests_due_at - case when exists (select from left_place where due_at > ${now}) then make_interval(secs => ${requestSeconds}) else interval '0' end
    where connection_id = ${connectionId}`.execute(db);
}

/** Keeps what a provider told of its limits; what it did not tell stays. Writes nothing when nothing is new. */
export async function updateLearnedLimits(db: Kysely<Database>, connectionId: string, { requests_per_minute: requests, tokens_per_minute: tokens }: ConnectionLimits): Promise<void> {
  const told = sql`jsonb_build_object(
    'requests_per_minute', coalesce(${requests}::int, (state.learned_limits->>'requests_per_minute')::int), 'tokens_per_minute', coalesce(${tokens}::int, (state.learned_limits->>'tokens_per_minute')::int))`;
  await sql`
    insert into llm_connection_states as state (connection_id, learned_limits)
    values (${connectionId}, jsonb_build_object('requests_per_minute', ${requests}::int, 'tokens_per_minute', ${tokens}::int))
    on conflict (connection_id) do update set learned_limits = ${told} where state.learned_limits is distinct from ${told}`.execute(db);
}

/**
 * Nothing of this connection goes for so long; an earlier, longer block stays. The line stands still meanwhile: those who wait keep
 * their distances, so that not all of them go in the moment it ends. `isRefusal`: the provider had less room than was thought, so half a
 * minute's worth of requests at most goes at once afterwards.
 */
export async function blockConnection(db: Kysely<Database>, connectionId: string, { seconds, isRefusal }: { seconds: number; isRefusal: boolean }): Promise<void> {
  const until = after(seconds);
  const rest = isRefusal ? sql`block.until + interval '30 seconds'` : sql`null`;
  await sql`
    with locked as (
      select connection_id, greatest(blocked_until, ${now}) as since from llm_connection_states
      where connection_id = ${connectionId} and (blocked_until is null or blocked_until < ${until}) for update
    ), block as (
      select connection_id, since, ${until} as until, ${until} - since as length from locked
    ), stopped as (
      update llm_connection_states state
      set blocked_until = block.until, requests_due_at = greatest(greatest(state.requests_due_at, block.since) + block.length, ${rest}), tokens_due_at = greatest(state.tokens_due_at, block.since) + block.length
      from block where state.connection_id = block.connection_id
    ), held as (
      select place.run_id, place.iteration from llm_reservations place where place.connection_id = ${connectionId} and exists (select from block) for update skip locked
    ), later as (
      update llm_reservations place set due_at = greatest(place.due_at, block.since) + block.length
      from block, held where place.connection_id = block.connection_id and place.run_id = held.run_id and place.iteration = held.iteration
    )
    insert into llm_connection_states as state (connection_id, blocked_until)
    select ${connectionId}, ${until} where not exists (select from llm_connection_states where connection_id = ${connectionId})
    on conflict (connection_id) do update set blocked_until = greatest(state.blocked_until, excluded.blocked_until)`.execute(db);
}
