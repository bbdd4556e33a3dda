import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { connectionApiSchema, type ConnectionApi, type ModelPrice } from '../../../contracts/connections.ts';
import type { Price } from './rates.ts';

const rate = z.number().int().nonnegative();
const rates = { input: rate, output: rate, cached_input: rate.nullable(), cache_write: rate.nullable() };
const tableSchema = z.strictObject({
  provider: connectionApiSchema,
  source: z.url(),
  /** The day all of them were read there. */
  as_of: z.iso.date(),
  note: z.string(),
  models: z.record(z.string(), z.strictObject({ ...rates, long_prompt: z.strictObject({ above_tokens: rate, ...rates }).optional() })),
});

const load = (api: ConnectionApi) => tableSchema.parse(JSON.parse(readFileSync(join(import.meta.dirname, `${api}.json`), 'utf8')));
const tables = { openai: load('openai'), anthropic: load('anthropic') };

/** Names under which a model's price may be found, closest first: `gpt-5.4-mini-2026-03-17` costs what `gpt-5.4-mini` costs. */
export const priceNamesOf = (model: string): string[] => [...new Set([model, model.replace(/-(\d{4}-\d{2}-\d{2}|\d{8})$/, '')])];

/** What the provider itself takes for a model; undefined for a model that is not known: it costs an unknown amount, never nothing. */
export function findBuiltInPrice(api: ConnectionApi, model: string): Price | undefined {
  const { models } = tables[api];
  const name = priceNamesOf(model).find((candidate) => Object.hasOwn(models, candidate));
  return name === undefined ? undefined : models[name];
}

/** Models with a known price, in the provider's own order. */
export const listPricedModels = (api: ConnectionApi): string[] => Object.keys(tables[api].models);

/** The model among `names` with the lowest built-in price of output; undefined when none has a price. */
export const cheapestOf = (api: ConnectionApi, names: readonly string[]): string | undefined =>
  names.map((name) => ({ name, output: findBuiltInPrice(api, name)?.output ?? Infinity })).filter(({ output }) => output !== Infinity).toSorted((a, b) => a.output - b.output)[0]?.name;

/** The built-in table as it is shown. */
export const listBuiltInPrices = (): ModelPrice[] =>
  Object.values(tables).flatMap(({ provider, source, as_of, models }) =>
    Object.entries(models).map(([model, { long_prompt: _long, ...price }]) => ({ id: `${provider}:${model}`, connection_id: null, provider, model, ...price, source, as_of, is_built_in: true, updated_by: null })));
