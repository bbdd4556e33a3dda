import type { Kysely } from 'kysely';
import type { AnswerCacheFigures } from '../../../contracts/connections.ts';
import type { Database } from '../../../db/database.ts';
import { askForAnswer, deleteAnswerLead, deleteAnswers, keepAnswer, listAnswerFigures } from '../../../db/repositories/llm-answers.repository.ts';
import { toJsonb } from '../../../db/storable.ts';
import type { ModelRequest, ModelResponse } from '../language-model.ts';
import { keyOfRequest } from './request-key.ts';

export interface Question {
  key: string;
  agentId: string;
  connectionId: string;
  model: string;
  /** How old an answer may be for this agent, however long the one who kept it would have. */
  ttlSeconds: number;
  /** Who asks; asking again under the same name goes on with what was begun. */
  leader: string;
  /** After this long without an answer somebody else may ask. */
  leaseMs: number;
}

/** Answers to identical requests, each asked for once however many runs of however many workers want it. */
export interface AnswerCache {
  keyOf(connectionId: string, request: ModelRequest): string;
  /** The kept answer and what it had cost; or the caller is to ask; or another does, and this one comes back after `waitMs`. */
  take(question: Question): Promise<{ answer: ModelResponse; costMicroUsd: number | null } | { lead: true } | { waitMs: number }>;
  /** Keeps the leader's answer, unless another leader's is kept already. One that ended early or is too large is not kept. */
  keep(answer: { key: string; leader: string; answer: ModelResponse; costMicroUsd: number | null; ttlSeconds: number }): Promise<void>;
  /** There is no answer to share; whoever waits asks. */
  abandon(question: { key: string; leader: string }): Promise<void>;
  /** Forgets kept answers, of one agent or all. */
  purge(options?: { agentId?: string | undefined }): Promise<number>;
  figures(): Promise<AnswerCacheFigures>;
}

const maxBytes = 1024 * 1024;
const pollMs = 1_500;
const leastWaitMs = 250;

export function createAnswerCache({ db }: { db: Kysely<Database> }): AnswerCache {
  return {
    keyOf: keyOfRequest,
    async take(question) {
      const { kept, isLeader, leaseLeftMs } = await askForAnswer(db, question);
      if (kept !== undefined) return { answer: kept.answer as ModelResponse, costMicroUsd: kept.costMicroUsd };
      // Nobody asks though this caller does not lead: the answer came in this moment.
      return isLeader ? { lead: true } : { waitMs: leaseLeftMs === null ? leastWaitMs : Math.max(1, Math.min(pollMs, Math.ceil(leaseLeftMs))) };
    },
    async keep({ answer, leader, ...kept }) {
      const text = toJsonb(answer);
      const bytes = Buffer.byteLength(text);
      const isWhole = answer.finishReason === 'stop' || answer.finishReason === 'tool_calls';
      if (isWhole && bytes <= maxBytes) await keepAnswer(db, { ...kept, answer: text, bytes });
      else await deleteAnswerLead(db, kept.key, leader);
    },
    abandon: ({ key, leader }) => deleteAnswerLead(db, key, leader),
    purge: ({ agentId } = {}) => deleteAnswers(db, agentId),
    async figures() {
      const agents = await listAnswerFigures(db);
      const sum = (pick: (agent: (typeof agents)[number]) => number): number => agents.reduce((total, agent) => total + pick(agent), 0);
      return {
        entries: sum((agent) => agent.entries), bytes: sum((agent) => agent.bytes), hits: sum((agent) => agent.hits), saved_micro_usd: sum((agent) => agent.saved_micro_usd),
        by_agent: agents.map(({ bytes: _bytes, ...agent }) => agent),
      };
    },
  };
}
