import type { ModelPrice, SetPriceBody } from '@contracts/connections.ts';
import { setPriceBodySchema } from '@contracts/connections.ts';
import type { FieldIssue } from '@contracts/errors.ts';
import { dollarsToMicroUsd, microUsdToDollars } from './dollars.ts';

export const rates = ['input', 'output', 'cached_input', 'cache_write'] as const;
type Rate = (typeof rates)[number];

/** A price as its form holds it: dollars per million tokens as typed. */
export interface PriceValues extends Record<Rate, string> {
  provider: SetPriceBody['provider'];
  /** Empty: any connection of the provider. */
  connection_id: string;
  model: string;
  source: string;
  as_of: string;
}

/** The day it is where the reader sits, as the contract writes days. */
export const today = (now = new Date()): string => [now.getFullYear(), String(now.getMonth() + 1).padStart(2, '0'), String(now.getDate()).padStart(2, '0')].join('-');

export const emptyPriceValues = (): PriceValues => ({ provider: 'openai', connection_id: '', model: '', input: '', output: '', cached_input: '', cache_write: '', source: '', as_of: today() });

const typed = (rate: number | null): string => (rate === null ? '' : microUsdToDollars(rate));

/** A price in the table as the start of another one; its day is today, since it is looked up anew. */
export const toPriceValues = (price: ModelPrice): PriceValues => ({
  provider: price.provider, connection_id: price.connection_id ?? '', model: price.model, input: typed(price.input), output: typed(price.output),
  cached_input: typed(price.cached_input), cache_write: typed(price.cache_write), source: price.source, as_of: today(),
});

export const priceFields = ['provider', 'connection_id', 'model', ...rates, 'source', 'as_of'] as const;
export const providerWords: Record<PriceValues['provider'], string> = { openai: 'OpenAI', anthropic: 'Anthropic' };
export const rateLabels: Record<Rate, string> = { input: 'Input', output: 'Output', cached_input: 'Cached input', cache_write: 'Cache write' };

/** The body that sets the price, to the micro-dollar, or what is wrong with which field. */
export const toPriceBody = (values: PriceValues): { body: SetPriceBody; issues: FieldIssue[] } => {
  const issues: FieldIssue[] = [];
  const required = (rate: Rate): number => {
    const micro = dollarsToMicroUsd(values[rate]);
    if (micro === undefined) issues.push({ path: rate, message: `${rateLabels[rate]}: dollars, such as 2.50.` });
    return micro ?? 0;
  };
  const optional = (rate: Rate): number | null => (values[rate].trim() === '' ? null : required(rate));
  const body: SetPriceBody = {
    provider: values.provider, connection_id: values.connection_id === '' ? null : values.connection_id, model: values.model.trim(),
    input: required('input'), output: required('output'), cached_input: optional('cached_input'), cache_write: optional('cache_write'),
    source: values.source.trim(), as_of: values.as_of,
  };
  if (body.model === '') issues.push({ path: 'model', message: 'Name the model as the provider does.' });
  const parsed = setPriceBodySchema.safeParse(body);
  for (const { path, message } of parsed.success ? [] : parsed.error.issues) {
    const field = path.join('.');
    if (!issues.some((issue) => issue.path === field)) issues.push({ path: field, message: field === 'as_of' ? 'As of: a day, such as 2026-11-24.' : message });
  }
  return { body, issues: issues.toSorted((a, b) => priceFields.indexOf(a.path as never) - priceFields.indexOf(b.path as never)) };
};

/** Prices whose model, provider, connection or source has all the words. */
export const filterPrices = (prices: readonly ModelPrice[], text: string, nameOf: (price: ModelPrice) => string): ModelPrice[] => {
  const words = text.toLowerCase().split(/\s+/).filter((word) => word !== '');
  return prices.filter((price) => {
    const all = `${price.model} ${price.provider} ${nameOf(price)} ${price.source}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
};
