import { access as accessFile, rm } from 'node:fs/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppError } from '../../../contracts/errors.ts';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.ts';
import { type RealPostgres, startRealPostgres } from '../../../tests/support/real-postgres.ts';
import { callContext, dataSourceOf, failureOf } from '../../../tests/support/tools.ts';
import { until } from '../../../tests/support/until.ts';
import type { Json } from '../tool.ts';
import { honest, honestSince17, refusedByGuard, refusedBySession } from './hostile.cases.ts';
import { createRunSqlTool, type DataSourceAccess, type RunSqlOptions } from './index.ts';
import { type RawResult, runQuery } from './query-session.ts';
import { inspectQuery } from './sql-guard.ts';

// Everything here runs as a superuser: the worst role an admin could give.
const setUp = `
  create table tickets (id int primary key, subject text, created timestamptz default '2026-11-24 00:00+00');
  insert into tickets values (1, 'a'), (2, 'b'), (3, 'c');
  create table docs (id int primary key, payload jsonb); insert into docs values (1, '{"city": "Rome", "tags": ["x", "y"]}');
  create schema hidden; create table hidden.salaries (name text, town text, amount int); insert into hidden.salaries values ('Ada', 'Rome', 100);
  create table hidden.shadowed (id int); create table hidden."sales.orders" (id int);
  create view salaries_by_town as select town, sum(amount) as total from hidden.salaries group by town;
  create sequence numbers; select lo_from_bytea(1, 'x');
  create type mood as enum ('calm', 'angry'); create type wrapped as (text int);
  create function drain() returns int language sql security definer as 'delete from tickets returning 1';
  create procedure purge() language sql as 'delete from tickets';
  create function secret_of(t tickets) returns text language sql security definer as 'select name from hidden.salaries';
  create function leak(text) returns boolean language sql as 'select true';
  create function initcap(mood) returns text language sql as 'select ''own''';
  create function clash(text, text) returns boolean language sql as 'select true'; create operator &&& (leftarg = text, rightarg = text, function = clash);
  create domain checked as text check (leak(value)); create type carrier as (a checked);
  create function mood_to_int(mood) returns int language sql as 'select 1'; create cast (mood as int) with function mood_to_int(mood);`;

const sourceOf = (connectionString: string, given: Partial<DataSourceAccess> = {}): DataSourceAccess => dataSourceOf('support', connectionString, given);
const context = callContext();
const ask = async (source: DataSourceAccess, query: string, options: Partial<RunSqlOptions> = {}): Promise<{ rows: Record<string, Json>[]; row_count: number; truncated: boolean }> =>
  (await createRunSqlTool({ dataSources: [source], ...options }).execute({ data_source: 'support', query }, context)).output as never;

let real: RealPostgres;
let pglite: TestDatabase;
/** Sees what changed, and is what a hostile query might end or wake. */
let bystander: pg.Client;
const heard: unknown[] = [];
beforeAll(async () => {
  [real, pglite] = await Promise.all([startRealPostgres(), createTestDatabase({ migrate: false })]);
  for (const { connectionString } of [real, pglite]) {
    const client = new pg.Client({ connectionString });
    await client.connect();
    await client.query(setUp);
    await client.end();
  }
  bystander = new pg.Client({ connectionString: real.connectionString, application_name: 'bystander' });
  bystander.on('error', () => undefined);
  bystander.on('notification', (message) => heard.push(message));
  await bystander.connect();
  await bystander.query('listen everything');
  await rm('/tmp/stolen', { force: true });
});
afterAll(async () => {
  await bystander.end();
  await Promise.all([real.stop(), pglite.close()]);
});

/** Everything a query that got through could have changed; the locks of a session go with it. */
async function readState(): Promise<unknown> {
  await until('sessions of run_sql to be gone', async () => (await bystander.query("select from pg_stat_activity where application_name = 'maestro run_sql'")).rowCount === 0);
  const { rows } = await bystander.query(`select (select json_agg(t) from tickets t) as tickets, (select count(*) from pg_class) as relations, (select count(*) from pg_proc) as functions,
    (select last_value || ' ' || is_called from numbers) as numbers, (select count(*) from pg_largeobject_metadata) as objects, (select count(*) from pg_locks where locktype = 'advisory') as locks,
    (select count(*) from pg_db_role_setting) as settings, (select count(*) from pg_description where objoid = 'tickets'::regclass) as comments, (select count(*) from pg_roles) as roles, pg_is_in_recovery() as standby`);
  return { ...rows[0], heard: heard.length, isFileThere: await accessFile('/tmp/stolen').then(() => true, () => false) };
}

test('the suites have the size they should have', () => {
  expect(refusedByGuard.length + refusedBySession.length).toBeGreaterThan(150);
  expect(honest.length).toBeGreaterThan(30);
});

