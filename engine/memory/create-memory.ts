import type { Kysely } from 'kysely';
import { z } from 'zod';
import { AppError } from '../../contracts/errors.ts';
import type { Memory as MemoryItem } from '../../contracts/memory.ts';
import type { Database } from '../../db/database.ts';
import { findAgent } from '../../db/repositories/agents.repository.ts';
import { insertAuditEntry } from '../../db/repositories/audit.repository.ts';
import { insertEvents } from '../../db/repositories/events.repository.ts';
import {
  deleteMemoryRow, findMemoryRows, insertMemory, listMemoryRows, type MemoryFilter, type MemoryRow, searchMemoryWords, updateMemoriesUsed,
} from '../../db/repositories/memories.repository.ts';
import { insertStep } from '../../db/repositories/steps.repository.ts';
import type { Config } from '../../platform/config.ts';
import { newId } from '../../platform/ids.ts';
import type { Logger } from '../../platform/logger.ts';
import { parsePageCursor } from '../../platform/page-cursor.ts';
import { toPage } from '../../platform/to-page.ts';
import { toAuditActor } from '../governance/actor.ts';
import { createChromaStore } from './chroma/chroma-store.ts';
import { createLocalLexicalEmbeddings } from './embeddings/local-lexical-embeddings.ts';
import { createOpenAiEmbeddings } from './embeddings/openai-embeddings.ts';
import { fuseRanks } from './fuse-ranks.ts';
import type { Memory, MemorySearchMode } from './memory.ts';
import { createPgvectorStore } from './pgvector/pgvector-store.ts';
import { createVectorIndex } from './vector-index.ts';

/** Longer outcomes are stored whole with their tool call; a memory is what is worth reading again. */
const maxTextCharacters = 8_000;
/** Hits of each ranking that are looked at before filters. */
const candidates = 200;

interface CreateMemoryOptions {
  db: Kysely<Database>;
  config: Config['memory'];
  logger?: Logger | undefined;
}

/** The memory of all agents on the configured vector store (default pgvector) and embedding (default local-lexical-1). */
export function createMemory({ db, config, logger }: CreateMemoryOptions): Memory {
  const store = config.chromaUrl === undefined ? createPgvectorStore(db) : createChromaStore(config.chromaUrl);
  const embeddings = config.embedding === undefined ? createLocalLexicalEmbeddings() : createOpenAiEmbeddings(config.embedding);
  const index = createVectorIndex({ db, store, embeddings, logger });

  const toItem = (row: MemoryRow, score: number | null): MemoryItem => {
    const isIndexed = row.indexed_as === index.indexedAs;
    return {
      id: row.id, agent_id: row.agent_id, kind: row.kind, text: row.text, run_id: row.run_id, step_id: row.step_id,
      embedding_state: isIndexed ? 'ready' : 'missing', embedding_model: isIndexed ? embeddings.model : null,
      created_at: row.created_at.toISOString(), last_used_at: row.last_used_at?.toISOString() ?? null, score,
    };
  };

  async function search(filter: MemoryFilter, text: string, limit: number): Promise<{ hits: { row: MemoryRow; score: number }[]; mode: MemorySearchMode }> {
    await index.catchUp(filter.agentId);
    const byVector = await index.search({ agentId: filter.agentId, text, limit: candidates });
    const byWords = await searchMemoryWords(db, { agentId: filter.agentId, text, limit: candidates });
    const ranked = fuseRanks(byVector === undefined ? [byWords] : [byVector, byWords]);
    const rows = new Map((await findMemoryRows(db, { ...filter, ids: ranked.map((hit) => hit.id) })).map((row) => [row.id, row]));
    const hits = ranked.flatMap(({ id, score }) => {
      const row = rows.get(id);
      return row === undefined ? [] : [{ row, score }];
    });
    return { hits: hits.slice(0, limit), mode: byVector === undefined ? 'full_text' : 'hybrid' };
  }

  return {
    vectorStore: store,
    embeddings,

    async recall({ agentId, query, limit, excludeRunId }) {
      const { hits } = await search({ agentId, excludeRunId }, query, limit);
      await updateMemoriesUsed(db, hits.map((hit) => hit.row.id));
      return hits.map(({ row, score }) => ({ id: row.id, text: row.text, cameFrom: row.came_from, score }));
    },

    async remember({ agentId, runId, toolCallId, iteration, toolName, text }) {
      const kept = text.slice(0, maxTextCharacters);
      await db.transaction().execute(async (trx) => {
        const memoryId = newId();
        if (!(await insertMemory(trx, { id: memoryId, agentId, runId, toolCallId, kind: 'episode', text: kept }))) return;
        await insertStep(trx, { id: newId(), runId, iteration, kind: 'memory', status: 'completed', summary: kept, toolName, toolCallId, memoryId, finishedAt: new Date() });
        await insertEvents(trx, [{ type: 'memory-changed', run_id: runId, data: { agent_id: agentId, memory_id: memoryId, change: 'added' } }]);
      });
      await index.catchUp(agentId);
    },

    async list({ agentId, query: { query: text, kind, run_id: runId, cursor, limit } }) {
      const beforeId = parsePageCursor(z.uuid(), cursor);
      if ((await findAgent(db, agentId)) === undefined) throw new AppError('AGENT_NOT_FOUND', `agent ${agentId}`);
      if (text !== undefined && text !== '') {
        const { hits, mode } = await search({ agentId, kind, runId }, text, limit);
        return { items: hits.map(({ row, score }) => toItem(row, score)), next_cursor: null, mode };
      }
      const rows = await listMemoryRows(db, { agentId, kind, runId, beforeId, limit: limit + 1 });
      return { ...toPage(rows, { limit, keyOf: (row) => row.id, toItem: (row) => toItem(row, null) }), mode: 'list' };
    },

    async remove({ agentId, memoryId, actor }) {
      await db.transaction().execute(async (trx) => {
        const row = await deleteMemoryRow(trx, { agentId, memoryId });
        if (row === undefined) throw new AppError('MEMORY_NOT_FOUND', `memory ${memoryId} of agent ${agentId}`);
        await insertEvents(trx, [{ type: 'memory-changed', run_id: row.run_id, data: { agent_id: agentId, memory_id: memoryId, change: 'deleted' } }]);
        // Without the text: the audit log keeps for ever, and this was to be forgotten.
        await insertAuditEntry(trx, {
          ...toAuditActor(actor), action: 'memory.delete', objectType: 'memory', objectId: memoryId,
          before: { agent_id: agentId, kind: row.kind, run_id: row.run_id },
        });
      });
      await index.remove(memoryId);
    },
  };
}
