import { beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../platform/ids.ts';
import type { VectorStore } from './vector-store.ts';

/** What a vector store is tested with: ids of agents and memories that exist as far as the store cares. */
export interface VectorStoreFixture {
  store: VectorStore;
  addAgent(): Promise<string>;
  addMemory(agentId: string): Promise<string>;
}

/** The behaviour every vector store has; run by each implementation's own test file. */
export function describeVectorStore(name: string, setUp: () => Promise<VectorStoreFixture>): void {
  describe(`${name} as a vector store`, () => {
    // Models are named afresh, so that a server kept between test runs starts empty.
    const model = `test-model-${newId()}`;
    const search = (agentId: string, embedding: number[], limit = 10, embeddingModel = model) => fixture.store.search(embeddingModel, { agentId, embedding, limit });
    const idsOf = async (found: Promise<{ memoryId: string }[]>): Promise<string[]> => (await found).map((hit) => hit.memoryId);
    let fixture: VectorStoreFixture;
    beforeAll(async () => {
      fixture = await setUp();
    });

    const keep = async (agentId: string, embedding: number[], embeddingModel = model): Promise<string> => {
      const memoryId = await fixture.addMemory(agentId);
      await fixture.store.upsert(embeddingModel, [{ memoryId, agentId, embedding }]);
      return memoryId;
    };

    test('finds the nearest by direction, whatever the length, with cosine similarity', async () => {
      const agentId = await fixture.addAgent();
      const right = await keep(agentId, [5, 0, 0]);
      const between = await keep(agentId, [1, 1, 0]);
      const across = await keep(agentId, [0, 3, 0]);
      const found = await search(agentId, [2, 0, 0]);
      expect(found.map((hit) => hit.memoryId)).toEqual([right, between, across]);
      expect(found[0]?.similarity).toBeCloseTo(1, 4);
      expect(found[1]?.similarity).toBeCloseTo(Math.SQRT1_2, 4);
      expect(found[2]?.similarity).toBeCloseTo(0, 4);
      expect(await idsOf(search(agentId, [2, 0, 0], 1))).toEqual([right]);
    });

    test('never finds what another agent remembers', async () => {
      const [agentId, otherId] = [await fixture.addAgent(), await fixture.addAgent()];
      await keep(otherId, [1, 0, 0]);
      const own = await keep(agentId, [0, 1, 0]);
      expect(await idsOf(search(agentId, [1, 0, 0]))).toEqual([own]);
    });

    test('never compares vectors of different models, whatever their lengths', async () => {
      const agentId = await fixture.addAgent();
      const other = `${model}-of-another-length`;
      await keep(agentId, [1, 0, 0]);
      const short = await keep(agentId, [1, 0], other);
      expect(await idsOf(search(agentId, [1, 0], 10, other))).toEqual([short]);
    });

    test('replaces the vector of a memory that is stored again', async () => {
      const agentId = await fixture.addAgent();
      const memoryId = await keep(agentId, [1, 0, 0]);
      const other = await keep(agentId, [1, 1, 0]);
      await fixture.store.upsert(model, [{ memoryId, agentId, embedding: [0, 0, 1] }]);
      expect(await idsOf(search(agentId, [1, 0, 0]))).toEqual([other, memoryId]);
    });

    test('removes vectors, and passes over those that are not there', async () => {
      const agentId = await fixture.addAgent();
      const memoryId = await keep(agentId, [1, 0, 0]);
      await fixture.store.remove(model, [memoryId, newId()]);
      await fixture.store.remove(model, [memoryId]);
      await fixture.store.remove(model, []);
      expect(await search(agentId, [1, 0, 0])).toEqual([]);
    });

    test('answers nothing for an agent without memories', async () => {
      expect(await search(await fixture.addAgent(), [1, 0, 0])).toEqual([]);
    });

    test('says what it is when asked whether it can be used', async () => {
      await expect(fixture.store.ping()).resolves.toMatch(/\d+\.\d+/);
    });
  });
}
