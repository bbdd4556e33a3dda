import type { Kysely } from 'kysely';
import type { Database } from '../../db/database.ts';
import type { LanguageModels } from '../llm/index.ts';
import type { ModelRequest, ModelResponse, ProviderLimits } from '../llm/language-model.ts';
import type { ConnectionLimits } from '../../contracts/connections.ts';
import type { Memory } from '../memory/index.ts';
import type { ToolRegistry } from '../tools/index.ts';
import type { DraftWriter } from './drafts.ts';

export interface Capacity {
  reserve(call: { connectionId: string; limits: ConnectionLimits; runId: string; iteration: number; tokens: number }): Promise<{ waitMs: number }>;
  settle(call: { connectionId: string; runId: string; iteration: number; estimatedTokens: number; actualTokens: number | undefined }): Promise<void>;
  learn(connectionId: string, limits: ProviderLimits): Promise<void>;
  block(connectionId: string, retryAfterMs: number): Promise<void>;
}

export interface Circuits {
  check(connectionId: string): Promise<{ isOpen: false } | { isOpen: true; retryInMs: number; message: string }>;
  succeeded(connectionId: string): Promise<void>;
  failed(connectionId: string, error: { code: string; message: string }): Promise<void>;
}

export interface AnswerCache {
  keyOf(connectionId: string, request: ModelRequest): string;
  take(question: { key: string; agentId: string; connectionId: string; model: string; ttlSeconds: number; leader: string; leaseMs: number }): Promise<{ answer: ModelResponse; costMicroUsd: number | null } | { lead: true } | { waitMs: number }>;
  keep(answer: { key: string; leader: string; answer: ModelResponse; costMicroUsd: number | null; ttlSeconds: number }): Promise<unknown>;
  abandon(question: { key: string; leader: string }): Promise<unknown>;
}

/** What a turn needs of the rest of the system. */
export interface TurnDeps {
  db: Kysely<Database>;
  models: Pick<LanguageModels, 'resolve'>;
  tools: ToolRegistry;
  memory: Pick<Memory, 'recall' | 'remember'>;
  capacity: Capacity;
  circuits: Circuits;
  answerCache: AnswerCache;
  drafts: DraftWriter;
}

export interface TurnOptions {
  runId: string;
  iteration: number;
  /** The limit of iterations is met: the model may only answer. */
  isLastTurn: boolean;
  signal: AbortSignal;
}
