import { z } from 'zod';
import type { ModelUsage } from '../language-model.ts';

/** More than any model takes: a server that says so does not know. */
const count = z.number().int().nonnegative().max(1_000_000_000).nullish().catch(undefined).transform((value) => value ?? undefined);
const anthropicUsageSchema = z.object({
  input_tokens: count,
  output_tokens: count,
  cache_read_input_tokens: count,
  cache_creation_input_tokens: count,
  output_tokens_details: z.object({ thinking_tokens: count }).nullish().catch(undefined),
});

/** Usage of a message. `input_tokens` counts only what came from no cache, so the parts are added up. */
export function toUsage(usage: unknown): ModelUsage {
  const parsed = anthropicUsageSchema.safeParse(usage);
  if (!parsed.success) return { inputTokens: undefined, outputTokens: undefined, cachedInputTokens: undefined, cacheWriteTokens: undefined, reasoningTokens: undefined };
  const { input_tokens: input, cache_read_input_tokens: read, cache_creation_input_tokens: written, output_tokens: output, output_tokens_details: details } = parsed.data;
  return {
    inputTokens: input === undefined ? undefined : input + (read ?? 0) + (written ?? 0),
    outputTokens: output,
    cachedInputTokens: read,
    cacheWriteTokens: written,
    reasoningTokens: details?.thinking_tokens,
  };
}
