import type { Model as AnthropicModel } from '@anthropic-ai/sdk/resources/messages/messages';
import type { ChatModel as OpenAiModel } from 'openai/resources/shared';
import { expect, test } from 'vitest';
import { type ConnectionApi, priceSchema } from '../../../contracts/connections.ts';
import type { ModelUsage } from '../language-model.ts';
import { findBuiltInPrice, listBuiltInPrices, listPricedModels } from './built-in-prices.ts';
import { costOf, type Price } from './rates.ts';

const usage = (inputTokens: number | undefined, outputTokens: number | undefined, cachedInputTokens?: number, cacheWriteTokens?: number): ModelUsage => ({ inputTokens, outputTokens, cachedInputTokens, cacheWriteTokens, reasoningTokens: undefined });

test.each<[string, ConnectionApi, string, ModelUsage, number | undefined]>([
  ['plain tokens', 'openai', 'gpt-6.1-sol' satisfies OpenAiModel, usage(1_000, 100), 3_000],
  ['a dated name costs what the model costs', 'openai', 'gpt-5.4-mini-2026-03-17', usage(1_000, 100), 1_200],
  ['another form of date', 'anthropic', 'claude-haiku-4-5-20251001', usage(1_000, 100), 1_500],
  ['cached and written tokens have their own rates', 'anthropic', 'claude-opus-5-5' satisfies AnthropicModel, usage(1_000, 100, 600, 300), 100 * 4 + 600 * 0.2 + 300 * 5 + 100 * 20],
  ['a long prompt costs more throughout', 'openai', 'gpt-6-sol', usage(300_000, 100), 300_000 * 4 + 100 * 15],
  ['a long prompt counts its cached parts, which have a long rate too', 'openai', 'gpt-6-sol', usage(300_000, 0, 299_000, 500), 500 * 4 + 299_000 * 0.4 + 500 * 5],
  ['the threshold itself is not long', 'anthropic', 'claude-haiku-5-5', usage(100_000, 100), 10_050],
  ['one token more is', 'anthropic', 'claude-haiku-5-5', usage(100_001, 100), 50_251],
  ['cached tokens without a rate of their own cost what input costs', 'openai', 'gpt-5.4-mini', usage(1_000, 0, 0, 400), 750],
  ['unknown input', 'openai', 'gpt-6-sol', usage(undefined, 100), undefined],
  ['unknown output', 'openai', 'gpt-6-sol', usage(1_000, undefined), undefined],
  ['a whole number of micro-dollars', 'openai', 'gpt-6-luna', usage(7, 0), 1],
  ['more cached than sent is a mistake of the server, not money back', 'openai', 'gpt-6-sol', usage(100, 0, 200), 40],
])('cost: %s', (_what, api, model, used, expected) => {
  expect(costOf(findBuiltInPrice(api, model) as Price, used)).toBe(expected);
});

test('the largest rate and a hundred million tokens are counted exactly', () => {
  expect(costOf({ input: 999_999_999_999, output: 1, cached_input: null, cache_write: null }, usage(99_999_999, 1))).toBe(99_999_998_999_900);
});

test.each(['qwen3', 'constructor', '__proto__', ''])('%j has no built-in price', (model) => {
  expect(findBuiltInPrice('openai', model)).toBeUndefined();
});

test('each built-in price says where and when it was read', () => {
  const prices = listBuiltInPrices();
  expect(prices).toHaveLength(listPricedModels('openai').length + listPricedModels('anthropic').length);
  expect(new Set(prices.map(({ id }) => id)).size).toBe(prices.length);
  for (const price of prices) {
    expect(priceSchema.parse(price)).toEqual(price);
    expect(price).toMatchObject({ is_built_in: true, source: expect.stringMatching(/^https:\/\//) as string, as_of: expect.stringMatching(/^2026-/) as string });
  }
});
