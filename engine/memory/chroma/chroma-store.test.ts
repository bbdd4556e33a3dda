import { describe, expect, test } from 'vitest';
import { newId } from '../../../platform/ids.ts';
import { describeVectorStore } from '../vector-store.suite.ts';
import { createChromaStore } from './chroma-store.ts';

const url = process.env['CHROMA_TEST_URL'] ?? '';

// A real server is not part of the project's packages: `pip install chromadb==1.5.9`, `chroma run --host 127.0.0.1 --port 8001`.
describe.skipIf(url === '')('ChromaDB at CHROMA_TEST_URL', () => {
  describeVectorStore('ChromaDB', async () => ({ store: createChromaStore(url), addAgent: async () => newId(), addMemory: async () => newId() }));
});

test('a server that cannot be reached fails every call instead of hanging', async () => {
  const store = createChromaStore('http://127.0.0.1:9');
  await expect(store.ping()).rejects.toThrow();
  await expect(store.search('m', { agentId: newId(), embedding: [1], limit: 1 })).rejects.toThrow();
  await expect(store.upsert('m', [{ memoryId: newId(), agentId: newId(), embedding: [1] }])).rejects.toThrow();
});
