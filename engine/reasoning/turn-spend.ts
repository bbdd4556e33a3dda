import type { ModelCallRow } from '../../db/repositories/model-calls.repository.ts';
import type { CallUsage } from '../../db/usage.ts';

/** What a turn took over all its calls; undefined parts are unknown. */
export interface TurnSpend {
  usage: CallUsage;
  costMicroUsd: number | undefined;
  tokens: number;
}

const add = (a: number | undefined, b: number | undefined): number | undefined => (a === undefined || b === undefined ? undefined : a + b);

/** A call that was answered; of one that failed nobody says what it took. */
const isPaid = (call: ModelCallRow): boolean => !call.is_cached && (call.action === 'repair' || call.input_tokens !== null || call.output_tokens !== null || call.cost_micro_usd !== null);

/** The spend of earlier calls of a turn (an answer that had to be repaired) and of the one that ends it, if any does. */
export function toTurnSpend(earlier: readonly ModelCallRow[], last?: { usage: CallUsage; costMicroUsd: number | undefined }): TurnSpend {
  const paid = earlier.filter(isPaid).map((call) => ({
    usage: {
      inputTokens: call.input_tokens ?? undefined, outputTokens: call.output_tokens ?? undefined, cachedInputTokens: call.cached_input_tokens ?? undefined,
      cacheWriteTokens: call.cache_write_tokens ?? undefined, reasoningTokens: call.reasoning_tokens ?? undefined,
    },
    costMicroUsd: call.cost_micro_usd ?? undefined,
  }));
  const [first, ...rest] = last === undefined ? paid : [...paid, last];
  if (first === undefined) return { usage: { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 }, costMicroUsd: 0, tokens: 0 };
  const sum = rest.reduce((a, b) => ({
    usage: {
      inputTokens: add(a.usage.inputTokens, b.usage.inputTokens), outputTokens: add(a.usage.outputTokens, b.usage.outputTokens),
      cachedInputTokens: add(a.usage.cachedInputTokens, b.usage.cachedInputTokens), cacheWriteTokens: add(a.usage.cacheWriteTokens, b.usage.cacheWriteTokens),
      reasoningTokens: add(a.usage.reasoningTokens, b.usage.reasoningTokens),
    },
    costMicroUsd: add(a.costMicroUsd, b.costMicroUsd),
  }), first);
  return { ...sum, tokens: (sum.usage.inputTokens ?? 0) + (sum.usage.outputTokens ?? 0) };
}
