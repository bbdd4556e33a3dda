import { createHash } from 'node:crypto';
import { ChromaClient, type Collection } from 'chromadb';
import type { VectorStore } from '../vector-store.ts';

/** One collection per embedding model: all vectors of a collection have one length. Names allow letters, digits, `.`, `_` and `-` only. */
const collectionNameOf = (embeddingModel: string): string => `maestro-memories-${createHash('sha256').update(embeddingModel).digest('hex').slice(0, 16)}`;

/** Vectors in a ChromaDB server at `url`. */
export function createChromaStore(url: string): VectorStore {
  const { hostname, port, protocol } = new URL(url);
  const ssl = protocol === 'https:';
  const client = new ChromaClient({ host: hostname, port: port === '' ? (ssl ? 443 : 80) : Number(port), ssl });
  const collections = new Map<string, Promise<Collection>>();

  /** Runs a request on the model's collection; one that was dropped behind our back is made again. */
  async function withCollection<Result>(embeddingModel: string, use: (collection: Collection) => Promise<Result>): Promise<Result> {
    const opened = collections.get(embeddingModel) ?? client.getOrCreateCollection({ name: collectionNameOf(embeddingModel), configuration: { hnsw: { space: 'cosine' } }, metadata: { embedding_model: embeddingModel }, embeddingFunction: null });
    collections.set(embeddingModel, opened);
    try {
      return await use(await opened);
    } catch (error) {
      collections.delete(embeddingModel);
      throw error;
    }
  }

  return {
    name: 'chroma',
    async upsert(embeddingModel, vectors) {
      if (vectors.length === 0) return;
      await withCollection(embeddingModel, (collection) =>
        collection.upsert({
          ids: vectors.map((vector) => vector.memoryId),
          embeddings: vectors.map((vector) => [...vector.embedding]),
          metadatas: vectors.map((vector) => ({ agent_id: vector.agentId })),
        }),
      );
    },
    async search(embeddingModel, { agentId, embedding, limit }) {
      const found = await withCollection(embeddingModel, (collection) =>
        collection.query({ queryEmbeddings: [[...embedding]], nResults: limit, where: { agent_id: agentId }, include: ['distances'] }),
      );
      return (found.ids[0] ?? []).map((memoryId, index) => ({ memoryId, similarity: 1 - (found.distances?.[0]?.[index] ?? 1) }));
    },
    async remove(embeddingModel, memoryIds) {
      if (memoryIds.length > 0) await withCollection(embeddingModel, (collection) => collection.delete({ ids: [...memoryIds] }));
    },
    async ping() {
      await client.heartbeat();
      return `ChromaDB ${await client.version()}`;
    },
  };
}
