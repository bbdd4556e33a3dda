import type { Transaction } from 'kysely';
import type { CreateDataSourceBody, DataSource, UpdateDataSourceBody } from '../../../contracts/data-sources.ts';
import { AppError, refuseField, toFieldError } from '../../../contracts/errors.ts';
import type { Database } from '../../../db/database.ts';
import { insertAuditEntry } from '../../../db/repositories/audit.repository.ts';
import { type DataSourceRow, type DataSourceValues, deleteDataSourceRow, forgetDataSourceTest, insertDataSource, lockDataSource, updateDataSourceRow } from '../../../db/repositories/data-sources.repository.ts';
import { insertConnectionChange } from '../../../db/repositories/events.repository.ts';
import { refusingDuplicates } from '../../../db/unique-violation.ts';
import { hashJson } from '../../../platform/hash-json.ts';
import { newId } from '../../../platform/ids.ts';
import { type Actor, toAuditActor } from '../../governance/index.ts';
import { sealedFor } from '../../secrets/index.ts';
import { isOwnAddress } from '../../tools/index.ts';
import { placeOf, toKeptAddress } from './address.ts';
import { refuseNamed } from '../refuse-named.ts';
import type { DataSourceDeps } from './data-source-deps.ts';
import { getDataSource, isBuiltInId, listUsers } from './read-data-sources.ts';

const toNameTaken = (cause?: unknown): AppError => toFieldError('CONNECTION_NAME_TAKEN', { path: 'name', message: 'Another data source already has this name.' }, cause);

/** Does the change in a transaction; then no tool of this process knows the old data sources any more. */
async function change(deps: DataSourceDeps, work: (trx: Transaction<Database>) => Promise<void>): Promise<void> {
  await refusingDuplicates({ data_sources_name_key: toNameTaken }, () => deps.db.transaction().execute(work));
  deps.tools.forget();
}

/** Locks a data source that may be changed. Throws CONNECTION_BUILT_IN and CONNECTION_NOT_FOUND. */
async function lock(deps: DataSourceDeps, trx: Transaction<Database>, id: string): Promise<DataSourceRow> {
  if (isBuiltInId(deps, id)) throw new AppError('CONNECTION_BUILT_IN', `data source ${id}`);
  const row = await lockDataSource(trx, id);
  if (row === undefined) throw new AppError('CONNECTION_NOT_FOUND', `data source ${id}`);
  return row;
}

/** What the audit keeps: never the password. */
const toAudited = ({ password_sealed: sealed, name, description, url, readable_tables, private_columns, max_rows, statement_timeout_seconds, is_enabled }: DataSourceValues) =>
  ({ name, description, url, readable_tables, private_columns, max_rows, statement_timeout_seconds, is_enabled, has_password: sealed !== null });

const auditBase = (actor: Actor, id: string) => ({ ...toAuditActor(actor), objectType: 'data_source', objectId: id });

/** Throws VALIDATION_FAILED and CONNECTION_NAME_TAKEN for what could be stored and would never be used. */
function checkUsable({ config }: DataSourceDeps, { name, url }: Pick<DataSourceValues, 'name' | 'url'>): void {
  if (isBuiltInId({ config }, name)) throw toNameTaken();
  if (isOwnAddress(url, config.database.url)) refuseField('url', 'This is Maestro\'s own database, which agents never read.');
}

/** Adds a data source; the password is sealed and never sent back. Throws CONNECTION_NAME_TAKEN and VALIDATION_FAILED. */
export async function createDataSource(deps: DataSourceDeps, { body, actor }: { body: CreateDataSourceBody; actor: Actor }): Promise<DataSource> {
  const { password, ...given } = body;
  const id = newId();
  const values: DataSourceValues = { ...given, url: toKeptAddress(body.url), password_sealed: password === null ? null : deps.secretBox.seal(password, sealedFor({ kind: 'data_source', id })) };
  checkUsable(deps, values);
  await change(deps, async (trx) => {
    await insertDataSource(trx, { id, values, createdBy: actor.userId });
    await insertConnectionChange(trx, id, 'created');
    await insertAuditEntry(trx, { ...auditBase(actor, id), action: 'data_source.create', after: toAudited(values) });
  });
  return getDataSource(deps, id);
}

