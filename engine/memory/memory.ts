import type { ListMemoryQuery, Memory as MemoryItem } from '../../contracts/memory.ts';
import type { Page } from '../../contracts/pagination.ts';
import type { Actor } from '../governance/index.ts';
import type { Embeddings } from './embeddings/embeddings.ts';
import type { VectorStore } from './vector-store.ts';

/** `full_text`: only words were compared, since the vector store or the embedding could not be reached. */
export type MemorySearchMode = 'list' | 'hybrid' | 'full_text';
type ListedMemories = Page<MemoryItem> & { mode: MemorySearchMode };

interface RecalledMemory {
  id: string;
  text: string;
  /** Names of the tools its text came from; null: not known. */
  cameFrom: string[] | null;
  /** 0 to 1; comparable within one answer only. */
  score: number;
}

interface RecallOptions {
  agentId: string;
  query: string;
  limit: number;
  /** The run that asks: what it remembered itself is in its conversation already. */
  excludeRunId?: string | undefined;
}

interface RememberOptions {
  agentId: string;
  runId: string;
  toolCallId: string;
  iteration: number;
  toolName: string;
  text: string;
}

/** The memory of all agents; every call is about one agent and never sees another's. */
export interface Memory {
  /** What fits a text best by meaning and words, best first. Notes the use. Works on words alone while vectors cannot be reached. */
  recall(options: RecallOptions): Promise<RecalledMemory[]>;
  /**
   * Keeps the outcome of a tool call: memory, trace step and event in one transaction, then its vector. Idempotent per tool call.
   * A vector that cannot be written now is written with one of the agent's next calls.
   */
  remember(options: RememberOptions): Promise<void>;
  /** A page of an agent's memories, newest first, or with `query` one page of the best. Throws AGENT_NOT_FOUND and CURSOR_INVALID. */
  list(options: { agentId: string; query: ListMemoryQuery }): Promise<ListedMemories>;
  /** Forgets one memory, audited without its text. Throws MEMORY_NOT_FOUND. */
  remove(options: { agentId: string; memoryId: string; actor: Actor }): Promise<void>;
  readonly vectorStore: Pick<VectorStore, 'name' | 'ping'>;
  readonly embeddings: Pick<Embeddings, 'model' | 'isLocal'>;
}
