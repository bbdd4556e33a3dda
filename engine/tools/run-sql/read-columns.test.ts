import { describe, expect, test } from 'vitest';
import { createRunSqlTool } from './run-sql.ts';

const toolWith = (privateColumns: string[], maxRows = 1_000) =>
  createRunSqlTool({ dataSources: [{ name: 'shop', connectionString: 'postgres://localhost/shop', description: '', readableTables: null, privateColumns, maxRows, statementTimeoutMs: 1_000, problem: null }] });
const factsOf = (query: string, privateColumns: string[] = []) => toolWith(privateColumns).facts({ data_source: 'shop', query });

describe('columns a query reads', () => {
  test.each<[string, string[]]>([
    ['select email, name from customers', ['customers.email', 'customers.name']],
    ['select c.email from customers c where c.id = 3', ['customers.email', 'customers.id']],
    ['select * from customers', ['customers.*']],
    ['table customers', ['customers.*']],
    ['select o.*, c.email from orders o join customers c on c.id = o.customer_id', ['customers.email', 'customers.id', 'orders.*', 'orders.customer_id']],
    ['select email from customers, orders', ['*.email']],
    ['select c from customers c', ['customers.*']],
    ['select row_to_json(c) from customers c', ['customers.*']],
    ['select customers.email from crm.customers', ['crm.customers.email']],
    ['select crm.customers.email from crm.customers', ['crm.customers.email']],
    ['select count(*) from customers', []],
    ['select 1 from customers order by email', ['customers.email']],
    ['select id from customers where exists (select 1 from orders o where o.note like email)', ['*.email', '*.id', 'orders.note']],
    ['with x as (select email from customers) select email from x', ['customers.email']],
    ['select * from a join b using (key)', ['*.key', 'a.*', 'b.*']],
    ['select * from a natural join b', ['a.*', 'b.*']],
    ['select max("E-Mail") from customers', ['customers.E-Mail']],
  ])('%s', (query, columns) => {
    expect(factsOf(query)).toMatchObject({ columns });
  });
});

describe('private columns', () => {
  const patterns = ['customers.email', 'hr.salaries.*'];
  test.each<[string, string[]]>([
    ['select email from customers', ['customers.email']],
    ['select email from public.customers', ['customers.email']],
    ['select name from customers where email like \'a%\'', ['customers.email']],
    ['select * from customers', ['customers.email']],
    ['select c from customers c', ['customers.email']],
    ['select email from customers, orders', ['customers.email']],
    ['select email from (select * from customers) x', ['customers.email']],
    ['select amount from hr.salaries', ['hr.salaries.*']],
    ['select name from customers', []],
    ['select count(*) from customers', []],
    ['select email from suppliers', []],
    ['select email from crm.customers', []],
    ['select amount from salaries', []],
    ['drop table customers', []],
  ])('%s', (query, found) => {
    expect(factsOf(query, patterns)).toMatchObject({ private_columns: found });
    expect(toolWith(patterns).risk({ data_source: 'shop', query })).toBe(found.length > 0 ? 'HIGH' : 'MEDIUM');
  });
  test('are told to whoever approves', () => {
    expect(toolWith(patterns).effectSentence({ data_source: 'shop', query: 'select email from customers' })).toBe('Read customers from the data source shop, private columns among it: customers.email');
  });
});

test('the rows a query may return are the least of what it asks for, what it says and what the source allows', () => {
  const limitOf = (query: string, max_rows?: number) => toolWith([], 8_000).facts({ data_source: 'shop', query, max_rows })['row_limit'];
  expect([limitOf('select 1'), limitOf('select 1', 10_000), limitOf('select 1', 20), limitOf('select 1 limit 5', 20), limitOf('select 1 limit 0'), limitOf('select 1 limit 3 + 3')]).toEqual([8_000, 8_000, 20, 5, 0, 8_000]);
  expect(toolWith([], 8_000).risk({ data_source: 'shop', query: 'select 1', max_rows: 5_001 })).toBe('HIGH');
  expect(toolWith([], 8_000).risk({ data_source: 'shop', query: 'select 1', max_rows: 5_000 })).toBe('MEDIUM');
});
