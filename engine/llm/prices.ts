import type { Model as AnthropicModel } from '@anthropic-ai/sdk/resources/messages/messages';
import type { ChatModel as OpenAiModel } from 'openai/resources/shared';
import type { LlmProvider } from '../../contracts/agents.ts';
import type { ModelUsage } from './language-model.ts';

/** US dollars per million tokens, which is micro-dollars per token. */
interface Price {
  input: number;
  output: number;
  cachedInput?: number;
  cacheWrite?: number;
  /** Other rates for the whole request once its prompt, cached parts included, is longer than this many tokens. */
  longPrompt?: { aboveTokens: number; input: number; output: number; cachedInput: number; cacheWrite: number };
}

const longer = (price: Price & { cachedInput: number; cacheWrite: number }): Price => ({
  ...price,
  longPrompt: { aboveTokens: 272_000, input: price.input * 2, output: price.output * 1.5, cachedInput: price.cachedInput * 2, cacheWrite: price.cacheWrite * 2 },
});

/**
 * Standard rates, without batch, priority or regional surcharges. A model that is not here costs an unknown amount, never nothing.
 * @see https://developers.openai.com/api/docs/pricing (2026-11)
 */
const openAiPrices: Partial<Record<OpenAiModel, Price>> = {
  'gpt-6-astra': longer({ input: 10, cachedInput: 1, cacheWrite: 12.5, output: 50 }),
  'gpt-6.1-sol': longer({ input: 2, cachedInput: 0.1, cacheWrite: 2.5, output: 10 }),
  'gpt-6.1-terra': longer({ input: 1, cachedInput: 0.05, cacheWrite: 1.25, output: 5 }),
  'gpt-6-sol': longer({ input: 2, cachedInput: 0.2, cacheWrite: 2.5, output: 10 }),
  'gpt-6-luna': longer({ input: 0.1, cachedInput: 0.01, cacheWrite: 0.125, output: 0.5 }),
  'gpt-5.6-terra': longer({ input: 2, cachedInput: 0.2, cacheWrite: 2.5, output: 12 }),
  'gpt-5.6-luna': longer({ input: 0.2, cachedInput: 0.02, cacheWrite: 0.25, output: 1.2 }),
  'gpt-5.4-mini': { input: 0.75, cachedInput: 0.075, output: 4.5 },
  'gpt-5.4-nano': { input: 0.2, cachedInput: 0.02, output: 1.25 },
};

/**
 * Cache writes at the five-minute rate, the one this system asks for.
 * @see https://platform.claude.com/docs/en/about-claude/pricing (2026-11)
 */
const anthropicPrices: Partial<Record<AnthropicModel, Price>> = {
  'claude-fable-5-1': { input: 10, cachedInput: 0.25, cacheWrite: 12.5, output: 50 },
  'claude-fable-5': { input: 10, cachedInput: 1, cacheWrite: 12.5, output: 50 },
  'claude-opus-5-5': { input: 4, cachedInput: 0.2, cacheWrite: 5, output: 20 },
  'claude-opus-5': { input: 5, cachedInput: 0.5, cacheWrite: 6.25, output: 25 },
  'claude-opus-4-8': { input: 5, cachedInput: 0.5, cacheWrite: 6.25, output: 25 },
  'claude-opus-4-7': { input: 5, cachedInput: 0.5, cacheWrite: 6.25, output: 25 },
  'claude-opus-4-6': { input: 5, cachedInput: 0.5, cacheWrite: 6.25, output: 25 },
  'claude-opus-4-5': { input: 5, cachedInput: 0.5, cacheWrite: 6.25, output: 25 },
  'claude-sonnet-5-5': { input: 2, cachedInput: 0.1, cacheWrite: 2.5, output: 10 },
  'claude-sonnet-5': { input: 2, cachedInput: 0.2, cacheWrite: 2.5, output: 10 },
  'claude-haiku-5-5': {
    input: 0.1, cachedInput: 0.01, cacheWrite: 0.125, output: 0.5,
    longPrompt: { aboveTokens: 100_000, input: 0.5, cachedInput: 0.05, cacheWrite: 0.625, output: 2.5 },
  },
  'claude-haiku-4-5': { input: 1, cachedInput: 0.1, cacheWrite: 1.25, output: 5 },
};

const prices: Record<LlmProvider, Record<string, Price>> = {
  openai: openAiPrices as Record<string, Price>,
  anthropic: anthropicPrices as Record<string, Price>,
  // Replayed from a file: nothing is called, so nothing is paid. A known zero.
  scripted: {},
};

/** `gpt-5.4-mini-2026-03-17` and `claude-opus-4-5-20251101` cost what their undated names cost. */
const withoutDate = (model: string): string => model.replace(/-(\d{4}-\d{2}-\d{2}|\d{8})$/, '');

const priceOf = (provider: LlmProvider, model: string): Price | undefined => {
  const table = prices[provider];
  for (const name of [model, withoutDate(model)]) if (Object.hasOwn(table, name)) return table[name];
  return undefined;
};

/** Cost of one call in micro-USD, rounded; undefined when the price or the tokens are unknown. Scripted calls cost 0. */
export function costMicroUsd(provider: LlmProvider, model: string, usage: ModelUsage): number | undefined {
  if (provider === 'scripted') return 0;
  const price = priceOf(provider, model);
  const { inputTokens, outputTokens, cachedInputTokens = 0, cacheWriteTokens = 0 } = usage;
  if (price === undefined || inputTokens === undefined || outputTokens === undefined) return undefined;
  const rates = price.longPrompt !== undefined && inputTokens > price.longPrompt.aboveTokens ? price.longPrompt : price;
  const plain = Math.max(0, inputTokens - cachedInputTokens - cacheWriteTokens);
  return Math.round(plain * rates.input + cachedInputTokens * (rates.cachedInput ?? rates.input) + cacheWriteTokens * (rates.cacheWrite ?? rates.input) + outputTokens * rates.output);
}

/** Models with a known price, best first as the provider lists them. */
export const listPricedModels = (provider: LlmProvider): string[] => Object.keys(prices[provider]);
