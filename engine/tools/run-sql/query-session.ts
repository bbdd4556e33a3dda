import { connect as connectSocket } from 'node:net';
import pg from 'pg';
import { AppError } from '../../../contracts/errors.ts';
import { isDatabaseUnavailable } from '../../../db/is-unavailable.ts';
import type { AllowedQuery } from './sql-guard.ts';
import type { ColumnType } from './result-values.ts';

// The SQL in here is spoken to somebody else's database, not to Maestro's, so it is no repository's.

export interface SessionLimits {
  /** The server's own limit for one statement. */
  statementTimeoutMs: number;
  /** After this the connection is torn down: a server that cannot interrupt itself (PGlite) would hold the call for ever. */
  deadlineMs: number;
  maxRows: number;
  /** Characters of JSON text kept in all. */
  maxResultCharacters: number;
  /** Bytes the server may send before the connection is torn down: a row cap does not help against one huge value. */
  maxReceivedBytes: number;
  /** When the connection is lost to a query that has run this long, the query may be what ended the server: it is not repeated. */
  longQueryMs: number;
}

/** What a query gave, values still in PostgreSQL's text form. */
export interface RawResult {
  columns: { name: string; type: ColumnType }[];
  rows: (string | null)[][];
  isTruncated: boolean;
}

const connectTimeoutMs = 10_000;
const batchSize = 100;

/**
 * Settings the result and the guard rely on, as far as the server knows them. Most of all `standard_conforming_strings`: without
 * it the server would read string literals differently from the parser that judged the query.
 */
const settingsFor = (limits: SessionLimits): Record<string, string> => ({
  standard_conforming_strings: 'on',
  client_encoding: 'UTF8',
  statement_timeout: String(limits.statementTimeoutMs),
  lock_timeout: '5000',
  idle_in_transaction_session_timeout: String(limits.deadlineMs),
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'iso_8601',
  TimeZone: 'UTC',
  bytea_output: 'hex',
  extra_float_digits: '1',
});

const applySettings = `select pg_catalog.set_config(s.name, v.value, true)
  from unnest($1::text[], $2::text[]) as v(name, value) join pg_catalog.pg_settings s on pg_catalog.lower(s.name) = pg_catalog.lower(v.name)`;

/** Tables only Maestro has together: whatever address leads to them, this is a database of Maestro's own. */
const ownTables = ['hitl_requests', 'hitl_decisions', 'audit_head', 'tool_calls', 'agent_versions'];

/**
 * What the database holds against the query: Maestro's tables, and functions or operators of a user's own making that its names
 * would resolve to, which the guard, knowing names alone, took for PostgreSQL's. Extensions' own are known and allowed.
 */
const inspectDatabase = `select
  (select count(distinct c.relname) from pg_catalog.pg_class c where c.relkind = 'r' and c.relname = any($1::text[])) = pg_catalog.cardinality($1::text[]) as is_own,
  array(
    select p.proname::text from pg_catalog.pg_proc p
    where p.pronamespace <> 'pg_catalog'::regnamespace
      and (p.proname = any($2::text[])
        or p.proname = any($3::text[]) and p.pronargs = 1 and exists (select from pg_catalog.pg_type t where t.oid = p.proargtypes[0] and t.typtype in ('c', 'p')))
      and not exists (select from pg_catalog.pg_depend d where d.classid = 'pg_catalog.pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
    union
    select o.oprname::text from pg_catalog.pg_operator o
    where o.oprnamespace <> 'pg_catalog'::regnamespace and o.oprname = any($4::text[])
      and not exists (select from pg_catalog.pg_depend d where d.classid = 'pg_catalog.pg_operator'::regclass and d.objid = o.oid and d.deptype = 'e')
  ) as foreign_names`;

const describeTypes = `select t.oid, pg_catalog.format_type(t.oid, null) as name, coalesce(e.typname, t.typname)::text as base, e.oid is not null as is_array
  from pg_catalog.pg_type t left join pg_catalog.pg_type e on t.typcategory = 'A' and e.oid = t.typelem and e.typdelim = ','
  where t.oid = any($1::oid[])`;

/** Every value as the text the server sent. */
const asText: pg.CustomTypesConfig = { getTypeParser: () => (value: unknown) => value as string } as unknown as pg.CustomTypesConfig;

type Connection = pg.Client & { processID?: number | null; secretKey?: number | null; connection: { stream: NodeJS.ReadableStream & { destroy(): void } } };