describe('refused before anything is connected', () => {
  test.each(refusedByGuard)('%j', (query, reason) => {
    expect(inspectQuery(query)).toEqual({ allowed: false, reason: expect.stringMatching(reason) });
  });

  test.each<[what: string, query: string, reason: RegExp]>([
    ['text of 10 MB', `select '${'x'.repeat(10_000_000)}'`, /longer than/],
    ['10 MB of blanks before another statement', `select 1${' '.repeat(10_000_000)}; drop table tickets`, /longer than/],
    ['thousands of brackets', `select ${'('.repeat(9_000)}1${')'.repeat(9_000)}`, /./],
  ])('%s', (_what, query, reason) => {
    const verdict = inspectQuery(query);
    if (!verdict.allowed) expect(verdict.reason).toMatch(reason);
    expect(inspectQuery('select pg_sleep(1)')).toMatchObject({ allowed: false });
    expect(inspectQuery('select 1')).toMatchObject({ allowed: true });
  });
});

describe('refused by what the database says it means', () => {
  test.each(refusedBySession)('%j', async (query, reason) => {
    expect(inspectQuery(query)).toMatchObject({ allowed: true });
    for (const { connectionString } of [real, pglite]) {
      expect(await failureOf(ask(sourceOf(connectionString), query))).toMatchObject({ code: 'TOOL_REFUSED', message: expect.stringMatching(reason) as string });
    }
  });
});

const unguarded = (text: string): Promise<RawResult> => runQuery({
  access: sourceOf(real.connectionString), text,
  query: { allowed: true, statement: 'select', tables: [], references: [], columns: [], aliases: new Map(), limit: undefined, functions: [], operators: [], rowAttributes: [], valueAttributes: [], types: [] },
  limits: { maxRows: 10, maxResultCharacters: 100_000, maxReceivedBytes: 1_000_000, longQueryMs: 60_000, statementTimeoutMs: 300, deadlineMs: 10_000 },
}, context.signal);

test('let through by mistake, none of them changes anything: not a row, a setting, a file or another session', async () => {
  const before = await readState();
  const texts = [...refusedByGuard, ...refusedBySession].map(([text]) => text);
  for (let start = 0; start < texts.length; start += 16) {
    const batch = texts.slice(start, start + 16);
    const outcomes = await Promise.allSettled(batch.map(unguarded));
    for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(AppError);
    expect(await readState(), batch.join('\n')).toEqual(before);
  }
}, 180_000);

test('let through by mistake, none reads a file or a setting only superusers see: the session gave up those rights', async () => {
  for (const text of ["select pg_read_file('/etc/passwd')", "select pg_ls_dir('/')", "select lo_import('/etc/passwd')", "select current_setting('data_directory')", 'select pg_terminate_backend(pid) from pg_stat_activity where usename = \'postgres\'']) {
    expect(await failureOf(unguarded(text)), text).toMatchObject({ code: 'TOOL_REFUSED', message: expect.stringMatching(/permission denied|must be/i) as string });
  }
  expect((await unguarded('select current_user, session_user')).rows).toEqual([['pg_read_all_data', 'postgres']]);
});

