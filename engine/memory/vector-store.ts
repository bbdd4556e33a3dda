/** One vector to be found again. Its memory's row is the truth; the store keeps no text. */
interface StoredVector {
  memoryId: string;
  agentId: string;
  embedding: readonly number[];
}

/**
 * Where vectors are kept and compared by cosine similarity. Vectors of different embedding models never meet. Errors are thrown as
 * they come: callers go on without the store.
 */
export interface VectorStore {
  /** As it is written into `memories.indexed_as`. */
  readonly name: 'pgvector' | 'chroma';
  upsert(embeddingModel: string, vectors: readonly StoredVector[]): Promise<void>;
  /** The agent's nearest memories, nearest first; `similarity` is 1 for the same direction, 0 for nothing in common. */
  search(embeddingModel: string, query: { agentId: string; embedding: readonly number[]; limit: number }): Promise<{ memoryId: string; similarity: number }[]>;
  /** Removes vectors; ids that are not there are passed over. */
  remove(embeddingModel: string, memoryIds: readonly string[]): Promise<void>;
  /** Resolves with what it is ("pgvector 0.8.0") when the store can be used. */
  ping(): Promise<string>;
}
