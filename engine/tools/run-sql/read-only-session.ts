import type pg from 'pg';
import { AppError } from '../../../contracts/errors.ts';
import { onConnection, type SessionLimits } from './connection.ts';
import type { DataSourceAccess } from './data-source-access.ts';
import { isOwnDatabase, ownDatabaseRefusal } from './own-database.ts';
import { toToolError } from './to-tool-error.ts';

// The SQL in here is spoken to somebody else's database, not to Maestro's, so it is no repository's.

/**
 * Settings the result and the guard rely on, as far as the server knows them and lets the role set them. Most of all
 * `standard_conforming_strings`: without it the server would read string literals differently from the parser that judged the query.
 */
const settingsFor = (limits: SessionLimits): Record<string, string> => ({
  standard_conforming_strings: 'on',
  client_encoding: 'UTF8',
  statement_timeout: String(limits.statementTimeoutMs),
  transaction_timeout: String(limits.deadlineMs),
  lock_timeout: '5000',
  idle_in_transaction_session_timeout: String(limits.deadlineMs),
  // A runaway function in FROM fills the disk before it gives its first row. Only a superuser may set it, for itself or for a role.
  temp_file_limit: '1GB',
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'iso_8601',
  TimeZone: 'UTC',
  bytea_output: 'hex',
  extra_float_digits: '1',
});

const applySettings = `select pg_catalog.set_config(s.name, v.value, true)
  from unnest($1::text[], $2::text[]) as v(name, value) join pg_catalog.pg_settings s on pg_catalog.lower(s.name) = pg_catalog.lower(v.name)
  where s.context = 'user' or pg_catalog.current_setting('is_superuser') = 'on'`;

/**
 * Gives up what a read does not need: a role that may become `pg_read_all_data` (a superuser; one it was granted to) does so until the end
 * of the transaction. It can then read tables and nothing else: no files, no writing, no signals to other sessions. Not where rows or
 * servers depend on who asks (row level security, foreign tables): there it would read something else than the role the admin gave.
 * The search path is written out before, since `$user` in it would mean somebody else.
 */
const dropRights = `select pg_catalog.set_config('search_path', coalesce((select pg_catalog.string_agg(pg_catalog.quote_ident(s.name), ', ' order by s.at) from unnest(pg_catalog.current_schemas(false)) with ordinality s(name, at)), ''), true),
  (select pg_catalog.set_config('role', r.rolname, true) from pg_catalog.pg_roles r
    where r.rolname = 'pg_read_all_data'
      and pg_catalog.pg_has_role(current_user, r.oid, case when pg_catalog.current_setting('server_version_num')::int >= 160000 then 'SET' else 'MEMBER' end)
      and not exists (select from pg_catalog.pg_class c where c.relrowsecurity or c.relkind = 'f'))`;

/**
 * Does work in a read-only transaction, on a connection of its own, that is rolled back. Throws TOOL_NOT_CONFIGURED (the source's
 * `problem`, or it lets nobody in), TOOL_REFUSED (Maestro's own database, not permitted), TOOL_TIMEOUT, TOOL_UNAVAILABLE, TOOL_FAILED (the
 * server's message), or the signal's reason.
 */
export async function withReadOnlySession<T>(access: DataSourceAccess, limits: SessionLimits, signal: AbortSignal, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const { name, connectionString, problem } = access;
  if (problem !== null) throw new AppError('TOOL_NOT_CONFIGURED', problem);
  let workStartedAt = Number.POSITIVE_INFINITY;
  try {
    return await onConnection(connectionString, limits, signal, async (client) => {
      // One message: behind PGlite's socket all connections share a session, and only a transaction keeps it to ourselves.
      await client.query('begin transaction isolation level repeatable read read only');
      const settings = settingsFor(limits);
      await client.query(applySettings, [Object.keys(settings), Object.values(settings)]);
      const { rows } = await client.query<{ is_own: boolean }>(`select ${isOwnDatabase} as is_own`);
      if (rows[0]?.is_own !== false) throw ownDatabaseRefusal();
      await client.query(dropRights);
      workStartedAt = performance.now();
      const result = await work(client);
      await client.query('rollback');
      return result;
    });
  } catch (error) {
    signal.throwIfAborted();
    const failure = toToolError(error, name);
    const ranMs = performance.now() - workStartedAt;
    if (!(failure instanceof AppError) || failure.code !== 'TOOL_UNAVAILABLE' || ranMs < limits.longQueryMs) throw failure;
    throw new AppError('TOOL_TIMEOUT', `The data source ${name} ended the connection after the query had run for ${Math.round(ranMs / 1000)} s; ask for less at once.`, { cause: error });
  }
}
