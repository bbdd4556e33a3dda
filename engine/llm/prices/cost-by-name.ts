import type { LlmProvider } from '../../../contracts/agents.ts';
import type { ModelUsage } from '../language-model.ts';
import { findBuiltInPrice } from './built-in-prices.ts';
import { costOf } from './rates.ts';

/** Cost at the provider's own prices. */
export function costMicroUsd(provider: LlmProvider, model: string, usage: ModelUsage): number | undefined {
  if (provider === 'scripted') return 0;
  const price = findBuiltInPrice(provider, model);
  return price === undefined ? undefined : costOf(price, usage);
}
