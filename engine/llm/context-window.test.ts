import { expect, test } from 'vitest';
import { contextWindowOf, isKnownModel } from './context-window.ts';
import { listPricedModels } from './prices/built-in-prices.ts';

test('every priced model reads at least 100,000 tokens; an unknown one is treated with care', () => {
  for (const provider of ['openai', 'anthropic'] as const) {
    for (const model of listPricedModels(provider)) expect(contextWindowOf(provider, model), model).toBeGreaterThanOrEqual(100_000);
    expect([contextWindowOf(provider, 'whatever-7b'), isKnownModel(provider, 'whatever-7b')]).toEqual([32_000, false]);
  }
});