/** The password after a change: the new one, or the stored one as long as it goes where it was meant for. */
function passwordAfter(row: DataSourceRow, { password }: UpdateDataSourceBody, url: string, { secretBox }: DataSourceDeps): string | null {
  if (typeof password === 'string') return secretBox.seal(password, sealedFor({ kind: 'data_source', id: row.id }));
  return password === null || placeOf(url) !== placeOf(row.url) ? null : row.password_sealed;
}

/**
 * Changes a data source. A stored password is never sent to another host, port, role or database: without being given anew it is dropped,
 * which the answer shows as `has_password` false. Another address or password forgets the last test. A change that changes nothing makes no
 * version. Throws CONNECTION_BUILT_IN, CONNECTION_NOT_FOUND, CONNECTION_CHANGED, CONNECTION_NAME_TAKEN, CONNECTION_NAMED (another name, while live
 * policies go by the old or the new one) and VALIDATION_FAILED.
 */
export async function updateDataSource(deps: DataSourceDeps, { dataSourceId, body, actor }: { dataSourceId: string; body: UpdateDataSourceBody; actor: Actor }): Promise<DataSource> {
  await change(deps, async (trx) => {
    const row = await lock(deps, trx, dataSourceId);
    const { version, password: _password, ...given } = body;
    if (version !== row.version) throw new AppError('CONNECTION_CHANGED', undefined, { details: { version: row.version } });
    const url = body.url === undefined ? row.url : toKeptAddress(body.url);
    const fields = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<DataSourceValues>;
    const after: DataSourceValues = { ...row, ...fields, url, password_sealed: passwordAfter(row, body, url, deps) };
    // Another's name in the configuration may have come later; what is not renamed here stays as it is.
    if (after.name !== row.name || url !== row.url) checkUsable(deps, after);
    if (after.name !== row.name) await refuseNamed(trx, 'DataSource', [row.name, after.name]);
    const isOtherServer = url !== row.url || after.password_sealed !== row.password_sealed;
    if (!isOtherServer && hashJson(toAudited(after)) === hashJson(toAudited(row))) return;
    await updateDataSourceRow(trx, { id: row.id, values: after, version: row.version + 1, updatedBy: actor.userId });
    if (isOtherServer) await forgetDataSourceTest(trx, row.id);
    await insertConnectionChange(trx, row.id, 'updated');
    await insertAuditEntry(trx, {
      ...auditBase(actor, row.id), action: 'data_source.update', before: toAudited(row), after: { ...toAudited(after), ...(typeof body.password === 'string' ? { password_replaced: true } : {}) },
    });
  });
  return getDataSource(deps, dataSourceId);
}

/**
 * Deletes a data source with its password. One that is switched on while agents have `run_sql` is deleted only when its name is given:
 * CONNECTION_IN_USE else, with `details.agents`. One that live policies name stays (CONNECTION_NAMED): another could follow under its name. Throws
 * CONNECTION_BUILT_IN, CONNECTION_NOT_FOUND, and VALIDATION_FAILED for another name.
 */
export async function deleteDataSource(deps: DataSourceDeps, { dataSourceId, name, actor }: { dataSourceId: string; name?: string | undefined; actor: Actor }): Promise<void> {
  await change(deps, async (trx) => {
    const row = await lock(deps, trx, dataSourceId);
    if (name !== undefined && name !== row.name) refuseField('name', 'This is not the name of the data source.');
    const agents = row.is_enabled ? await listUsers(trx) : [];
    if (name === undefined && agents.length > 0) throw new AppError('CONNECTION_IN_USE', undefined, { details: { agents } });
    await refuseNamed(trx, 'DataSource', [row.name]);
    await deleteDataSourceRow(trx, row.id);
    await insertConnectionChange(trx, row.id, 'deleted');
    await insertAuditEntry(trx, { ...auditBase(actor, row.id), action: 'data_source.delete', before: toAudited(row) });
  });
}
