import type { Kysely } from 'kysely';
import type { ConnectionLimits } from '../../../contracts/connections.ts';
import type { Database } from '../../../db/database.ts';
import { blockConnection, insertConnectionState, isHeldBack, type PlaceInLine, settlePlace, takePlace, updateLearnedLimits } from '../../../db/repositories/llm-capacity.repository.ts';
import type { ProviderLimits } from '../language-model.ts';
import { toLearnedLimits } from './to-learned-limits.ts';

export interface Reservation {
  connectionId: string;
  limits: ConnectionLimits;
  runId: string;
  iteration: number;
  /** Input and output as estimated. */
  tokens: number;
}

/**
 * Requests and tokens per minute of connections, shared by all workers through the database. A minute's worth may go at once, as
 * providers allow it; what is used grows back evenly. Places are given in the order turns come and never get later but by a block.
 */
export interface Capacity {
  /**
   * 0: the call may be made now. Else how many milliseconds are left until this turn's place in the line is due; it keeps the place
   * and asks again then. A connection without limits costs one read.
   */
  reserve(call: Reservation): Promise<{ waitMs: number }>;
  /**
   * Corrects an estimate by what the call really took; undefined: the provider did not say. A turn that still waits and settles with 0
   * gives up its place.
   */
  settle(call: { connectionId: string; runId: string; iteration: number; estimatedTokens: number; actualTokens: number | undefined }): Promise<void>;
  /** Takes over limits a provider's headers tell; writes only what is new. Nothing left until a reset blocks until then, at most 10 minutes. */
  learn(connectionId: string, limits: ProviderLimits): Promise<void>;
  /** Everybody waits so long: the provider said so. At most an hour. */
  block(connectionId: string, retryAfterMs: number): Promise<void>;
}

const maxBlockMs = 60 * 60 * 1000;
const maxResetMs = 10 * 60 * 1000;
/** More than any model reads; keeps a broken estimate from stopping a connection for days. */
const maxTokens = 100_000_000;

const toTokens = (estimate: number): number => (Number.isFinite(estimate) ? Math.min(maxTokens, Math.max(0, Math.round(estimate))) : 0);
const secondsOf = (amount: number, perMinute: number | null): number => (perMinute === null ? 0 : (amount / perMinute) * 60);
const isLimited = (limits: ConnectionLimits | undefined): boolean => limits !== undefined && (limits.requests_per_minute !== null || limits.tokens_per_minute !== null);

/** Times and lines are kept by the database and its clock alone. */
export function createCapacity({ db }: { db: Kysely<Database> }): Capacity {
  /** Limits a connection was last reserved under: a scale, no state. A call is settled by the process that reserved it. */
  const scales = new Map<string, ConnectionLimits>();
  /** What this process has told the database already. */
  const told = new Map<string, string>();

  const block = async (connectionId: string, ms: number, how: { maxMs: number; isRefusal: boolean }): Promise<void> => {
    if (ms > 0) await blockConnection(db, connectionId, { seconds: Math.min(ms, how.maxMs) / 1000, isRefusal: how.isRefusal });
  };

  return {
    async reserve(call) {
      // Where no limit is known, as with most servers of one's own, a small question is enough; elsewhere it would be one too many.
      if (!isLimited(call.limits) && !isLimited(scales.get(call.connectionId)) && !(await isHeldBack(db, call))) return { waitMs: 0 };
      const wanted = { ...call, tokens: toTokens(call.tokens) };
      let place: PlaceInLine | undefined;
      // The first call ever made under a limit finds no row to lock.
      while ((place = await takePlace(db, wanted)) === undefined) await insertConnectionState(db, call.connectionId);
      scales.set(call.connectionId, place.limits);
      return { waitMs: place.waitMs };
    },
    async settle({ connectionId, runId, iteration, estimatedTokens, actualTokens }) {
      const scale = scales.get(connectionId);
      if (scale === undefined || !isLimited(scale) || actualTokens === undefined) return;
      const difference = toTokens(actualTokens) - toTokens(estimatedTokens);
      if (difference === 0 || (scale.tokens_per_minute === null && actualTokens > 0)) return;
      await settlePlace(db, { connectionId, runId, iteration, tokensSeconds: secondsOf(difference, scale.tokens_per_minute), requestSeconds: secondsOf(1, scale.requests_per_minute) });
    },
    async learn(connectionId, said) {
      const limits = toLearnedLimits(said);
      const text = JSON.stringify(limits);
      if (limits !== undefined && told.get(connectionId) !== text) {
        await updateLearnedLimits(db, connectionId, limits);
        told.set(connectionId, text);
      }
      const resetMs = Math.max(said.remainingRequests === 0 ? (said.requestsResetMs ?? 0) : 0, said.remainingTokens === 0 ? (said.tokensResetMs ?? 0) : 0);
      await block(connectionId, resetMs, { maxMs: maxResetMs, isRefusal: false });
    },
    block: (connectionId, retryAfterMs) => block(connectionId, retryAfterMs, { maxMs: maxBlockMs, isRefusal: true }),
  };
}
