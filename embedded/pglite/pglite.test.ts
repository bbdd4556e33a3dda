import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../../tests/support/until.ts';
import { type PgliteProcess, startPglite } from './start-pglite.ts';

let folder: string;
let server: PgliteProcess;
const start = (): Promise<PgliteProcess> => startPglite({ dataDir: join(folder, 'database'), port: 0, content: 'maestro' });
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maestro-pglite-'));
  server = await start();
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const pools = (count: number, max: number): pg.Pool[] => Array.from({ length: count }, () => {
  const pool = new pg.Pool({ connectionString: server.connectionString, max });
  pool.on('error', () => undefined);
  return pool;
});

test('several pools with statements and transactions at once get their own rows, and every transaction counts', async () => {
  const all = pools(3, 8);
  await all[0]?.query('create table counters (id int primary key, value int not null)');
  await all[0]?.query('insert into counters values (1, 0)');
  const transact = async (pool: pg.Pool): Promise<void> => {
    const client = await pool.connect();
    try {
      await client.query('begin');
      const { rows } = await client.query<{ value: number }>('select value from counters where id = $1 for update', [1]);
      await client.query('update counters set value = $1 where id = $2', [(rows[0]?.value ?? 0) + 1, 1]);
      await client.query('commit');
    } finally {
      client.release();
    }
  };
  const ask = async (pool: pg.Pool, n: number): Promise<void> => {
    const { rows } = await pool.query<{ a: number; b: string }>('select $1::int as a, $2::text as b', [n, `row ${n}`]);
    expect(rows).toEqual([{ a: n, b: `row ${n}` }]);
  };
  await Promise.all(all.flatMap((pool, index) => Array.from({ length: 40 }, (_, n) => (n % 4 === 0 ? transact(pool) : ask(pool, index * 100 + n)))));
  const { rows } = (await all[0]?.query('select value from counters')) ?? {};
  expect(rows).toEqual([{ value: 30 }]);
  await Promise.all(all.map((pool) => pool.end()));
});

test('a client that dies inside a transaction holds nobody up, and its changes are gone', async () => {
  const [pool] = pools(1, 4) as [pg.Pool];
  await pool.query('create table notes (text text)');
  const dying = new pg.Client({ connectionString: server.connectionString });
  dying.on('error', () => undefined);
  await dying.connect();
  await dying.query('begin');
  await dying.query("insert into notes values ('half')");
  const waiting = pool.query('select count(*)::int as count from notes');
  (dying as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
  expect((await waiting).rows).toEqual([{ count: 0 }]);
  await pool.end();
});

test('a second process waits for the data instead of opening it too, and what was committed survives kill -9', async () => {
  const [pool] = pools(1, 2) as [pg.Pool];
  await pool.query('create table kept (text text)');
  await pool.query("insert into kept values ('committed')");
  const first = server;
  const second = start();
  let isOpen = false;
  void second.then(() => (isOpen = true));
  await pool.query('select 1');
  expect(isOpen).toBe(false);
  await first.kill();
  server = await second;
  const again = new pg.Client({ connectionString: server.connectionString });
  await again.connect();
  expect((await again.query('select text from kept')).rows).toEqual([{ text: 'committed' }]);
  await again.end();
  await pool.end().catch(() => undefined);
});

test('it ends by itself when the process that started it is killed', async () => {
  const { execFile } = await import('node:child_process');
  const starter = `
    import { startPglite } from ${JSON.stringify(new URL('./start-pglite.ts', import.meta.url).href)};
    const { pid } = await startPglite({ dataDir: 'memory://', port: 0, content: 'maestro' });
    console.log(pid);
    process.kill(process.pid, 'SIGKILL');`;
  const pid = await new Promise<number>((resolve) => execFile(process.execPath, ['--input-type=module', '-e', starter], (_error, stdout) => resolve(Number(stdout))));
  expect(pid).toBeGreaterThan(0);
  await until('the database process to end', () => {
    try {
      process.kill(pid, 0);
      return false;
    } catch {
      return true;
    }
  });
});

test('the demo data has 47 tickets of today, none of them in the future, at any time zone and hour', async () => {
  const tickets = await startPglite({ dataDir: 'memory://', port: 0, content: 'tickets' });
  const client = new pg.Client({ connectionString: tickets.connectionString });
  await client.connect();
  const figures = 'select count(*) filter (where created_at >= current_date)::int as today, count(*) filter (where created_at > now())::int as future, count(distinct id)::int = count(*)::int as is_unique, count(*)::int > 200 as has_older from tickets';
  for (const zone of ['UTC', 'Pacific/Kiritimati', 'America/Los_Angeles']) {
    await client.query(`set timezone to '${zone}'`);
    expect((await client.query(figures)).rows).toEqual([{ today: 47, future: 0, is_unique: true, has_older: true }]);
  }
  await client.end();
  await tickets.stop();
});
