import { connect, createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.ts';
import { AppError } from '../../../contracts/errors.ts';
import type { Json, ToolCallContext } from '../tool.ts';
import { createRunSqlTool, type DataSourceAccess, type RunSqlOptions } from './index.ts';

interface Output {
  columns: { name: string; type: string }[];
  rows: Record<string, Json>[];
  row_count: number;
  truncated: boolean;
}

const contextWith = (signal: AbortSignal = new AbortController().signal) => ({ signal }) as ToolCallContext;
const sourceOf = (name: string, connectionString: string, given: Partial<DataSourceAccess> = {}): DataSourceAccess =>
  ({ name, connectionString, description: '', readableTables: null, privateColumns: [], maxRows: 1_000, statementTimeoutMs: 30_000, problem: null, ...given });

let source: TestDatabase;
let own: TestDatabase;

beforeAll(async () => {
  source = await createTestDatabase({ migrate: false });
  own = await createTestDatabase();
  const client = new pg.Client({ connectionString: source.connectionString });
  await client.connect();
  await client.query(`
    create table tickets (id int primary key, created_at timestamptz not null, subject text, priority text);
    insert into tickets select n, timestamptz '2026-11-24 08:00:00+00' + n * interval '1 minute', 'subject ' || n, (array['low', 'high'])[1 + n % 2] from generate_series(1, 1500) n;
    create type mood as enum ('calm', 'angry');
    create function tickets_secret(t tickets) returns text language sql security definer as 'select ''leaked''';
    create function lower(mood) returns text language sql as 'select ''own''';
    create function clash(text, text) returns boolean language sql as 'select true';
    create operator &&& (leftarg = text, rightarg = text, function = clash);
  `);
  await client.end();
});

afterAll(async () => {
  await source.close();
  await own.close();
});

const toolWith = (options: Partial<RunSqlOptions> = {}) => createRunSqlTool({ dataSources: [sourceOf('own', own.connectionString), sourceOf('support', source.connectionString)], ...options });
const ask = async (query: string, args: { max_rows?: number; data_source?: string } = {}): Promise<Output & { summary: string }> => {
  const outcome = await toolWith().execute({ data_source: 'support', query, ...args }, contextWith());
  return { ...(outcome.output as unknown as Output), summary: outcome.summary };
};
const failureOf = async (work: Promise<unknown>): Promise<AppError> => {
  const error = await work.then((value) => { throw new Error(`no failure but ${JSON.stringify(value).slice(0, 300)}`); }, (thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
};

describe('honest queries', () => {
  test('rows come as objects with typed columns', async () => {
    expect(await ask('select id, created_at, subject from tickets order by id limit 2')).toEqual({
      columns: [{ name: 'id', type: 'integer' }, { name: 'created_at', type: 'timestamp with time zone' }, { name: 'subject', type: 'text' }],
      rows: [
        { id: 1, created_at: '2026-11-24T08:01:00Z', subject: 'subject 1' },
        { id: 2, created_at: '2026-11-24T08:02:00Z', subject: 'subject 2' },
      ],
      row_count: 2, truncated: false, summary: '2 rows',
    });
  });

  test('a semicolon, comments, VALUES and WITH work as written', async () => {
    expect((await ask('select count(*) as n from tickets; -- all of them')).rows).toEqual([{ n: 1500 }]);
    expect((await ask('values (1, null), (2, \'b\')')).rows).toEqual([{ column1: 1, column2: null }, { column1: 2, column2: 'b' }]);
    expect((await ask('/* why */ with t as (select 1 as a) select * from t')).rows).toEqual([{ a: 1 }]);
  });

  test('an empty result still names its columns', async () => {
    expect(await ask('select id from tickets where false')).toMatchObject({ columns: [{ name: 'id', type: 'integer' }], rows: [], row_count: 0, summary: '0 rows' });
  });

  test('the schema can be explored', async () => {
    const { rows } = await ask('select column_name, data_type from information_schema.columns where table_name = \'tickets\' order by ordinal_position');
    expect(rows).toContainEqual({ column_name: 'created_at', data_type: 'timestamp with time zone' });
  });

  test('columns of the same name are told apart', async () => {
    expect((await ask('select 1 as a, 2 as a_2, 3 as a')).rows).toEqual([{ a: 1, a_2: 2, a_3: 3 }]);
  });

  test.each<[expression: string, type: string, value: Json]>([
    ['9007199254740993::int8', 'bigint', '9007199254740993'],
    ['42::int8', 'bigint', 42],
    ['12345678901234567890.0001::numeric', 'numeric', '12345678901234567890.0001'],
    ['1.10::numeric(10,2)', 'numeric(10,2)|numeric', 1.1],
    ['\'NaN\'::numeric', 'numeric', 'NaN'],
    ['0.1::float8 + 0.2::float8', 'double precision', 0.30000000000000004],
    ['\'Infinity\'::float8', 'double precision', 'Infinity'],
    ['true', 'boolean', true],
    ['null::text', 'text', null],
    ['\'é\u{1F600}\'', 'text', 'é\u{1F600}'],
    ['timestamp \'2026-11-24 10:00:00.123456\'', 'timestamp without time zone', '2026-11-24T10:00:00.123456'],
    ['timestamptz \'2026-11-24 10:00:00+02\'', 'timestamp with time zone', '2026-11-24T08:00:00Z'],
    ['\'infinity\'::timestamptz', 'timestamp with time zone', 'infinity'],
    ['date \'2026-11-24\'', 'date', '2026-11-24'],
    ['interval \'1 day 2 hours\'', 'interval', 'P1DT2H'],
    ['\'{"a": [1, 9007199254740993], "b": null}\'::jsonb', 'jsonb', { a: [1, '9007199254740993'], b: null }],
    ['(repeat(\'[\', 64) || repeat(\']\', 64))::json', 'json', JSON.parse(`${'['.repeat(64)}${']'.repeat(64)}`) as Json],
    ['(repeat(\'[\', 65) || repeat(\']\', 65))::json', 'json', `${'['.repeat(65)}${']'.repeat(65)}`],
    ['\'\\x00ff\'::bytea', 'bytea', 'AP8='],
    ['array[[1, 2], [3, null]]', 'integer[]', [[1, 2], [3, null]]],
    ['array[\'a,b\', \'NULL\', null, \'"q"\']', 'text[]', ['a,b', 'NULL', null, '"q"']],
    ['array[1, 9007199254740993]::int8[]', 'bigint[]', ['1', '9007199254740993']],
    ['array[timestamptz \'2026-11-24 10:00+00\']', 'timestamp with time zone[]', ['2026-11-24T10:00:00Z']],
    ['\'{}\'::int[]', 'integer[]', []],
    ['\'angry\'::mood', 'mood', 'angry'],
    ['\'3f2504e0-4f89-11d3-9a0c-0305e82c3301\'::uuid', 'uuid', '3f2504e0-4f89-11d3-9a0c-0305e82c3301'],
    ['row(1, \'x\')', 'record', '(1,x)'],
    ['int4range(1, 5)', 'int4range', '[1,5)'],
  ])('%s arrives exactly', async (expression, type, value) => {
    const output = await ask(`select ${expression} as value`);
    expect(output.rows).toEqual([{ value }]);
    expect(type.split('|')).toContain(output.columns[0]?.type);
  });

  test('a column of numbers is all numbers or all text', async () => {
    expect((await ask('select n from (values (1::int8), (9007199254740993)) t(n)')).rows).toEqual([{ n: '1' }, { n: '9007199254740993' }]);
  });

  test('a column may have any name', async () => {
    const { rows } = await ask('select 1 as "__proto__", 2 as "constructor"');
    expect(JSON.stringify(rows)).toBe('[{"__proto__":1,"constructor":2}]');
  });
});

describe('limits', () => {
  test('rows past the cap are left out, and that is told', async () => {
    const output = await ask('select id from tickets');
    expect(output).toMatchObject({ row_count: 1000, truncated: true, summary: '1000 rows, more were left out' });
    expect(output.rows).toHaveLength(1000);
    expect(await ask('select id from tickets', { max_rows: 5 })).toMatchObject({ row_count: 5, truncated: true });
    expect(await ask('select id from tickets where id <= 5', { max_rows: 5 })).toMatchObject({ row_count: 5, truncated: false });
  });

  test('a result with large values is cut at its size', async () => {
    const outcome = await toolWith({ limits: { maxResultCharacters: 50_000 } }).execute({ data_source: 'support', query: 'select id, repeat(\'x\', 10000) as body from tickets' }, contextWith());
    expect(outcome.output).toMatchObject({ row_count: 4, truncated: true });
  });

  test('a result beyond what may be received tears the connection down', async () => {
    const running = toolWith({ limits: { maxReceivedBytes: 200_000 } }).execute({ data_source: 'support', query: 'select repeat(\'x\', 10000) as body from tickets' }, contextWith());
    expect(await failureOf(running)).toMatchObject({ code: 'TOOL_REFUSED', message: expect.stringContaining('larger than 0.2 MB') });
    expect((await ask('select 1 as alive')).rows).toEqual([{ alive: 1 }]);
  });
});

describe('refusals', () => {
  test.each([
    ['a write', 'delete from tickets'],
    ['two statements', 'select 1; delete from tickets'],
    ['a function that is not allowed', 'select pg_sleep(1)'],
  ])('%s is refused without a connection being opened', async (_name, query) => {
    const tool = createRunSqlTool({ dataSources: [sourceOf('support', 'postgres://nobody@127.0.0.1:1/none')] });
    expect(await failureOf(tool.execute({ data_source: 'support', query }, contextWith()))).toMatchObject({ code: 'TOOL_REFUSED' });
  });

  test('Maestro\'s own database is never read, whatever it is called', async () => {
    expect(await failureOf(ask('select 1', { data_source: 'own' }))).toMatchObject({ code: 'TOOL_REFUSED', message: expect.stringContaining('own database') });
    const byAddress = createRunSqlTool({ dataSources: [sourceOf('x', 'postgres://a:b@localhost:5432/maestro?sslmode=disable')], ownDatabaseUrl: 'postgres://other@127.0.0.1/maestro' });
    expect(await failureOf(byAddress.execute({ data_source: 'x', query: 'select 1' }, contextWith()))).toMatchObject({ code: 'TOOL_REFUSED' });
  });

  test.each([
    ['a function behind a dot', 'select t.tickets_secret from tickets t'],
    ['an overload of an allowed function', 'select lower(\'angry\'::mood)'],
    ['an operator of somebody\'s own', 'select \'a\'::text &&& \'b\'::text'],
  ])('%s is refused by the session', async (_name, query) => {
    expect(await failureOf(ask(query))).toMatchObject({ code: 'TOOL_REFUSED', message: expect.stringContaining('somebody\'s own making') });
  });

  test('a string literal that another dialect would read differently stays a literal', async () => {
    const client = new pg.Client({ connectionString: source.connectionString });
    await client.connect();
    await client.query('set standard_conforming_strings = off');
    expect((await ask('select \'\\\' as a, \' , (select count(*) from tickets) --\' as b')).rows).toEqual([{ a: '\\', b: ' , (select count(*) from tickets) --' }]);
    await client.query('set standard_conforming_strings = on');
    await client.end();
  });

  test('an unknown data source names those there are', async () => {
    expect(await failureOf(ask('select 1', { data_source: 'toString' }))).toMatchObject({ code: 'TOOL_INPUT_INVALID', message: expect.stringContaining('own, support') });
  });

  test('without data sources the tool says what to set', async () => {
    const tool = createRunSqlTool({ dataSources: [] });
    expect(tool.missingConfiguration).toContain('MAESTRO_DATA_SOURCES');
    expect(await failureOf(tool.execute({ data_source: 'x', query: 'select 1' }, contextWith()))).toMatchObject({ code: 'TOOL_NOT_CONFIGURED' });
  });
});

describe('trouble', () => {
  test('a mistake in the query comes back in the server\'s words', async () => {
    expect(await failureOf(ask('select subjekt from tickets'))).toMatchObject({ code: 'TOOL_FAILED', message: expect.stringMatching(/column "subjekt" does not exist \(at character 8\)/), details: { sqlstate: '42703' } });
    expect(await failureOf(ask('select 1 / 0'))).toMatchObject({ code: 'TOOL_FAILED', message: expect.stringContaining('division by zero') });
    expect((await ask('select 1 as alive')).rows).toEqual([{ alive: 1 }]);
  });

  test('a server that is not there is unavailable, and its address and password are not told', async () => {
    const tool = createRunSqlTool({ dataSources: [sourceOf('support', 'postgres://user:hunter2@127.0.0.1:1/none')] });
    const error = await failureOf(tool.execute({ data_source: 'support', query: 'select 1' }, contextWith()));
    expect(error).toMatchObject({ code: 'TOOL_UNAVAILABLE', retryable: true });
    expect(error.message).not.toMatch(/hunter2|127\.0\.0\.1/);
  });

  describe('with a server that takes the query and never answers', () => {
    let server: Server;
    let silent: string;
    beforeAll(async () => {
      server = createServer((socket) => { socket.on('error', () => {}); socket.resume(); });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      silent = `postgres://user@127.0.0.1:${(server.address() as AddressInfo).port}/none`;
    });
    afterAll(() => new Promise<void>((resolve) => { server.close(() => resolve()); }));

    test('the call ends at its deadline', async () => {
      const tool = createRunSqlTool({ dataSources: [sourceOf('silent', silent)], limits: { deadlineMs: 200 } });
      expect(await failureOf(tool.execute({ data_source: 'silent', query: 'select 1' }, contextWith()))).toMatchObject({ code: 'TOOL_TIMEOUT' });
    });

    test('an abort ends the call with the signal\'s reason', async () => {
      const controller = new AbortController();
      const reason = new Error('run cancelled');
      const running = createRunSqlTool({ dataSources: [sourceOf('silent', silent)] }).execute({ data_source: 'silent', query: 'select 1' }, contextWith(controller.signal));
      controller.abort(reason);
      await expect(running).rejects.toBe(reason);
    });
  });

  test.each([['at once is tried again', 60_000, 'TOOL_UNAVAILABLE'], ['after it ran long is stopped for good: the query may be what ended the server', 0, 'TOOL_TIMEOUT']])('a connection lost to the query %s', async (_name, longQueryMs, code) => {
    // Passes everything on until the query itself comes, then hangs up.
    const target = new URL(source.connectionString);
    const proxy = createServer((socket) => {
      const upstream = connect(Number(target.port), target.hostname);
      for (const end of [socket, upstream]) end.on('error', () => {}).on('close', () => { socket.destroy(); upstream.destroy(); });
      socket.on('data', (chunk) => { if (chunk.includes('maestro_result')) socket.destroy(); else upstream.write(chunk); });
      upstream.pipe(socket);
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const through = Object.assign(new URL(source.connectionString), { hostname: '127.0.0.1', port: String((proxy.address() as AddressInfo).port) }).href;
    const tool = createRunSqlTool({ dataSources: [sourceOf('support', through)], limits: { longQueryMs } });
    expect(await failureOf(tool.execute({ data_source: 'support', query: 'select 1' }, contextWith()))).toMatchObject({ code });
    await new Promise<void>((resolve) => { proxy.close(() => resolve()); });
  });

  // PGlite cannot interrupt itself (and runs inside this very process); the runner repeats this file on a real server.
  describe.runIf(Boolean(process.env['MAESTRO_TEST_DATABASE_URL']))('with a server that can be interrupted', () => {
    const forever = 'select count(*) from generate_series(1, 100000000000) n where n::text = \'x\'';
    const isStillRunning = async (): Promise<boolean> => {
      const client = new pg.Client({ connectionString: source.connectionString });
      await client.connect();
      const { rows } = await client.query('select 1 from pg_stat_activity where datname = current_database() and application_name = \'maestro run_sql\' and state = \'active\'');
      await client.end();
      return rows.length > 0;
    };
    /** Until the server is in the state; the test's own time limit is the bound. */
    const until = async (isRunning: boolean): Promise<void> => {
      while ((await isStillRunning()) !== isRunning);
    };

    test('a query past its time is stopped by the server', async () => {
      const tool = toolWith({ limits: { statementTimeoutMs: 200 } });
      expect(await failureOf(tool.execute({ data_source: 'support', query: forever }, contextWith()))).toMatchObject({ code: 'TOOL_TIMEOUT' });
      await until(false);
    });

    test('an abort stops the query on the server as well', async () => {
      const controller = new AbortController();
      const running = toolWith().execute({ data_source: 'support', query: forever }, contextWith(controller.signal));
      running.catch(() => {});
      await until(true);
      controller.abort(new Error('cancelled'));
      await expect(running).rejects.toThrow('cancelled');
      await until(false);
    });
  });

  test('many queries at once do not see each other', async () => {
    const results = await Promise.all(Array.from({ length: 8 }, (_item, n) => ask(`select ${n} as n, count(*) as c from tickets`)));
    expect(results.map(({ rows }) => rows)).toEqual(Array.from({ length: 8 }, (_item, n) => [{ n, c: 1500 }]));
  });
});

describe('what policy and people see', () => {
  test('facts name source, tables and functions', () => {
    expect(toolWith().facts({ data_source: 'support', query: 'select lower(a) from x.t, tickets' })).toEqual({ data_source: 'support', tables: ['tickets', 'x.t'], columns: ['*.a'], private_columns: [], functions: ['lower'], row_limit: 1_000 });
    expect(toolWith().facts({ data_source: 'support', query: 'drop table x' })).toMatchObject({ data_source: 'support', refused: expect.stringContaining('DROP') });
    expect(toolWith().effectSentence({ data_source: 'support', query: 'select * from tickets' })).toBe('Read tickets from the data source support');
  });
});
