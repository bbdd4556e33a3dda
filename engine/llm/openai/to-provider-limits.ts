import type { ProviderLimits } from '../language-model.ts';

const unitsMs: Record<string, number> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };
const minuteMs = 60_000;

/** `6m0s`, `1s`, `20ms`, `1h2m3.5s`, or bare seconds, in milliseconds. */
export function readDurationMs(text: string | null): number | undefined {
  if (text === null) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1_000);
  if (!/^(?:\d+(?:\.\d+)?(?:ms|[dhms]))+$/.test(text)) return undefined;
  let ms = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[dhms])/g)) ms += Number(amount) * (unitsMs[unit as string] as number);
  return Math.ceil(ms);
}

const count = (text: string | null): number | undefined => (text !== null && /^\d+$/.test(text) ? Number(text) : undefined);

/** The limit, unless what is used up refills so slowly that it must count for a day: some servers count requests so. */
function perMinute(limit: number | undefined, remaining: number | undefined, resetMs: number | undefined): number | undefined {
  if (limit === undefined || remaining === undefined || resetMs === undefined || remaining >= limit) return limit;
  return (resetMs / (limit - remaining)) * limit > 10 * minuteMs ? undefined : limit;
}

/**
 * The limits an answer's headers name; undefined when there are none.
 * @see https://developers.openai.com/api/docs/guides/rate-limits (2026-11)
 */
export function toProviderLimits(headers: Headers): ProviderLimits | undefined {
  const read = (kind: 'requests' | 'tokens') => {
    const remaining = count(headers.get(`x-ratelimit-remaining-${kind}`));
    const resetMs = readDurationMs(headers.get(`x-ratelimit-reset-${kind}`));
    return { limit: perMinute(count(headers.get(`x-ratelimit-limit-${kind}`)), remaining, resetMs), remaining, resetMs };
  };
  const requests = read('requests');
  const tokens = read('tokens');
  if ([requests, tokens].every(({ limit, remaining }) => limit === undefined && remaining === undefined)) return undefined;
  return {
    requestsPerMinute: requests.limit, remainingRequests: requests.remaining, requestsResetMs: requests.resetMs,
    tokensPerMinute: tokens.limit, remainingTokens: tokens.remaining, tokensResetMs: tokens.resetMs,
  };
}
