import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertAgent } from '../../../db/repositories/agents.repository.ts';
import { deleteMemoryRow, insertMemory } from '../../../db/repositories/memories.repository.ts';
import { newId } from '../../../platform/ids.ts';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.ts';
import { describeVectorStore } from '../vector-store.suite.ts';
import { createPgvectorStore } from './pgvector-store.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const addAgent = async (): Promise<string> => {
  const id = newId();
  await insertAgent(database.db, { id, name: id, isDemo: false, createdBy: null });
  return id;
};
const addMemory = async (agentId: string): Promise<string> => {
  const id = newId();
  await insertMemory(database.db, { id, agentId, runId: null, toolCallId: null, kind: 'fact', text: 'something' });
  return id;
};

describeVectorStore('pgvector', async () => ({ store: createPgvectorStore(database.db), addAgent, addMemory }));

test('a vector goes with its memory, and none is stored for a memory that is gone', async () => {
  const store = createPgvectorStore(database.db);
  const agentId = await addAgent();
  const [kept, gone] = [await addMemory(agentId), await addMemory(agentId)];
  await store.upsert('m', [{ memoryId: kept, agentId, embedding: [1, 0] }, { memoryId: gone, agentId, embedding: [1, 0] }]);
  await deleteMemoryRow(database.db, { agentId, memoryId: gone });
  await store.upsert('m', [{ memoryId: gone, agentId, embedding: [1, 0] }]);
  expect((await store.search('m', { agentId, embedding: [1, 0], limit: 10 })).map((hit) => hit.memoryId)).toEqual([kept]);
});

test('a vector without direction is similar to nothing instead of failing', async () => {
  const store = createPgvectorStore(database.db);
  const agentId = await addAgent();
  await store.upsert('m', [{ memoryId: await addMemory(agentId), agentId, embedding: [0, 0] }]);
  const found = await store.search('m', { agentId, embedding: [1, 0], limit: 10 });
  expect(found.every((hit) => hit.similarity === 0)).toBe(true);
});
