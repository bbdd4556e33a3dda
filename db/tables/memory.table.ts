import type { GeneratedAlways } from 'kysely';
import type { MemoryKind } from '../../contracts/memory.ts';
import type { CreatedAtColumn, NullableJsonbColumn, NullableTimestampColumn } from './columns.ts';

export interface MemoriesTable {
  id: string;
  agent_id: string;
  run_id: string | null;
  tool_call_id: string | null;
  kind: MemoryKind;
  text: string;
  /** Names of the tools its text came from; null: not known. */
  came_from: NullableJsonbColumn<string[]>;
  search: GeneratedAlways<string>;
  /** Vector store and embedding model its vector was written to, `pgvector/local-lexical-1`; null: not indexed yet. */
  indexed_as: string | null;
  created_at: CreatedAtColumn;
  last_used_at: NullableTimestampColumn;
}

export interface MemoryVectorsTable {
  memory_id: string;
  agent_id: string;
  embedding_model: string;
  /** pgvector's text form, `[0.1,0.2]`. */
  embedding: string;
}
