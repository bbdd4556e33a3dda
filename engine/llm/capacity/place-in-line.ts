import type { ConnectionLimits } from '../../../contracts/connections.ts';

/** A minute's worth may go at once; after that, requests go as evenly as the limit allows. */
const burstMs = 60_000;

export interface Line {
  nowMs: number;
  /** When all that was let through so far would have gone at an even pace; null: nothing did. */
  requestsDueMs: number | null;
  tokensDueMs: number | null;
  /** Nothing goes before. */
  blockedUntilMs: number | null;
}

export interface Place {
  requestsDueMs: number | null;
  tokensDueMs: number | null;
  /** When this request may go; not after `nowMs`: at once. */
  dueMs: number;
}

/** The smaller of two limits, each of which may be unknown. */
const smaller = (one: number | null, other: number | null): number | null => (one === null ? other : other === null ? one : Math.min(one, other));

/** What counts of an admin's limits and those a provider's headers told. */
export const effectiveLimits = (set: ConnectionLimits, learned: ConnectionLimits | null): ConnectionLimits => ({
  requests_per_minute: smaller(set.requests_per_minute, learned?.requests_per_minute ?? null),
  tokens_per_minute: smaller(set.tokens_per_minute, learned?.tokens_per_minute ?? null),
});

function advance(nowMs: number, dueMs: number | null, perMinute: number | null, amount: number): { next: number | null; mayGoMs: number } {
  if (perMinute === null) return { next: dueMs, mayGoMs: nowMs };
  const costMs = (amount / perMinute) * 60_000;
  const start = Math.max(nowMs, dueMs ?? 0);
  // A single request larger than a whole minute goes once the line is empty: it would else wait for ever.
  return { next: start + costMs, mayGoMs: start + Math.min(costMs, burstMs) - burstMs };
}

/**
 * Puts a request at the end of a connection's line, by the generic cell rate algorithm. First come, first served: a later request is never
 * due earlier.
 * @see https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
 */
export function placeInLine({ nowMs, requestsDueMs, tokensDueMs, blockedUntilMs }: Line, limits: ConnectionLimits, tokens: number): Place {
  const requests = advance(nowMs, requestsDueMs, limits.requests_per_minute, 1);
  const ofTokens = advance(nowMs, tokensDueMs, limits.tokens_per_minute, tokens);
  return { requestsDueMs: requests.next, tokensDueMs: ofTokens.next, dueMs: Math.max(nowMs, requests.mayGoMs, ofTokens.mayGoMs, blockedUntilMs ?? 0) };
}
