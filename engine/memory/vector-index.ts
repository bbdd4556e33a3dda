import type { Kysely } from 'kysely';
import type { Database } from '../../db/database.ts';
import { listUnindexedMemories, updateMemoriesIndexed } from '../../db/repositories/memories.repository.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Embeddings } from './embeddings/embeddings.ts';
import type { VectorStore } from './vector-store.ts';

/** Memories brought up to date with one call, newest first; the rest follows with the next ones. */
const catchUpLimit = 50;
/** Nobody waits longer than this for an index. */
const timeoutMs = 10_000;

function within<Result>(work: Promise<Result>): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  return Promise.race([work, promise]).finally(() => clearTimeout(timer));
}

/**
 * Whoever asks while an agent is being caught up with waits for one more time that looks again, together with all others who ask until it
 * begins: what many runs of one agent remember at once is looked for, and embedded, once.
 */
function createCatchUps(work: (agentId: string) => Promise<void>): (agentId: string) => Promise<void> {
  const running = new Map<string, Promise<unknown>>();
  const next = new Map<string, Promise<void>>();
  return (agentId) => {
    const waiting = next.get(agentId);
    if (waiting !== undefined) return waiting;
    const begin = (): Promise<void> => {
      next.delete(agentId);
      const mine = work(agentId).finally(() => {
        if (running.get(agentId) === mine) running.delete(agentId);
      });
      running.set(agentId, mine);
      return mine;
    };
    const before = running.get(agentId);
    if (before === undefined) return begin();
    const mine = before.then(begin, begin);
    next.set(agentId, mine);
    return mine;
  };
}

/** The vectors of memories as one index over store and embedding. Never throws: without it words alone are searched. */
export interface VectorIndex {
  /** As memories in this very index are marked. */
  readonly indexedAs: string;
  /** Indexes what is missing of an agent: new memories, those of a time the store was away, all of them after a change of model or store. */
  catchUp(agentId: string): Promise<void>;
  /** Ids of the agent's memories nearest to a text, nearest first; undefined when the index cannot be reached. */
  search(options: { agentId: string; text: string; limit: number }): Promise<string[] | undefined>;
  remove(memoryId: string): Promise<void>;
}

export function createVectorIndex({ db, store, embeddings, logger }: { db: Kysely<Database>; store: VectorStore; embeddings: Embeddings; logger?: Logger | undefined }): VectorIndex {
  const indexedAs = `${store.name}/${embeddings.model}`;
  const warn = (error: unknown, doing: string): undefined => {
    logger?.warn({ error, index: indexedAs, doing }, 'vector index not reached');
    return undefined;
  };
  async function indexMissing(agentId: string): Promise<void> {
    const missing = await listUnindexedMemories(db, { agentId, indexedAs, limit: catchUpLimit });
    if (missing.length === 0) return;
    try {
      const vectors = await within(embeddings.embed(missing.map((memory) => memory.text)));
      await within(store.upsert(embeddings.model, missing.map((memory, index) => ({ memoryId: memory.id, agentId, embedding: vectors[index] ?? [] }))));
      await updateMemoriesIndexed(db, missing.map((memory) => memory.id), indexedAs);
    } catch (error) {
      warn(error, 'index');
    }
  }
  const catchUp = createCatchUps(indexMissing);
  return {
    indexedAs,
    catchUp,
    async search({ agentId, text, limit }) {
      try {
        const [embedding = []] = await within(embeddings.embed([text]));
        const found = await within(store.search(embeddings.model, { agentId, embedding, limit }));
        return found.filter((hit) => hit.similarity > embeddings.minSimilarity).map((hit) => hit.memoryId);
      } catch (error) {
        return warn(error, 'search');
      }
    },
    async remove(memoryId) {
      // A vector left behind names a memory that is no longer there, and is passed over by every search.
      await within(store.remove(embeddings.model, [memoryId])).catch((error: unknown) => warn(error, 'remove'));
    },
  };
}