/** Asks the server, over a connection of its own, to stop what the other one runs. Best effort: PGlite ignores it. */
function requestCancel(client: Connection): void {
  const { processID, secretKey, host, port } = client;
  if (typeof processID !== 'number' || typeof secretKey !== 'number' || processID <= 0) return;
  const message = Buffer.alloc(16);
  message.writeInt32BE(16, 0);
  message.writeInt32BE(80_877_102, 4); // CancelRequest, https://www.postgresql.org/docs/18/protocol-message-formats.html
  message.writeInt32BE(processID, 8);
  message.writeInt32BE(secretKey, 12);
  const socket = host.startsWith('/') ? connectSocket(`${host}/.s.PGSQL.${port}`) : connectSocket(port, host);
  socket.setTimeout(5_000, () => socket.destroy());
  socket.once('error', () => socket.destroy());
  socket.once('connect', () => socket.end(message));
}

/** Runs the work on a connection of its own that is torn down, whatever the work does, when time, bytes or the signal say so. */
async function onConnection<T>(connectionString: string, limits: SessionLimits, signal: AbortSignal, work: (client: Connection) => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const client = new pg.Client({ connectionString, application_name: 'maestro run_sql', connectionTimeoutMillis: connectTimeoutMs, keepAlive: true }) as Connection;
  client.on('error', () => {}); // the query that was under way reports it
  let stopWith: (reason: unknown) => void = () => {};
  const stopped = new Promise<never>((_resolve, reject) => { stopWith = reject; });
  stopped.catch(() => {});
  let isTornDown = false;
  const tearDown = (reason: unknown): void => {
    isTornDown = true;
    stopWith(reason);
    requestCancel(client);
    client.connection.stream.destroy();
  };
  const timer = setTimeout(() => tearDown(new AppError('TOOL_TIMEOUT', `The query took longer than ${limits.deadlineMs / 1000} s and was stopped.`)), limits.deadlineMs);
  const onAbort = (): void => tearDown(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  const connected = client.connect();
  let received = 0;
  client.connection.stream.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (received > limits.maxReceivedBytes) tearDown(new AppError('TOOL_REFUSED', `The result is larger than ${limits.maxReceivedBytes / 1_000_000} MB; select fewer or shorter columns.`));
  });
  try {
    const done = connected.then(() => work(client), (cause: Error & { code?: string }) => {
      // Whatever the server did not say itself means that it is not there: no route, no answer in time, another protocol.
      throw /^[0-9A-Z]{5}$/.test(cause.code ?? '') ? cause : new AppError('TOOL_UNAVAILABLE', 'The data source cannot be reached at the moment.', { cause });
    });
    done.catch(() => {});
    return await Promise.race([done, stopped]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    if (!isTornDown) await Promise.race([client.end().catch(() => {}), stopped.catch(() => {})]);
  }
}

async function assertHarmless(client: pg.Client, query: AllowedQuery): Promise<void> {
  const { rows } = await client.query<{ is_own: boolean; foreign_names: string[] }>(inspectDatabase, [ownTables, query.functions, query.attributes, query.operators]);
  const [found] = rows;
  if (found === undefined || found.is_own) throw new AppError('TOOL_REFUSED', 'This data source is Maestro\'s own database, which agents never read.');
  if (found.foreign_names.length > 0) throw new AppError('TOOL_REFUSED', `In this database ${found.foreign_names.join(', ')} may be a function or operator of somebody's own making; only PostgreSQL's own and those of extensions are allowed.`);
}

async function fetchRows(client: pg.Client, text: string, limits: SessionLimits): Promise<{ fields: pg.FieldDef[]; rows: (string | null)[][]; isTruncated: boolean }> {
  // A cursor, so that the server makes no more rows than are read. One statement more in the text would be refused: only the
  // simple protocol takes several, and this is the extended one.
  await client.query({ text: `declare maestro_result no scroll cursor for ${text}`, queryMode: 'extended' } as pg.QueryConfig);
  const rows: (string | null)[][] = [];
  let fields: pg.FieldDef[] = [];
  let characters = 0;
  for (;;) {
    const wanted = Math.min(batchSize, limits.maxRows + 1 - rows.length);
    const batch = await client.query({ text: `fetch ${wanted} from maestro_result`, rowMode: 'array', types: asText, queryMode: 'extended' } as pg.QueryArrayConfig);
    fields = batch.fields;
    for (const row of batch.rows as (string | null)[][]) {
      characters += row.reduce((sum, value) => sum + (value?.length ?? 4), 0);
      if (rows.length === limits.maxRows || (characters > limits.maxResultCharacters && rows.length > 0)) return { fields, rows, isTruncated: true };
      rows.push(row);
    }
    if (batch.rows.length < wanted) return { fields, rows, isTruncated: false };
  }
}

