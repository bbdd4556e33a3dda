import { expect, test } from 'vitest';
import { readDurationMs, toProviderLimits } from './to-provider-limits.ts';

test.each<[string | null, number | undefined]>([
  ['6m0s', 360_000], ['1s', 1_000], ['20ms', 20], ['1h2m3.5s', 3_723_500], ['7m12s', 432_000], ['0s', 0], ['1d', 86_400_000], ['59.7', 59_700], ['soon', undefined], ['', undefined], [null, undefined],
])('the duration %s', (text, expected) => {
  expect(readDurationMs(text)).toBe(expected);
});

test('a limit counted by the day is not one by the minute', () => {
  const headers = new Headers({ 'x-ratelimit-limit-requests': '14400', 'x-ratelimit-remaining-requests': '14370', 'x-ratelimit-reset-requests': '2m59.56s', 'x-ratelimit-limit-tokens': '18000', 'x-ratelimit-remaining-tokens': '17997', 'x-ratelimit-reset-tokens': '7.66ms' });
  expect(toProviderLimits(headers)).toMatchObject({ requestsPerMinute: undefined, remainingRequests: 14_370, tokensPerMinute: 18_000, tokensResetMs: 8 });
});

test('no header, no limits', () => {
  expect(toProviderLimits(new Headers({ 'x-ratelimit-limit-requests': 'many' }))).toBeUndefined();
});
