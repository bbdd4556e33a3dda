import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database.ts';
import { addRun } from '../../tests/support/run-records.ts';
import { recordPhase } from './finish-run.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

test.each(['a\u0000b', '\uD800'])('a hold and its end are recorded whatever the name of who asked for them (%j)', async (by) => {
  const runId = await addRun(database.db);
  for (const phase of ['paused', 'running'] as const) await recordPhase(database, { runId, phase, by });
  const entries = await database.db.selectFrom('audit_log').select(['action', 'actor_name']).where('object_id', '=', runId).orderBy('sequence').execute();
  expect(entries.map(({ action }) => action)).toEqual(['run.paused', 'run.resumed']);
  expect(entries.every(({ actor_name: name }) => name.includes('\uFFFD'))).toBe(true);
});
