import { describe, expect, test } from 'vitest';
import { decideAfterFailure, describeEnd, type FailureFacts, type NextMove } from './after-failure.ts';

const after = (code: string, facts: Partial<Omit<FailureFacts, 'failure'>> & { retryAfterMs?: number } = {}): NextMove => {
  const { retryAfterMs, ...rest } = facts;
  return decideAfterFailure({
    failure: { code, message: 'm', ...(retryAfterMs === undefined ? {} : { details: { retry_after_ms: retryAfterMs } }) },
    triesOnTarget: 1, totalTries: 1, compactions: 0, refusals: 1, hasFallback: false, ...rest,
  });
};
const end = { action: 'end' };
const fallback = { action: 'fallback' };
const compact = { action: 'compact' };
const retry = (delayMs: number): NextMove => ({ action: 'retry', delayMs });

/** The failure table: what a provider did, the code the adapters give it, what follows alone and with another model left. */
const table: [what: string, code: string, alone: NextMove | object, withFallback: NextMove | object][] = [
  ['400', 'LLM_REQUEST_INVALID', end, end],
  ['401', 'LLM_AUTHENTICATION', end, fallback],
  ['403', 'LLM_AUTHENTICATION', end, fallback],
  ['404, an unknown model', 'LLM_MODEL_NOT_FOUND', end, fallback],
  ['408', 'LLM_UNAVAILABLE', retry(500), retry(500)],
  ['409', 'LLM_UNAVAILABLE', retry(500), retry(500)],
  ['413, or a 400 that says the context is too long', 'LLM_CONTEXT_TOO_LONG', compact, compact],
  ['422', 'LLM_REQUEST_INVALID', end, end],
  ['429 without a delay', 'LLM_RATE_LIMITED', retry(500), retry(500)],
  ['429 because of an empty account', 'LLM_QUOTA_EXHAUSTED', end, fallback],
  ['500, 502, 503', 'LLM_UNAVAILABLE', retry(500), retry(500)],
  ['529, overloaded', 'LLM_UNAVAILABLE', retry(500), retry(500)],
  ['no byte in time', 'LLM_UNAVAILABLE', retry(500), retry(500)],
  ['a stream that stalls', 'LLM_UNAVAILABLE', retry(500), retry(500)],
  ['a stream that is cut', 'LLM_UNAVAILABLE', retry(500), retry(500)],
  ['a body that is no JSON', 'LLM_RESPONSE_INVALID', retry(500), retry(500)],
  ['no choice, or an empty one', 'LLM_RESPONSE_INVALID', retry(500), retry(500)],
  ['a content filter', 'LLM_REFUSED', end, end],
  ['a refusal', 'LLM_REFUSED', end, end],
  ['no key configured', 'LLM_NOT_CONFIGURED', end, fallback],
  ['a connection that is switched off', 'LLM_CONNECTION_OFF', end, fallback],
  ['a connection that rests', 'LLM_CIRCUIT_OPEN', retry(500), fallback],
  ['a call that would cost more than is left', 'LIMIT_COST', end, fallback],
  ['a call that would take more tokens than are left', 'LIMIT_TOKENS', end, end],
  ['no capacity for very long', 'LLM_CAPACITY', end, fallback],
];

describe('what follows from a failed call', () => {
  test.each(table)('%s', (_what, code, alone, withFallback) => {
    expect(after(code)).toEqual(alone);
    expect(after(code, { hasFallback: true })).toEqual(withFallback);
  });

  test('the provider’s delay is respected; a long one is not waited for while another model is left', () => {
    expect(after('LLM_RATE_LIMITED', { retryAfterMs: 20_000 })).toEqual(retry(20_000));
    expect(after('LLM_RATE_LIMITED', { retryAfterMs: 20_000, hasFallback: true })).toEqual(retry(20_000));
    expect(after('LLM_RATE_LIMITED', { retryAfterMs: 61_000, hasFallback: true })).toEqual(fallback);
    expect(after('LLM_RATE_LIMITED', { retryAfterMs: 3_600_000 })).toEqual(retry(3_600_000));
    expect(after('LLM_UNAVAILABLE', { retryAfterMs: 0 })).toEqual(retry(500));
  });

  test('pauses grow, and attempts are bounded: three with another model left, six without, twelve over all models', () => {
    expect([1, 2, 3, 4, 5].map((triesOnTarget) => after('LLM_UNAVAILABLE', { triesOnTarget }))).toEqual([500, 1_500, 4_500, 13_500, 40_500].map(retry));
    expect(after('LLM_UNAVAILABLE', { triesOnTarget: 6 })).toEqual(end);
    expect(after('LLM_UNAVAILABLE', { triesOnTarget: 2, hasFallback: true })).toEqual(retry(1_500));
    expect(after('LLM_UNAVAILABLE', { triesOnTarget: 3, hasFallback: true })).toEqual(fallback);
    expect(after('LLM_UNAVAILABLE', { totalTries: 12, hasFallback: true })).toEqual(end);
  });

  test('a resting connection is waited for as long as it says, however often others try in vain meanwhile; but not for ever', () => {
    expect(after('LLM_CIRCUIT_OPEN', { retryAfterMs: 5_000, refusals: 30, triesOnTarget: 6, totalTries: 12 })).toEqual(retry(5_000));
    expect(after('LLM_CIRCUIT_OPEN', { retryAfterMs: 5_000, refusals: 31 })).toEqual(end);
  });

  test('a conversation is shortened three times at most, then a model that reads more is asked, or the turn ends', () => {
    expect(after('LLM_CONTEXT_TOO_LONG', { compactions: 2, hasFallback: true })).toEqual(compact);
    expect(after('LLM_CONTEXT_TOO_LONG', { compactions: 3, hasFallback: true })).toEqual(fallback);
    expect(after('LLM_CONTEXT_TOO_LONG', { compactions: 3 })).toEqual(end);
  });

  test.each(table.filter(([, code]) => code.startsWith('LLM_') && code !== 'LLM_CAPACITY'))('%s ends, if it comes to that, with what to do about it', (_what, code) => {
    const words = describeEnd({ failure: { code, message: 'It said no.' }, totalTries: 6 });
    expect(words).toMatch(/^It said no\. .*(Choose|choose|Change|Give|Add|Test|Put|Switch|Start)/);
  });
});
