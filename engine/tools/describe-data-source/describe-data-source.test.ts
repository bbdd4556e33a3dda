import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase } from '../../../tests/support/database.ts';
import { type RealPostgres, startRealPostgres } from '../../../tests/support/real-postgres.ts';
import { callContext, dataSourceOf } from '../../../tests/support/tools.ts';
import type { DataSourceAccess } from '../run-sql/index.ts';
import { createDescribeDataSourceTool, listReadableTables } from './index.ts';

const setUp = `
  create table customers (id int generated always as identity primary key, name text not null, vip boolean);
  comment on table customers is 'Who buys';
  create table orders (id int primary key, customer_id int not null references customers, total numeric(10,2), placed_at timestamptz, tags text[]);
  comment on column orders.total is 'In euro';
  insert into customers (name) select 'c' || n from generate_series(1, 50) n;
  insert into orders select n, n, n, now(), '{}' from generate_series(1, 50) n;
  create view big_orders as select id, total from orders where total > 100;
  create materialized view totals as select sum(total) as total from orders;
  create schema sales;
  create table sales.regions (code text primary key, "Full name" text);
  create table sales."odd.name" (id int);
  create table parts (id int, at date) partition by range (at);
  create table parts_2026 partition of parts for values from ('2026-01-01') to ('2027-01-01');
  analyze customers;`;

const toSource = (connectionString: string, given: Partial<DataSourceAccess> = {}): DataSourceAccess => dataSourceOf('shop', connectionString, given);
const context = callContext();
const everything = { maxTables: 100, maxColumns: 1_000 };

let real: RealPostgres;
let pglite: Awaited<ReturnType<typeof createTestDatabase>>;
let limited: string;
beforeAll(async () => {
  [real, pglite] = await Promise.all([startRealPostgres(), createTestDatabase({ migrate: false })]);
  for (const { connectionString } of [real, pglite]) {
    const client = new pg.Client({ connectionString });
    await client.connect();
    await client.query(setUp);
    if (connectionString === real.connectionString) {
      await client.query('create role reader login; grant usage on schema public to reader; grant select on orders to reader; grant select (id) on customers to reader');
    }
    await client.end();
  }
  limited = Object.assign(new URL(real.connectionString), { username: 'reader' }).href;
});
afterAll(async () => {
  await Promise.all([real.stop(), pglite.close()]);
});

describe.each([['PostgreSQL', () => real.connectionString], ['PGlite', () => pglite.connectionString]])('on %s', (_kind, connectionString) => {
  const list = (given: Partial<DataSourceAccess> = {}, options: Parameters<typeof listReadableTables>[1] = everything) => listReadableTables(toSource(connectionString(), given), options, context.signal);

  test('tables and views come with columns, types, keys, references, comments and estimates, and none twice', async () => {
    const { items, isTruncated, total, names } = await list();
    expect(items.map(({ name, kind }) => [name, kind])).toEqual([
      ['big_orders', 'view'], ['customers', 'table'], ['orders', 'table'], ['parts', 'table'], ['totals', 'materialized_view'], ['sales."odd.name"', 'table'], ['sales.regions', 'table'],
    ]);
    expect({ isTruncated, total, names }).toEqual({ isTruncated: false, total: 7, names: items.map(({ name }) => name) });
    expect(items.find(({ name }) => name === 'customers')).toEqual({
      name: 'customers', kind: 'table', comment: 'Who buys', estimated_rows: 50,
      columns: [
        { name: 'id', type: 'integer', is_nullable: false, is_primary_key: true, references: null, comment: null },
        { name: 'name', type: 'text', is_nullable: false, is_primary_key: false, references: null, comment: null },
        { name: 'vip', type: 'boolean', is_nullable: true, is_primary_key: false, references: null, comment: null },
      ],
    });
    const orders = items.find(({ name }) => name === 'orders');
    expect(orders?.estimated_rows).toBeNull();
    expect(orders?.columns.slice(1)).toMatchObject([
      { name: 'customer_id', references: 'customers.id' }, { name: 'total', type: 'numeric(10,2)', comment: 'In euro' }, { name: 'placed_at', type: 'timestamp with time zone' }, { name: 'tags', type: 'text[]' },
    ]);
  });

  test('what the data source does not allow is told nowhere, not even as a reference', async () => {
    const { items, total } = await list({ readableTables: ['orders', 'sales.*'] });
    expect(items.map(({ name }) => name)).toEqual(['orders', 'sales."odd.name"', 'sales.regions']);
    expect(total).toBe(3);
    expect(JSON.stringify(items)).not.toContain('customers');
  });

  test('what does not fit is left out by whole tables, and that is told with the names', async () => {
    expect(await list({}, { maxTables: 2, maxColumns: 1_000 })).toMatchObject({ isTruncated: true, total: 7, items: [{ name: 'big_orders' }, { name: 'customers' }] });
    expect(await list({}, { maxTables: 100, maxColumns: 4 })).toMatchObject({ isTruncated: true, items: [{ name: 'big_orders' }] });
    expect((await list({}, { maxTables: 100, maxColumns: 1 })).items).toMatchObject([{ name: 'big_orders', columns: [{}, {}] }]);
  });

  test('the tool describes one table by any of its names, and names the others for one that is not there', async () => {
    const tool = createDescribeDataSourceTool({ dataSources: [toSource(connectionString())] });
    for (const table of ['sales.regions', 'regions', 'sales."regions"']) {
      expect((await tool.execute({ data_source: 'shop', table }, context)).output, table).toEqual({
        tables: [{ name: 'sales.regions', kind: 'table', columns: [{ name: 'code', type: 'text', nullable: false, primary_key: true }, { name: 'Full name', type: 'text', nullable: true }] }], table_count: 7, truncated: false,
      });
    }
    await expect(tool.execute({ data_source: 'shop', table: 'x\' or true --' }, context)).rejects.toMatchObject({ code: 'TOOL_INPUT_INVALID', message: expect.stringMatching(/There is no table "x' or true --".*customers, orders/) });
  });
});

test('a role sees the tables and columns it may select, and a reference only to what it may see', async () => {
  const { items } = await listReadableTables(toSource(limited), everything, context.signal);
  expect(items.map(({ name, columns }) => [name, columns.map((column) => column.name)])).toEqual([['customers', ['id']], ['orders', ['id', 'customer_id', 'total', 'placed_at', 'tags']]]);
  expect(items[1]?.columns[1]?.references).toBe('customers.id');
});

test('a data source with a problem says so, and one that is Maestro\'s own is refused by address and by what it holds', async () => {
  const own = await createTestDatabase();
  const broken = toSource('postgres://nobody@127.0.0.1:1/none', { problem: 'The stored password of shop cannot be used.' });
  await expect(createDescribeDataSourceTool({ dataSources: [broken] }).execute({ data_source: 'shop' }, context)).rejects.toMatchObject({ code: 'TOOL_NOT_CONFIGURED', message: expect.stringContaining('password') });
  const tool = createDescribeDataSourceTool({ dataSources: [toSource(own.connectionString)], ownDatabaseUrl: own.connectionString });
  await expect(tool.execute({ data_source: 'shop' }, context)).rejects.toMatchObject({ code: 'TOOL_REFUSED' });
  await expect(listReadableTables(toSource(own.connectionString), everything, context.signal)).rejects.toMatchObject({ code: 'TOOL_REFUSED' });
  await own.close();
});
