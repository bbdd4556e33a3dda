import type { Kysely } from 'kysely';
import type { Connection, ConnectionApi, CreateConnectionBody, UpdateConnectionBody } from '../../../contracts/connections.ts';
import { AppError, refuseField, toFieldError } from '../../../contracts/errors.ts';
import type { Database } from '../../../db/database.ts';
import { insertAuditEntry } from '../../../db/repositories/audit.repository.ts';
import { insertConnectionChange } from '../../../db/repositories/events.repository.ts';
import { type ConnectionRow, deleteConnectionRow, forgetConnection, insertConnection, listConnectionUses, lockConnection, updateConnectionRow } from '../../../db/repositories/llm-connections.repository.ts';
import { deletePricesOfConnection } from '../../../db/repositories/llm-prices.repository.ts';
import { refusingDuplicates } from '../../../db/unique-violation.ts';
import { hashJson } from '../../../platform/hash-json.ts';
import { newId } from '../../../platform/ids.ts';
import { type Actor, toAuditActor } from '../../governance/index.ts';
import { addressOf, apiFacts, keyOwner } from '../../llm/index.ts';
import { toKeyHint } from '../../secrets/index.ts';
import type { ConnectionDeps } from './connection-deps.ts';
import { getConnection, isBuiltInId } from './read-connections.ts';
import { toAudited } from './to-connection.ts';

