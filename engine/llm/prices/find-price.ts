import type { ConnectionApi } from '../../../contracts/connections.ts';
import { findBuiltInPrice, priceNamesOf } from './built-in-prices.ts';
import type { Price, Rates } from './rates.ts';

interface PriceOverride extends Rates {
  connection_id: string | null;
  model: string;
}

/**
 * The price that counts for a model of a connection: what an admin set for this connection, else for the provider, else the built-in
 * one; under the model's own name before its undated one. A server that only speaks like a provider has no built-in price: what
 * `gpt-…` costs there is not known. Undefined: unknown, which is never nothing.
 */
export function findPrice({ api, connectionId, isOfficial, model }: { api: ConnectionApi; connectionId: string; isOfficial: boolean; model: string }, overrides: readonly PriceOverride[]): Price | undefined {
  const names = priceNamesOf(model);
  for (const scope of [connectionId, null]) {
    for (const name of names) {
      const found = overrides.find((price) => price.connection_id === scope && price.model === name);
      if (found !== undefined) return found;
    }
  }
  return isOfficial ? findBuiltInPrice(api, model) : undefined;
}
