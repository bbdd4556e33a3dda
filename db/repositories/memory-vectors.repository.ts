import { type Kysely, sql } from 'kysely';
import pgvector from 'pgvector/pg';
import type { Database } from '../database.ts';

/** Stores vectors of memories, replacing older ones; memories deleted meanwhile are passed over. */
export async function upsertMemoryVectors(db: Kysely<Database>, { embeddingModel, vectors }: { embeddingModel: string; vectors: readonly { memoryId: string; embedding: readonly number[] }[] }): Promise<void> {
  if (vectors.length === 0) return;
  const ids = vectors.map((vector) => vector.memoryId);
  const embeddings = vectors.map((vector) => pgvector.toSql([...vector.embedding]) as string);
  await sql`
    insert into memory_vectors (memory_id, agent_id, embedding_model, embedding)
    select m.id, m.agent_id, ${embeddingModel}, v.embedding::vector
    from unnest(${ids}::uuid[], ${embeddings}::text[]) as v (id, embedding) join memories m on m.id = v.id
    on conflict (memory_id) do update set embedding_model = excluded.embedding_model, embedding = excluded.embedding`.execute(db);
}

/**
 * An agent's memories nearest to a vector of the same model, nearest first, with cosine similarity. Exact: an agent's memories
 * are few enough to be compared one by one, and no approximate index filters by agent without losing some.
 */
export async function searchMemoryVectors(
  db: Kysely<Database>,
  { agentId, embeddingModel, embedding, limit }: { agentId: string; embeddingModel: string; embedding: readonly number[]; limit: number },
): Promise<{ memoryId: string; similarity: number }[]> {
  const vector = pgvector.toSql([...embedding]) as string;
  const { rows } = await sql<{ memory_id: string; distance: number }>`
    select memory_id, embedding <=> ${vector}::vector as distance from memory_vectors
    where agent_id = ${agentId} and embedding_model = ${embeddingModel} and vector_dims(embedding) = ${embedding.length}
    order by distance, memory_id desc limit ${limit}`.execute(db);
  return rows.map((row) => ({ memoryId: row.memory_id, similarity: Number.isFinite(row.distance) ? 1 - row.distance : 0 }));
}

export async function deleteMemoryVectors(db: Kysely<Database>, memoryIds: readonly string[]): Promise<void> {
  if (memoryIds.length > 0) await db.deleteFrom('memory_vectors').where('memory_id', 'in', [...memoryIds]).execute();
}

/** Version of the pgvector extension; undefined when it is not installed. */
export async function findVectorExtension(db: Kysely<Database>): Promise<string | undefined> {
  const { rows } = await sql<{ version: string }>`select extversion as version from pg_extension where extname = 'vector'`.execute(db);
  return rows[0]?.version;
}