/** The base URL as it is kept: null where it is the provider's own. */
function toKept(api: ConnectionApi, baseUrl: string | null): string | null {
  if (baseUrl === null) return null;
  if (/[?#]/.test(baseUrl)) refuseField('base_url', 'Leave out everything from ? or # on: paths are added at the end.');
  const kept = baseUrl.replace(/\/+$/, '');
  return kept === apiFacts[api].officialUrl ? null : kept;
}

const takenName = { llm_connections_name_key: (cause: unknown): AppError => toFieldError('CONNECTION_NAME_TAKEN', { path: 'name', message: 'Another connection already has this name.' }, cause) };

/** Locks a connection that may be changed. Throws CONNECTION_BUILT_IN and CONNECTION_NOT_FOUND. */
async function lock(trx: Parameters<typeof lockConnection>[0], connectionId: string): Promise<ConnectionRow> {
  if (isBuiltInId(connectionId)) throw new AppError('CONNECTION_BUILT_IN', `connection ${connectionId}`);
  const row = await lockConnection(trx, connectionId);
  if (row === undefined) throw new AppError('CONNECTION_NOT_FOUND', `connection ${connectionId}`);
  return row;
}


/** Adds a connection; the key is sealed and never sent back. Throws CONNECTION_NAME_TAKEN and VALIDATION_FAILED. */
export async function createConnection(deps: ConnectionDeps, { body, actor }: { body: CreateConnectionBody; actor: Actor }): Promise<Connection> {
  const { name, api, api_key: apiKey, limits, is_enabled: isEnabled } = body;
  const baseUrl = toKept(api, body.base_url);
  const id = newId();
  const apiKeySealed = apiKey === null ? null : deps.secretBox.seal(apiKey, keyOwner(id));
  await refusingDuplicates(takenName, () => deps.db.transaction().execute(async (trx) => {
    await insertConnection(trx, { id, name, api, baseUrl, apiKeySealed, apiKeyHint: apiKey === null ? null : toKeyHint(apiKey), limits, isEnabled, createdBy: actor.userId });
    await insertConnectionChange(trx, id, 'created');
    await insertAuditEntry(trx, {
      ...toAuditActor(actor), action: 'connection.create', objectType: 'connection', objectId: id,
      after: toAudited({ name, api, base_url: baseUrl, limits, is_enabled: isEnabled, api_key_sealed: apiKeySealed }),
    });
  }));
  return getConnection(deps, id);
}

/** The key after a change: the new one, or the stored one as long as it goes to where it was meant for. */
function keyAfter(row: ConnectionRow, body: UpdateConnectionBody, baseUrl: string | null, { secretBox }: Pick<ConnectionDeps, 'secretBox'>): Pick<ConnectionRow, 'api_key_sealed' | 'api_key_hint'> {
  if (typeof body.api_key === 'string') return { api_key_sealed: secretBox.seal(body.api_key, keyOwner(row.id)), api_key_hint: toKeyHint(body.api_key) };
  const originOf = (url: string | null): string => new URL(addressOf({ api: row.api, baseUrl: url })).origin;
  if (body.api_key === null || originOf(baseUrl) !== originOf(row.base_url)) return { api_key_sealed: null, api_key_hint: null };
  return { api_key_sealed: row.api_key_sealed, api_key_hint: row.api_key_hint };
}

/**
 * Changes a connection. A stored key is never sent to a new host: another origin without the key given anew drops it, which the
 * answer shows as `api_key_hint` null. Another address or key forgets what was learned of the server. A change that changes nothing
 * makes no version. Throws CONNECTION_BUILT_IN, CONNECTION_NOT_FOUND, CONNECTION_CHANGED, CONNECTION_NAME_TAKEN and VALIDATION_FAILED.
 */
export async function updateConnection(deps: ConnectionDeps, { connectionId, body, actor }: { connectionId: string; body: UpdateConnectionBody; actor: Actor }): Promise<Connection> {
  await refusingDuplicates(takenName, () => deps.db.transaction().execute(async (trx) => {
    const row = await lock(trx, connectionId);
    if (body.version !== row.version) throw new AppError('CONNECTION_CHANGED', undefined, { details: { version: row.version } });
    const baseUrl = body.base_url === undefined ? row.base_url : toKept(row.api, body.base_url);
    const after = { ...row, name: body.name ?? row.name, base_url: baseUrl, limits: body.limits ?? row.limits, is_enabled: body.is_enabled ?? row.is_enabled, ...keyAfter(row, body, baseUrl, deps) };
    const isOtherServer = after.base_url !== row.base_url || after.api_key_sealed !== row.api_key_sealed;
    if (!isOtherServer && hashJson(toAudited(after)) === hashJson(toAudited(row))) return;
    await updateConnectionRow(trx, {
      id: row.id, name: after.name, baseUrl, apiKeySealed: after.api_key_sealed, apiKeyHint: after.api_key_hint, limits: after.limits, isEnabled: after.is_enabled,
      version: row.version + 1, updatedBy: actor.userId,
    });
    if (isOtherServer) await forgetConnection(trx, row.id);
    await insertConnectionChange(trx, row.id, 'updated');
    await insertAuditEntry(trx, {
      ...toAuditActor(actor), action: 'connection.update', objectType: 'connection', objectId: row.id, before: toAudited(row),
      after: { ...toAudited(after), ...(typeof body.api_key === 'string' ? { key_replaced: true } : {}) },
    });
  }));
  return getConnection(deps, connectionId);
}

/**
 * Deletes a connection with its key and prices. One that agents or open runs use is deleted only when its name is given: CONNECTION_IN_USE
 * else, with `details.agents` and `details.open_runs`. Throws CONNECTION_BUILT_IN, CONNECTION_NOT_FOUND, and VALIDATION_FAILED for another name.
 */
export async function deleteConnection({ db }: { db: Kysely<Database> }, { connectionId, name, actor }: { connectionId: string; name?: string | undefined; actor: Actor }): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const row = await lock(trx, connectionId);
    if (name !== undefined && name !== row.name) refuseField('name', 'This is not the name of the connection.');
    const uses = (await listConnectionUses(trx)).get(row.id);
    if (name === undefined && uses !== undefined) throw new AppError('CONNECTION_IN_USE', undefined, { details: { agents: uses.agents, open_runs: uses.openRuns } });
    await deleteConnectionRow(trx, row.id);
    await deletePricesOfConnection(trx, row.id);
    await insertConnectionChange(trx, row.id, 'deleted');
    await insertAuditEntry(trx, { ...toAuditActor(actor), action: 'connection.delete', objectType: 'connection', objectId: row.id, before: toAudited(row) });
  });
}
