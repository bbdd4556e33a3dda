import type { ModelUsage } from '../language-model.ts';

/** micro-USD per million tokens. Null: not charged apart, the input rate counts. */
export interface Rates {
  input: number;
  output: number;
  cached_input: number | null;
  cache_write: number | null;
}

export interface Price extends Rates {
  /** Other rates for the whole request once its prompt, cached parts included, is longer than this many tokens. */
  long_prompt?: (Rates & { above_tokens: number }) | undefined;
}

const million = 1_000_000n;
const product = (tokens: number, rate: number): bigint => BigInt(Math.max(0, Math.round(tokens))) * BigInt(rate);

/** Cost of one call in whole micro-USD, rounded half up; undefined when the provider did not say how many tokens. */
export function costOf(price: Price, usage: ModelUsage): number | undefined {
  const { inputTokens, outputTokens, cachedInputTokens = 0, cacheWriteTokens = 0 } = usage;
  if (inputTokens === undefined || outputTokens === undefined) return undefined;
  const rates = price.long_prompt !== undefined && inputTokens > price.long_prompt.above_tokens ? price.long_prompt : price;
  const sum =
    product(inputTokens - cachedInputTokens - cacheWriteTokens, rates.input) +
    product(cachedInputTokens, rates.cached_input ?? rates.input) +
    product(cacheWriteTokens, rates.cache_write ?? rates.input) +
    product(outputTokens, rates.output);
  return Number((sum + million / 2n) / million);
}
