/** Tokens as a provider counted them; undefined where it did not say. */
export interface CallUsage {
  inputTokens: number | undefined;
  outputTokens: number | undefined;
  cachedInputTokens: number | undefined;
  cacheWriteTokens?: number | undefined;
  reasoningTokens: number | undefined;
}

/** The columns a table keeps a usage in; null where it is unknown. */
export interface UsageColumns {
  input_tokens: number | null;
  output_tokens: number | null;
  cached_input_tokens: number | null;
  cache_write_tokens: number | null;
  reasoning_tokens: number | null;
}

/** A usage as a row keeps it. */
export const toUsageColumns = (usage: CallUsage): UsageColumns => ({
  input_tokens: usage.inputTokens ?? null,
  output_tokens: usage.outputTokens ?? null,
  cached_input_tokens: usage.cachedInputTokens ?? null,
  cache_write_tokens: usage.cacheWriteTokens ?? null,
  reasoning_tokens: usage.reasoningTokens ?? null,
});

/** The usage a row keeps, in the contract's words. */
export const pickUsage = ({ input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, reasoning_tokens }: UsageColumns): UsageColumns => ({
  input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, reasoning_tokens,
});
