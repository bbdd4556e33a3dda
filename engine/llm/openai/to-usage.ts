import { z } from 'zod';
import type { ModelUsage } from '../language-model.ts';

/** More than any model takes: a server that says so does not know. */
const count = z.number().int().nonnegative().max(1_000_000_000).optional().catch(undefined);
const openAiUsageSchema = z.object({
  prompt_tokens: count,
  completion_tokens: count,
  prompt_tokens_details: z.object({ cached_tokens: count, cache_write_tokens: count }).nullish().catch(undefined),
  completion_tokens_details: z.object({ reasoning_tokens: count }).nullish().catch(undefined),
});

/** Usage of a chat completion. `prompt_tokens` already counts what was cached; a server that sends no usage leaves it unknown. */
export function toUsage(usage: unknown): ModelUsage {
  const parsed = openAiUsageSchema.safeParse(usage);
  const given = parsed.success ? parsed.data : {};
  return {
    inputTokens: given.prompt_tokens,
    outputTokens: given.completion_tokens,
    cachedInputTokens: given.prompt_tokens_details?.cached_tokens,
    cacheWriteTokens: given.prompt_tokens_details?.cache_write_tokens,
    reasoningTokens: given.completion_tokens_details?.reasoning_tokens,
  };
}