describe.each([['PostgreSQL', () => real.connectionString], ['PGlite', () => pglite.connectionString]])('on %s', (_kind, connectionString) => {
  test.each(honest)('%s', async (query, firstRow) => {
    expect((await ask(sourceOf(connectionString()), query)).rows[0]).toEqual(firstRow);
  });

  test('SQL/JSON works where the server knows it, and is a plain error where it does not', async () => {
    const client = new pg.Client({ connectionString: connectionString() });
    await client.connect();
    const { rows } = await client.query<{ version: number }>("select current_setting('server_version_num')::int as version");
    await client.end();
    for (const [query, firstRow] of honestSince17) {
      if ((rows[0]?.version ?? 0) >= 170_000) expect((await ask(sourceOf(connectionString()), query)).rows[0], query).toEqual(firstRow);
      else await ask(sourceOf(connectionString()), query).then((output) => expect(output.rows[0]).toEqual(firstRow), (error: unknown) => expect(error).toMatchObject({ code: 'TOOL_FAILED' }));
    }
  });

  test('only readable tables are read, by whatever name; views are the database\'s business', async () => {
    const source = sourceOf(connectionString(), { readableTables: ['tickets', 'salaries_by_town', 'sales.orders'] });
    expect((await ask(source, 'select count(*) as n from public.tickets, salaries_by_town')).rows).toEqual([{ n: 3 }]);
    expect((await ask(source, 'with docs as (select 1 as a) select a from docs')).rows).toEqual([{ a: 1 }]);
    const refused: [string, string][] = [
      ['select * from docs', 'docs'], ['select (select count(*) from docs) from tickets', 'docs'], ['select * from tickets where id in (select id from docs)', 'docs'], ['with docs as (select * from docs) select * from docs', 'docs'],
      ['select * from hidden.salaries', 'hidden.salaries'], ['select * from hidden.tickets', 'hidden.tickets'], ['select * from "sales.orders"', '"sales.orders"'], ['select * from "Tickets"', 'Tickets'], ['select * from information_schema.tables', 'information_schema.tables'],
      ['select * from tickets t join docs d on true', 'docs'], ['select 1 union select id from docs', 'docs'], ['table docs', 'docs'], ['select * from tickets, lateral (select * from docs) d', 'docs'],
    ];
    for (const [query, table] of refused) {
      expect(await failureOf(ask(source, query)), query).toMatchObject({ code: 'TOOL_REFUSED', message: `The table ${table} may not be read here. Readable: tickets, salaries_by_town, sales.orders. describe_data_source shows their columns.` });
    }
    expect((await ask(sourceOf(connectionString(), { readableTables: ['hidden.*'] }), 'select name from hidden.salaries')).rows).toEqual([{ name: 'Ada' }]);
  });

  test('a table that is another one along the role\'s search path has to be named with its schema', async () => {
    const client = new pg.Client({ connectionString: connectionString() });
    await client.connect();
    await client.query('alter role postgres set search_path = hidden, public');
    await client.query('set search_path = hidden, public');
    try {
      for (const name of ['shadowed', 'salaries']) {
        expect(await failureOf(ask(sourceOf(connectionString()), `select count(*) from ${name}`))).toMatchObject({ code: 'TOOL_REFUSED', message: `Here ${name} is hidden.${name}; write it with its schema.` });
      }
      expect((await ask(sourceOf(connectionString()), 'select count(*) as n from tickets')).rows).toEqual([{ n: 3 }]);
    } finally {
      await client.query('alter role postgres reset search_path');
      await client.query('reset search_path');
      await client.end();
    }
  });

  test('a row of any number is cut at the source\'s cap, and that is told', async () => {
    expect(await ask(sourceOf(connectionString(), { maxRows: 7 }), 'select generate_series(1, 1000000000) as n')).toMatchObject({ row_count: 7, truncated: true });
  });

  test.each([
    ['a domain in an array', "select array['1', null]::counted[] as v", [1, null]],
    ['an array with a lower bound', "select '[0:1]={1,2}'::int[] as v", [1, 2]],
    ['int2vector', "select '1 2'::int2vector as v", '1 2'],
    ['bytes in an array', "select array['\\x00ff'::bytea, null] as v", ['AP8=', null]],
    ['records in an array', 'select array[row(1, \'a,"b"\')] as v', ['(1,"a,""b""")']],
    ['an array of arrays with empty text', "select array[['', 'NULL'], [null, '{}']] as v", [['', 'NULL'], [null, '{}']]],
    ['json in an array', "select array['{\"a\": 12345678901234567890}'::json] as v", [{ a: '12345678901234567890' }]],
    ['a multirange', "select '{[1,3),[5,7)}'::int4multirange as v", '{[1,3),[5,7)}'],
    ['a date before Christ', "select date '0044-03-15 BC' as v", '0044-03-15 BC'],
    ['a time with zone', "select timetz '10:00:00.5+02' as v", '10:00:00.5+02'],
    ['a number at the edge of exactness', 'select 9007199254740991::int8 as v', 9_007_199_254_740_991],
    ['a negative number past it', 'select -9007199254740993::int8 as v', '-9007199254740993'],
    ['a numeric with more digits than a double keeps', 'select 0.12345678901234567::numeric as v', '0.12345678901234567'],
    ['json with NUL escapes', "select '\"\\u0000\"'::json as v", '\0'],
  ])('%s arrives exactly', async (_what, query, value) => {
    const client = new pg.Client({ connectionString: connectionString() });
    await client.connect();
    if ((await client.query("select from pg_type where typname = 'counted'")).rowCount === 0) await client.query('create domain counted as int check (value > 0)');
    await client.end();
    expect((await ask(sourceOf(connectionString()), query)).rows).toEqual([{ v: value }]);
  });
});

describe('on PostgreSQL, what would never end or never fit is stopped by the server, and the next query is answered', () => {
  test.each([
    ['a cartesian product', 'select count(*) from generate_series(1, 100000) a, generate_series(1, 100000) b, generate_series(1, 100000) c', 'TOOL_TIMEOUT'],
    ['endless recursion', 'with recursive r(n) as (select 1 union all select n + 1 from r) select count(*) from r', 'TOOL_TIMEOUT'],
    ['a bomb of rows that is made before the first is given', 'select * from generate_series(1, 100000000000)', 'TOOL_TIMEOUT'],
    ['a sort of more than there is', 'select n from generate_series(1, 100000000000) n order by -n', 'TOOL_TIMEOUT'],
    ['one huge value', 'select repeat(repeat(\'x\', 10000), 10000) as v', 'TOOL_REFUSED'],
    ['a value beyond what the server makes', 'select repeat(repeat(repeat(\'x\', 10000), 10000), 10000) as v', 'TOOL_FAILED'],
  ])('%s', async (_what, query, code) => {
    const before = await readState();
    expect(await failureOf(ask(sourceOf(real.connectionString, { statementTimeoutMs: 1_500 }), query))).toMatchObject({ code });
    expect(await readState()).toEqual(before);
    expect((await ask(sourceOf(real.connectionString), 'select 1 as alive')).rows).toEqual([{ alive: 1 }]);
  });
});
