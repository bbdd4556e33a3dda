import type { Kysely } from 'kysely';
import type { ConnectionLimits } from '../../../contracts/connections.ts';
import type { Database } from '../../../db/database.ts';
import { blockConnection, deleteReservation, findCapacity, insertReservation, lockCapacity, shiftTokens, updateLearnedLimits } from '../../../db/repositories/llm-capacity.repository.ts';
import type { ProviderLimits } from '../language-model.ts';
import { effectiveLimits, placeInLine } from './place-in-line.ts';

export interface Reservation {
  connectionId: string;
  limits: ConnectionLimits;
  runId: string;
  iteration: number;
  /** Input and output as estimated. */
  tokens: number;
}

/** Requests and tokens per minute of connections, shared by all workers through the database. */
export interface Capacity {
  /**
   * 0: the call may be made now. Else how many milliseconds are left until this turn's place in the line is due; it keeps the place
   * and asks again then. A connection without limits costs one read.
   */
  reserve(call: Reservation): Promise<{ waitMs: number }>;
  /** Corrects an estimate by what the call really took; undefined: the provider did not say. */
  settle(call: { connectionId: string; runId: string; iteration: number; estimatedTokens: number; actualTokens: number | undefined }): Promise<void>;
  /** Takes over limits a provider's headers tell; writes only what is new. Nothing left until a reset blocks until then. */
  learn(connectionId: string, limits: ProviderLimits): Promise<void>;
  /** Everybody waits so long: the provider said so. At most an hour. */
  block(connectionId: string, retryAfterMs: number): Promise<void>;
}

const maxBlockMs = 60 * 60 * 1000;
const maxResetMs = 10 * 60 * 1000;

/** Times and lines are kept by the database and its clock alone. */
export function createCapacity({ db }: { db: Kysely<Database> }): Capacity {
  /** Tokens per minute a connection was last reserved under; a call is settled by the process that reserved it. */
  const tokenRates = new Map<string, number | null>();
  const learned = new Map<string, string>();

  const block = async (connectionId: string, ms: number, maxMs: number): Promise<void> => {
    if (ms > 0) await blockConnection(db, connectionId, Math.min(ms, maxMs) / 1000);
  };

  return {
    async reserve({ limits, tokens, ...key }) {
      const seen = await findCapacity(db, key);
      const isBlocked = seen?.blockedUntil != null && seen.blockedUntil > seen.now;
      const known = effectiveLimits(limits, seen?.learnedLimits ?? null);
      tokenRates.set(key.connectionId, known.tokens_per_minute);
      const isFree = known.requests_per_minute === null && known.tokens_per_minute === null && !isBlocked;
      if (isFree && seen?.dueAt == null) return { waitMs: 0 };
      return db.transaction().execute(async (trx) => {
        const state = await lockCapacity(trx, key);
        const nowMs = state.now.getTime();
        const blockedUntilMs = state.blockedUntil?.getTime() ?? null;
        if (state.dueAt !== null) {
          const waitMs = Math.max(0, state.dueAt.getTime() - nowMs, (blockedUntilMs ?? 0) - nowMs);
          if (waitMs === 0) await deleteReservation(trx, key);
          return { waitMs };
        }
        const place = placeInLine({ nowMs, blockedUntilMs, requestsDueMs: state.requestsDueAt?.getTime() ?? null, tokensDueMs: state.tokensDueAt?.getTime() ?? null }, effectiveLimits(limits, state.learnedLimits), tokens);
        const waitMs = Math.ceil(place.dueMs - nowMs);
        const toDate = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));
        await insertReservation(trx, key, { requestsDueAt: toDate(place.requestsDueMs), tokensDueAt: toDate(place.tokensDueMs), dueAt: waitMs > 0 ? new Date(place.dueMs) : null, tokens });
        return { waitMs };
      });
    },
    async settle({ connectionId, estimatedTokens, actualTokens }) {
      const perMinute = tokenRates.get(connectionId);
      if (perMinute == null || actualTokens === undefined || actualTokens === estimatedTokens) return;
      await shiftTokens(db, connectionId, ((actualTokens - estimatedTokens) / perMinute) * 60);
    },
    async learn(connectionId, said) {
      if (said.requestsPerMinute !== undefined || said.tokensPerMinute !== undefined) {
        const limits: ConnectionLimits = { requests_per_minute: said.requestsPerMinute ?? null, tokens_per_minute: said.tokensPerMinute ?? null };
        const text = JSON.stringify(limits);
        if (learned.get(connectionId) !== text) {
          await updateLearnedLimits(db, connectionId, limits);
          learned.set(connectionId, text);
        }
      }
      if (said.remainingRequests === 0) await block(connectionId, said.requestsResetMs ?? 0, maxResetMs);
      if (said.remainingTokens === 0) await block(connectionId, said.tokensResetMs ?? 0, maxResetMs);
    },
    block: (connectionId, retryAfterMs) => block(connectionId, retryAfterMs, maxBlockMs),
  };
}
