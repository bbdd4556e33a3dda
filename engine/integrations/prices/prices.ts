import type { Kysely } from 'kysely';
import type { ModelPrice, SetPriceBody } from '../../../contracts/connections.ts';
import { AppError, refuseField } from '../../../contracts/errors.ts';
import type { Database } from '../../../db/database.ts';
import { insertAuditEntry } from '../../../db/repositories/audit.repository.ts';
import { findConnection } from '../../../db/repositories/llm-connections.repository.ts';
import { deletePriceRow, findPrice, findPriceOf, listPriceRows, upsertPrice } from '../../../db/repositories/llm-prices.repository.ts';
import { newId } from '../../../platform/ids.ts';
import { type Actor, toAuditActor } from '../../governance/index.ts';
import { listBuiltInPrices } from '../../llm/index.ts';

interface Deps {
  db: Kysely<Database>;
}

const toAudited = ({ id: _id, is_built_in: _builtIn, updated_by: _editor, ...price }: ModelPrice) => price;

/** Prices an admin set, and after them the built-in ones: a set price wins over a built-in one of the same model. */
export async function listPrices({ db }: Deps): Promise<ModelPrice[]> {
  return [...(await listPriceRows(db)), ...listBuiltInPrices()];
}

/** A price may be set for a connection of its provider only: another one would never count. */
async function refuseWrongConnection(db: Kysely<Database>, { connection_id: connectionId, provider }: SetPriceBody): Promise<void> {
  if (connectionId === null || connectionId === provider) return;
  const connection = await findConnection(db, connectionId);
  const message = connection === undefined ? 'There is no such connection.' : connection.api === provider ? undefined : `The connection ${connection.name} does not speak the API of this provider.`;
  if (message !== undefined) refuseField('connection_id', message);
}

/** Sets the price of a model, for all connections of its provider or for one; what was set before is replaced. Throws VALIDATION_FAILED. */
export async function setPrice({ db }: Deps, { body, actor }: { body: SetPriceBody; actor: Actor }): Promise<ModelPrice> {
  return db.transaction().execute(async (trx) => {
    await refuseWrongConnection(trx, body);
    const before = await findPriceOf(trx, body);
    const id = await upsertPrice(trx, { ...body, id: newId(), updatedBy: actor.userId });
    const price = await findPrice(trx, id);
    if (price === undefined) throw new AppError('PRICE_NOT_FOUND', `price ${id}`);
    await insertAuditEntry(trx, {
      ...toAuditActor(actor), action: 'price.set', objectType: 'price', objectId: id,
      ...(before === undefined ? {} : { before: toAudited(before) }), after: toAudited(price),
    });
    return price;
  });
}

/** Takes a set price back: the built-in one counts again, if there is one. Throws PRICE_NOT_FOUND. */
export async function deletePrice({ db }: Deps, { priceId, actor }: { priceId: string; actor: Actor }): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const price = await findPrice(trx, priceId);
    if (price === undefined) throw new AppError('PRICE_NOT_FOUND', `price ${priceId}`);
    await deletePriceRow(trx, priceId);
    await insertAuditEntry(trx, { ...toAuditActor(actor), action: 'price.delete', objectType: 'price', objectId: priceId, before: toAudited(price) });
  });
}
