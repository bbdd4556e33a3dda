import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toGoalMessage } from '../engine/reasoning/prompts.ts';
import { newId } from '../platform/ids.ts';
import { createTestDatabase, type TestDatabase } from '../tests/support/database.ts';
import { addRun } from '../tests/support/run-records.ts';
import { insertMemory } from './repositories/memories.repository.ts';
import { insertMessage } from './repositories/messages.repository.ts';
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

test('of memories of before it is not known which tools they came from, and runs under way say that they were given some', async () => {
  await migrateToLatest(database.db);
  const { db } = database;
  const runId = await addRun(db);
  const { agent_id: agentId } = await db.selectFrom('runs').select('agent_id').where('id', '=', runId).executeTakeFirstOrThrow();
  await insertMemory(db, { id: newId(), agentId, runId, toolCallId: null, kind: 'fact', text: 'kept' });
  await insertMessage(db, { id: newId(), runId, iteration: 1, source: 'system', text: toGoalMessage({ goal: 'Go.' }, ['kept']) });
  while (!(await listPendingMigrations(db)).includes('20261130000300_origins')) await migrateDown(db);
  await migrateToLatest(db);
  expect(await db.selectFrom('memories').select(['text', 'came_from']).execute()).toEqual([{ text: 'kept', came_from: null }]);
  const recalled = (await db.selectFrom('messages').select('recalled').where('run_id', '=', runId).execute()).flatMap((message) => message.recalled ?? []);
  expect(recalled).toEqual([{ came_from: null, text: expect.stringMatching(/^What you remember[^]*- kept/) as string }]);
});
