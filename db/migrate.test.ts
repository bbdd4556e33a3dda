import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../tests/support/database.ts';
import { listPendingMigrations, migrateDown, migrateToLatest } from './migrate.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ migrate: false });
});
afterAll(() => database.close());

const countTables = async (): Promise<number> => {
  const { rows } = await sql<{ count: number }>`select count(*) from information_schema.tables where table_schema = 'public' and table_name not like 'kysely_%'`.execute(database.db);
  return rows[0]?.count ?? 0;
};

test('migrations go up, down to nothing, and up again', async () => {
  expect(await listPendingMigrations(database.db)).not.toEqual([]);
  await migrateToLatest(database.db);
  const tables = await countTables();
  expect(tables).toBeGreaterThan(15);
  expect(await listPendingMigrations(database.db)).toEqual([]);
  while ((await migrateDown(database.db)).length > 0);
  expect(await countTables()).toBe(0);
  await migrateToLatest(database.db);
  expect(await countTables()).toBe(tables);
});

test('running the migrations again changes nothing', async () => {
  expect(await migrateToLatest(database.db)).toEqual([]);
});

test('two processes may migrate at the same time', async () => {
  while ((await migrateDown(database.db)).length > 0);
  await Promise.all([migrateToLatest(database.db), migrateToLatest(database.db)]);
  expect(await listPendingMigrations(database.db)).toEqual([]);
});
