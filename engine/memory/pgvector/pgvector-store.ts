import type { Kysely } from 'kysely';
import type { Database } from '../../../db/database.ts';
import { deleteMemoryVectors, findVectorExtension, searchMemoryVectors, upsertMemoryVectors } from '../../../db/repositories/memory-vectors.repository.ts';
import type { VectorStore } from '../vector-store.ts';

/** Vectors beside their memories in Maestro's own database: deleted with them, whatever else happens. */
export const createPgvectorStore = (db: Kysely<Database>): VectorStore => ({
  name: 'pgvector',
  upsert: (embeddingModel, vectors) => upsertMemoryVectors(db, { embeddingModel, vectors }),
  search: (embeddingModel, query) => searchMemoryVectors(db, { embeddingModel, ...query }),
  remove: (_embeddingModel, memoryIds) => deleteMemoryVectors(db, memoryIds),
  async ping() {
    const version = await findVectorExtension(db);
    if (version === undefined) throw new Error('the extension "vector" is not installed in the database');
    return `pgvector ${version}`;
  },
});
