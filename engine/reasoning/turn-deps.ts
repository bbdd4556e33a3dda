import type { Kysely } from 'kysely';
import type { Database } from '../../db/database.ts';
import type { AnswerCache, Capacity, Circuits, LanguageModels } from '../llm/index.ts';
import type { Memory } from '../memory/index.ts';
import type { ToolCatalogue } from '../tools/index.ts';
import type { DraftWriter } from './drafts.ts';

/** What a turn needs of the rest of the system. */
export interface TurnDeps {
  db: Kysely<Database>;
  models: Pick<LanguageModels, 'resolve'>;
  tools: Pick<ToolCatalogue, 'current'>;
  memory: Pick<Memory, 'recall' | 'remember'>;
  capacity: Capacity;
  circuits: Pick<Circuits, 'check' | 'succeeded' | 'failed'>;
  answerCache: Pick<AnswerCache, 'keyOf' | 'take' | 'keep' | 'abandon'>;
  drafts: DraftWriter;
}

export interface TurnOptions {
  runId: string;
  iteration: number;
  /** The limit of iterations is met: the model may only answer. */
  isLastTurn: boolean;
  signal: AbortSignal;
}
