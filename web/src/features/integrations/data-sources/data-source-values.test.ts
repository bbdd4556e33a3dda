import { createDataSourceBodySchema, type DataSource, dataSourceSchema, testDataSourceBodySchema, updateDataSourceBodySchema } from '@contracts/data-sources.ts';
import { expect, test } from 'vitest';
import { emptyDataSourceValues, isOtherPlace, splitPassword, toCreateBody, toDataSourceField, toDataSourceValues, toTestBody, toUpdateBody } from './data-source-values.ts';
import { readerRoleSql, splitReaderSql } from './reader-role.ts';

const stored: DataSource = dataSourceSchema.parse({
  id: '0197f000-0000-7000-8000-000000000001', name: 'shop', description: 'Orders.', url: 'postgres://reader@db.example.com/shop', has_password: true, readable_tables: ['orders', 'sales.*'], private_columns: ['orders.card'],
  max_rows: 1_000, statement_timeout_seconds: 30, is_enabled: true, is_built_in: false, state: 'healthy', last_test: null, used_by_agents: [], version: 3, updated_at: null, updated_by: null,
});
const keep = { kind: 'keep' } as const;

test('a data source opened for editing and saved as it is changes nothing', () => {
  expect(toUpdateBody(toDataSourceValues(stored), keep, stored)).toBeUndefined();
  expect(toUpdateBody(toDataSourceValues(stored), { kind: 'replace', value: '' }, stored)).toBeUndefined();
});

test('private columns are a line each, sent when they changed', () => {
  const values = toDataSourceValues(stored);
  expect(values.private_columns).toBe('orders.card');
  expect(toUpdateBody({ ...values, private_columns: 'orders.card\n customers.* \n' }, keep, stored)).toEqual({ private_columns: ['orders.card', 'customers.*'], version: 3 });
});

test('only what was changed is sent, against the version that was opened', () => {
  const body = toUpdateBody({ ...toDataSourceValues(stored), tables: 'all', max_rows: '2 000' }, { kind: 'remove' }, stored);
  expect(body).toEqual({ password: null, readable_tables: null, max_rows: 2_000, version: 3 });
  expect(updateDataSourceBodySchema.safeParse(body).success).toBe(true);
});

test('a password is sent as it was typed, spaces and all, and at no other time', () => {
  expect(toUpdateBody(toDataSourceValues(stored), { kind: 'replace', value: ' p w ' }, stored)).toEqual({ password: ' p w ', version: 3 });
  expect(toTestBody(toDataSourceValues(stored), keep, stored.id)).toEqual({ url: stored.url, data_source_id: stored.id });
  expect(testDataSourceBodySchema.parse(toTestBody({ ...emptyDataSourceValues, url: ` ${stored.url} ` }, { kind: 'replace', value: 'x' }))).toEqual({ url: stored.url, password: 'x' });
});

test('tables are one a line, and all of them need none', () => {
  const values = { ...emptyDataSourceValues, name: 'shop', url: stored.url, readable_tables: ' orders \n\nsales.*' };
  expect(toCreateBody(values, keep).body.readable_tables).toBeNull();
  const { body, issues } = toCreateBody({ ...values, tables: 'some' }, keep);
  expect(issues).toEqual([]);
  expect(createDataSourceBodySchema.parse(body).readable_tables).toEqual(['orders', 'sales.*']);
});

test('what is wrong is said once for each field, in the order of the form, in words of the form', () => {
  const { issues } = toCreateBody({ ...emptyDataSourceValues, name: 'My Shop', url: 'mysql://a/b', tables: 'some', readable_tables: 'orders\nno such', max_rows: '0', statement_timeout_seconds: '' }, keep);
  expect(issues.map(({ path }) => path)).toEqual(['name', 'url', 'readable_tables', 'max_rows', 'statement_timeout_seconds']);
  expect(issues[2]?.message).toMatch(/^no such: Write table/);
  expect(toCreateBody({ ...emptyDataSourceValues, name: 'shop', url: stored.url, tables: 'some' }, keep).issues).toEqual([{ path: 'readable_tables', message: 'Name at least one table, at most 500.' }]);
});

test.each([
  ['postgres://reader:s3cret@db.example.com/shop', { url: 'postgres://reader@db.example.com/shop', password: 's3cret' }],
  ['postgresql://reader:p%40ss@h/d?sslmode=require', { url: 'postgresql://reader@h/d?sslmode=require', password: 'p@ss' }],
  ['postgres://reader:p@ss%@h/d', { url: 'postgres://reader@h/d', password: 'p@ss%' }],
  ['postgres://reader:@h/d', { url: 'postgres://reader@h/d', password: '' }],
])('the password pasted with %s is taken out of it', (url, parts) => {
  expect(splitPassword(url)).toEqual(parts);
});

test.each(['postgres://reader@db.example.com:5433/shop', 'postgres://reader:half', 'postgres://reader:half@', 'https://a:b@c/', ''])('%j holds no password to take out', (url) => {
  expect(splitPassword(url)).toBeUndefined();
});

test.each([
  ['postgres://reader@db.example.com:5432/shop', false], ['postgresql://reader@db.example.com/shop?sslmode=require', false], ['postgres://other@db.example.com/shop', true],
  ['postgres://reader@db.example.com/other', true], ['postgres://reader@db2.example.com/shop', true], ['postgres://', false],
])('at %j the stored password stays behind: %s', (url, isLeft) => {
  expect(isOtherPlace(url, stored)).toBe(isLeft);
});

test('issues of the api about one table land on the field of all', () => {
  expect(toDataSourceField('readable_tables.2')).toBe('readable_tables');
  expect(toDataSourceField('data_source_id')).toBeUndefined();
});

test('the SQL of a role that reads names the tables, quoted, and no password', () => {
  const sql = readerRoleSql({ url: 'postgres://admin@h/My%20shop', tables: ['orders', 'sales.*', 'sales."x'] });
  expect(sql).toContain('GRANT CONNECT ON DATABASE "My shop" TO maestro_reader;');
  expect(sql).toContain('GRANT SELECT ON "public"."orders" TO maestro_reader;');
  expect(sql).toContain('GRANT SELECT ON ALL TABLES IN SCHEMA "sales" TO maestro_reader;');
  expect(sql).toContain('GRANT SELECT ON "sales"."""x" TO maestro_reader;');
  expect(sql.match(/GRANT USAGE/g)).toHaveLength(2);
});

test('without names the SQL opens every table of public', () => {
  expect(readerRoleSql({ url: 'nonsense', tables: null })).toContain('GRANT SELECT ON ALL TABLES IN SCHEMA "public" TO maestro_reader;');
});

test('SQL among the warnings of a test is taken out of them, a statement a line', () => {
  expect(splitReaderSql(['It may write.', "A role that only reads is made with: CREATE ROLE r LOGIN PASSWORD 'choose one'; GRANT CONNECT ON DATABASE a TO r;"])).toEqual({
    warnings: ['It may write.'], sql: "CREATE ROLE r LOGIN PASSWORD 'choose one';\nGRANT CONNECT ON DATABASE a TO r;",
  });
  expect(splitReaderSql(['It may write.'])).toEqual({ warnings: ['It may write.'], sql: undefined });
});
