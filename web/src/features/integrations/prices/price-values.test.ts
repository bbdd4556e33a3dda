import { type ModelPrice, setPriceBodySchema } from '@contracts/connections.ts';
import { expect, test } from 'vitest';
import { emptyPriceValues, filterPrices, today, toPriceBody, toPriceValues } from './price-values.ts';

const price: ModelPrice = {
  id: 'openai/gpt-x', connection_id: null, provider: 'openai', model: 'gpt-x', input: 1_100_000, output: 4_400_000, cached_input: 275_000, cache_write: null,
  source: 'platform.openai.com/pricing', as_of: '2026-11-01', is_built_in: true, updated_by: null,
};

test('a price taken as the start of another is sent as it was, to the micro-dollar, with the day it is now', () => {
  const { body, issues } = toPriceBody(toPriceValues(price));
  expect(issues).toEqual([]);
  expect(setPriceBodySchema.parse(body)).toMatchObject({ input: 1_100_000, output: 4_400_000, cached_input: 275_000, cache_write: null, as_of: today() });
});

test('what is missing is said in the order of the form and in words', () => {
  const { issues } = toPriceBody({ ...emptyPriceValues(), output: '1.2.3', as_of: '' });
  expect(issues.map(({ path }) => path)).toEqual(['model', 'input', 'output', 'source', 'as_of']);
  for (const { message } of issues) expect(message).not.toMatch(/NaN|expected|invalid/i);
});

test('an empty cached rate means the input rate counts, and 0 means it is free', () => {
  const values = toPriceValues(price);
  expect(toPriceBody({ ...values, cached_input: ' ' }).body.cached_input).toBeNull();
  expect(toPriceBody({ ...values, cached_input: '0' }).body.cached_input).toBe(0);
});

test('the day is the one of the reader, with its zeros', () => {
  expect(today(new Date(2026, 0, 5))).toBe('2026-01-05');
});

test('prices are found by all words, wherever they stand', () => {
  const all = [price, { ...price, id: 'b', model: 'claude-x', provider: 'anthropic' as const }];
  const nameOf = ({ provider }: ModelPrice): string => (provider === 'openai' ? 'Company proxy' : 'any');
  expect(filterPrices(all, 'GPT proxy', nameOf).map(({ model }) => model)).toEqual(['gpt-x']);
  expect(filterPrices(all, ' ', nameOf)).toHaveLength(2);
  expect(filterPrices(all, 'nothing', nameOf)).toEqual([]);
});
