import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createApprovalWorld } from '../../tests/support/approvals.ts';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database.ts';
import { addRun } from '../../tests/support/run-records.ts';
import { finishRun, recordPhase } from './finish-run.ts';

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

test('those who are to hear that a request was withdrawn do so at once', async () => {
  const world = createApprovalWorld(database.db);
  const [asking, silent] = [await world.ask(), await world.propose()];
  const wake = vi.fn(async () => undefined);
  for (const { runId } of [asking, silent]) await finishRun({ ...world.deps, notifier: { wake } }, { runId, phase: 'failed', end: { code: 'INTERNAL', message: 'It broke.' } });
  expect(wake).toHaveBeenCalledOnce();
});
