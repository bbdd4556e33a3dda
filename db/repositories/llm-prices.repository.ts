import { type Kysely, sql } from 'kysely';
import type { ConnectionApi, ModelPrice, SetPriceBody } from '../../contracts/connections.ts';
import type { Database } from '../database.ts';
import { toStorableText } from '../storable.ts';

const asText = sql<string>`to_char(llm_prices.as_of, 'YYYY-MM-DD')`;
const rows = (db: Kysely<Database>) =>
  db
    .selectFrom('llm_prices')
    .leftJoin('users', 'users.id', 'llm_prices.updated_by')
    .select([
      'llm_prices.id', 'llm_prices.connection_id', 'llm_prices.provider', 'llm_prices.model', 'llm_prices.input', 'llm_prices.output', 'llm_prices.cached_input',
      'llm_prices.cache_write', 'llm_prices.source', asText.as('as_of'), 'users.name as updated_by',
    ]);
const toPrice = (row: Omit<ModelPrice, 'is_built_in'>): ModelPrice => ({ ...row, is_built_in: false });

/** Prices an admin set, by provider, model and connection. */
export async function listPriceRows(db: Kysely<Database>): Promise<ModelPrice[]> {
  return (await rows(db).orderBy('llm_prices.provider').orderBy('llm_prices.model').orderBy('llm_prices.connection_id').execute()).map(toPrice);
}

export async function findPrice(db: Kysely<Database>, priceId: string): Promise<ModelPrice | undefined> {
  const row = await rows(db).where('llm_prices.id', '=', priceId).executeTakeFirst();
  return row === undefined ? undefined : toPrice(row);
}

/** The price set for exactly this connection (null: any of the provider) and model. */
export async function findPriceOf(db: Kysely<Database>, { connection_id: connectionId, provider, model }: Pick<SetPriceBody, 'connection_id' | 'provider' | 'model'>): Promise<ModelPrice | undefined> {
  const row = await rows(db).where('llm_prices.provider', '=', provider).where('llm_prices.model', '=', model).where('llm_prices.connection_id', 'is not distinct from', connectionId).executeTakeFirst();
  return row === undefined ? undefined : toPrice(row);
}

/** Sets a price; one that is there for the same connection, provider and model is replaced and keeps its id, which is returned. */
export async function upsertPrice(trx: Kysely<Database>, price: SetPriceBody & { id: string; updatedBy: string | null }): Promise<string> {
  const { id, updatedBy, ...rest } = price;
  const values = { ...rest, model: toStorableText(rest.model), source: toStorableText(rest.source), updated_by: updatedBy, updated_at: new Date() };
  const { input, output, cached_input, cache_write, source, as_of, updated_by, updated_at } = values;
  const row = await trx
    .insertInto('llm_prices')
    .values({ id, ...values })
    .onConflict((conflict) => conflict.expression(sql`provider, model, coalesce(connection_id, '')`).doUpdateSet({ input, output, cached_input, cache_write, source, as_of, updated_by, updated_at }))
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}

export async function deletePriceRow(trx: Kysely<Database>, priceId: string): Promise<void> {
  await trx.deleteFrom('llm_prices').where('id', '=', priceId).execute();
}

export async function deletePricesOfConnection(trx: Kysely<Database>, connectionId: string): Promise<void> {
  await trx.deleteFrom('llm_prices').where('connection_id', '=', connectionId).execute();
}

/** What an admin set for a model of a connection under any of its names. */
export type PriceOverride = Pick<ModelPrice, 'connection_id' | 'model' | 'input' | 'output' | 'cached_input' | 'cache_write'> & { provider: ConnectionApi };
