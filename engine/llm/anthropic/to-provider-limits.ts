import type { ProviderLimits } from '../language-model.ts';

const count = (text: string | null): number | undefined => (text !== null && /^\d+$/.test(text) ? Number(text) : undefined);

/** Milliseconds from the server's own now until the time given, since the two clocks may differ. */
function untilMs(text: string | null, now: number): number | undefined {
  const time = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : Math.max(0, time - now);
}

/**
 * The limits an answer's headers name; undefined when there are none. Of the token limits the one for all tokens is the strictest at
 * that moment; where only input tokens are limited, those count.
 * @see https://platform.claude.com/docs/en/api/rate-limits (2026-11)
 */
export function toProviderLimits(headers: Headers): ProviderLimits | undefined {
  const date = Date.parse(headers.get('date') ?? '');
  const now = Number.isNaN(date) ? Date.now() : date;
  const read = (kind: string) => ({
    limit: count(headers.get(`anthropic-ratelimit-${kind}-limit`)),
    remaining: count(headers.get(`anthropic-ratelimit-${kind}-remaining`)),
    resetMs: untilMs(headers.get(`anthropic-ratelimit-${kind}-reset`), now),
  });
  const requests = read('requests');
  const all = read('tokens');
  const tokens = all.limit === undefined && all.remaining === undefined ? read('input-tokens') : all;
  if ([requests, tokens].every(({ limit, remaining }) => limit === undefined && remaining === undefined)) return undefined;
  return {
    requestsPerMinute: requests.limit, remainingRequests: requests.remaining, requestsResetMs: requests.resetMs,
    tokensPerMinute: tokens.limit, remainingTokens: tokens.remaining, tokensResetMs: tokens.resetMs,
  };
}