async function readTypes(client: pg.Client, fields: readonly pg.FieldDef[]): Promise<Map<number, ColumnType>> {
  const oids = [...new Set(fields.map((field) => field.dataTypeID))];
  const { rows } = await client.query<{ oid: number; name: string; base: string; is_array: boolean }>(describeTypes, [oids]);
  return new Map(rows.map((row) => [Number(row.oid), { name: row.name, base: row.base, isArray: row.is_array }]));
}

const passes = /^(08|57P|53)/;

/** What a failed query means for the model. Messages of the data source's server are passed on: they say what to mend. */
function toToolError(error: unknown, source: string): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error;
  const { code, hint, position } = error as Partial<pg.DatabaseError>;
  if (code === undefined && !isDatabaseUnavailable(error)) return new AppError('TOOL_FAILED', `The query on ${source} failed: ${error.message}`, { cause: error });
  if (code === undefined || passes.test(code) || !/^[0-9A-Z]{5}$/.test(code)) return new AppError('TOOL_UNAVAILABLE', `The data source ${source} cannot be reached at the moment.`, { cause: error });
  if (code === '57014') return new AppError('TOOL_TIMEOUT', `The query on ${source} took too long and was stopped.`, { cause: error });
  if (code === '28P01' || code === '28000' || code === '3D000') return new AppError('TOOL_NOT_CONFIGURED', `The data source ${source} does not let Maestro in; an admin has to check its connection string.`, { cause: error });
  if (code === '25006' || code === '42501') return new AppError('TOOL_REFUSED', `The data source ${source} refused the query: ${error.message}.`, { cause: error });
  const where = position === undefined ? '' : ` (at character ${Math.max(1, Number(position) - 'declare maestro_result no scroll cursor for '.length)})`;
  return new AppError('TOOL_FAILED', `${error.message}${where}.${hint === undefined ? '' : ` Hint: ${hint}`}`, { cause: error, details: { sqlstate: code } });
}

/**
 * Runs one query that the guard allowed in a read-only transaction of its own that is rolled back. Throws TOOL_REFUSED (Maestro's
 * own database, somebody's own functions, too large, not permitted), TOOL_TIMEOUT, TOOL_UNAVAILABLE, TOOL_NOT_CONFIGURED,
 * TOOL_FAILED (the server's message), or the signal's reason.
 */
export async function runReadOnly(
  { source, connectionString, query, text, limits }: { source: string; connectionString: string; query: AllowedQuery; text: string; limits: SessionLimits },
  signal: AbortSignal,
): Promise<RawResult> {
  let queryStartedAt = Number.POSITIVE_INFINITY;
  try {
    return await onConnection(connectionString, limits, signal, async (client) => {
      // One message: behind PGlite's socket all connections share a session, and only a transaction keeps it to ourselves.
      await client.query('begin transaction isolation level repeatable read read only');
      const settings = settingsFor(limits);
      await client.query(applySettings, [Object.keys(settings), Object.values(settings)]);
      await assertHarmless(client, query);
      queryStartedAt = performance.now();
      const { fields, rows, isTruncated } = await fetchRows(client, text, limits);
      const types = await readTypes(client, fields);
      await client.query('rollback');
      const columns = fields.map((field) => ({ name: field.name, type: types.get(field.dataTypeID) ?? { name: 'unknown', base: 'text', isArray: false } }));
      return { columns, rows, isTruncated };
    });
  } catch (error) {
    signal.throwIfAborted();
    const failure = toToolError(error, source);
    const ranMs = performance.now() - queryStartedAt;
    if (!(failure instanceof AppError) || failure.code !== 'TOOL_UNAVAILABLE' || ranMs < limits.longQueryMs) throw failure;
    throw new AppError('TOOL_TIMEOUT', `The data source ${source} ended the connection after the query had run for ${Math.round(ranMs / 1000)} s; ask for less at once.`, { cause: error });
  }
}
