import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '../../platform/ids.ts';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database.ts';
import { addRun, recordTurn } from '../../tests/support/run-records.ts';
import { insertMemory } from './memories.repository.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

/** What is kept of the origin of a memory of a call whose checks had these facts. */
async function originOf(checks: readonly object[]): Promise<string[] | null> {
  const { db } = database;
  const runId = await addRun(db);
  const [toolCallId = ''] = await recordTurn(db, { runId, iteration: 1, calls: [{ toolName: 'run_sql', arguments: {} }] });
  const { agent_id: agentId } = await db.selectFrom('runs').select('agent_id').where('id', '=', runId).executeTakeFirstOrThrow();
  for (const [index, facts] of checks.entries()) {
    await db.insertInto('safety_checks').values({
      id: newId(), tool_call_id: toolCallId, run_id: runId, arguments_hash: `h${index}`, facts: JSON.stringify(facts),
      risk_level: 'LOW', verdict: 'allow', reason: '', policy_version: 'p', matched_rules: '[]', agent_id: agentId, tool_name: 'run_sql', effect: 'none', problems: '[]',
    }).execute();
  }
  const id = newId();
  await insertMemory(db, { id, agentId, runId, toolCallId, kind: 'episode', text: 'kept' });
  return (await db.selectFrom('memories').select('came_from').where('id', '=', id).executeTakeFirstOrThrow()).came_from;
}

test('a memory comes from the tool of its call and from those the arguments were copied from', async () => {
  expect(await originOf([{ taint: { read_from: ['web_search'], copied_from: [] } }])).toEqual(['run_sql']);
  expect(await originOf([{}, { taint: { copied_from: ['web_search'] } }, { taint: { copied_from: ['memory', 'run_sql'] } }])).toEqual(['memory', 'run_sql', 'web_search']);
});

test('where no check of its call says what the arguments were copied from, it is not known what a memory comes from', async () => {
  expect(await originOf([])).toBeNull();
  expect(await originOf([{ row_limit: 10 }])).toBeNull();
});
