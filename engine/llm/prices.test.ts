import { expect, test } from 'vitest';
import type { LlmProvider } from '../../contracts/agents.ts';
import { contextWindowOf, costMicroUsd } from './index.ts';
import { listPricedModels } from './prices.ts';
import { readRetryAfterMs } from './retry-after.ts';

const usage = (inputTokens: number | undefined, outputTokens: number | undefined, cachedInputTokens?: number, cacheWriteTokens?: number) => ({ inputTokens, outputTokens, cachedInputTokens, cacheWriteTokens, reasoningTokens: undefined });

test.each<[string, LlmProvider, string, ReturnType<typeof usage>, number | undefined]>([
  ['plain tokens', 'openai', 'gpt-6.1-sol', usage(1_000, 100), 3_000],
  ['a dated name costs what the model costs', 'openai', 'gpt-5.4-mini-2026-03-17', usage(1_000, 100), 1_200],
  ['another form of date', 'anthropic', 'claude-haiku-4-5-20251001', usage(1_000, 100), 1_500],
  ['cached and written tokens have their own rates', 'anthropic', 'claude-opus-5-5', usage(1_000, 100, 600, 300), 100 * 4 + 600 * 0.2 + 300 * 5 + 100 * 20],
  ['a long prompt costs more throughout', 'openai', 'gpt-6-sol', usage(300_000, 100), 300_000 * 4 + 100 * 15],
  ['the threshold itself is not long', 'anthropic', 'claude-haiku-5-5', usage(100_000, 100), 10_050],
  ['one token more is', 'anthropic', 'claude-haiku-5-5', usage(100_001, 100), 50_251],
  ['an unknown model', 'openai', 'qwen3', usage(1_000, 100), undefined],
  ['a name of the prototype', 'openai', 'constructor', usage(1_000, 100), undefined],
  ['unknown input', 'openai', 'gpt-6-sol', usage(undefined, 100), undefined],
  ['unknown output', 'openai', 'gpt-6-sol', usage(1_000, undefined), undefined],
  ['a script calls nothing and costs nothing', 'scripted', 'support-ticket-analyzer', usage(1_000, 100), 0],
])('cost: %s', (_what, provider, model, used, expected) => {
  expect(costMicroUsd(provider, model, used)).toBe(expected);
});

test('cost is a whole number of micro-dollars', () => {
  expect(costMicroUsd('openai', 'gpt-6-luna', usage(7, 0))).toBe(1);
});

test('every priced model reads at least 100,000 tokens; an unknown one is treated with care', () => {
  for (const provider of ['openai', 'anthropic'] as const) {
    for (const model of listPricedModels(provider)) expect(contextWindowOf(provider, model), model).toBeGreaterThanOrEqual(100_000);
    expect(contextWindowOf(provider, 'whatever-7b')).toBe(32_000);
  }
});

test.each([
  [{ 'retry-after': '2' }, 2_000],
  [{ 'retry-after': '-2' }, undefined],
  [{ 'retry-after': 'soon' }, undefined],
  [{ 'retry-after': 'Tue, 24 Nov 2026 12:00:30 GMT' }, 30_000],
  [{ 'retry-after': 'Tue, 24 Nov 2026 11:00:00 GMT' }, 0],
  [{ 'retry-after': '86400' }, 3_600_000],
  [{ 'retry-after-ms': 'x', 'retry-after': '3' }, 3_000],
  [{}, undefined],
])('retry-after %j is %s ms', (headers, expected) => {
  expect(readRetryAfterMs(new Headers(headers as Record<string, string>), Date.parse('2026-11-24T12:00:00Z'))).toBe(expected);
});
