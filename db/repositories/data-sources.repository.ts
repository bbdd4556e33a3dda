import type { Kysely, Selectable, Transaction } from 'kysely';
import type { StagedTest } from '../../contracts/staged-tests.ts';
import type { Database } from '../database.ts';
import { toJsonb, toStorableText } from '../storable.ts';
import type { DataSourcesTable } from '../tables/tools.table.ts';

export type DataSourceRow = Selectable<DataSourcesTable>;
/** A data source with the name of whoever changed it last. */
export type DataSourceWithEditor = DataSourceRow & { editor: string | null };

/** What an admin sets of a data source. */
export type DataSourceValues = Pick<DataSourceRow, 'name' | 'description' | 'url' | 'password_sealed' | 'readable_tables' | 'private_columns' | 'max_rows' | 'statement_timeout_seconds' | 'is_enabled'>;

const isUuid = (text: string): boolean => /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text);

const toColumns = ({ name, description, url, password_sealed, readable_tables, private_columns, max_rows, statement_timeout_seconds, is_enabled }: DataSourceValues) => ({
  name, description: toStorableText(description), url: toStorableText(url), password_sealed, readable_tables: readable_tables === null ? null : toJsonb(readable_tables),
  private_columns: toJsonb(private_columns), max_rows, statement_timeout_seconds, is_enabled,
});

/** Adds a data source. A name that is taken violates `data_sources_name_key`. */
export async function insertDataSource(trx: Kysely<Database>, { id, values, createdBy }: { id: string; values: DataSourceValues; createdBy: string | null }): Promise<void> {
  await trx.insertInto('data_sources').values({ id, ...toColumns(values), created_by: createdBy, updated_by: createdBy }).execute();
}

/** Writes what may change of a data source, as its next version. */
export async function updateDataSourceRow(trx: Transaction<Database>, { id, values, version, updatedBy }: { id: string; values: DataSourceValues; version: number; updatedBy: string | null }): Promise<void> {
  await trx.updateTable('data_sources').set({ ...toColumns(values), version, updated_by: updatedBy, updated_at: new Date() }).where('id', '=', id).execute();
}

export async function findDataSourceRow(db: Kysely<Database>, id: string): Promise<DataSourceRow | undefined> {
  if (!isUuid(id)) return undefined;
  return db.selectFrom('data_sources').selectAll().where('id', '=', id).executeTakeFirst();
}

/** A data source, held until the transaction ends. */
export async function lockDataSource(trx: Transaction<Database>, id: string): Promise<DataSourceRow | undefined> {
  if (!isUuid(id)) return undefined;
  return trx.selectFrom('data_sources').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

/** All data sources an admin made, by name. */
export async function listDataSourceRows(db: Kysely<Database>): Promise<DataSourceWithEditor[]> {
  return db.selectFrom('data_sources').leftJoin('users', 'users.id', 'data_sources.updated_by').selectAll('data_sources').select('users.name as editor').orderBy('data_sources.name').execute();
}

/** The last test of each data source by its id, those of the configuration by their name. */
export async function listDataSourceTests(db: Kysely<Database>): Promise<Map<string, StagedTest>> {
  const rows = await db.selectFrom('data_source_states').selectAll().execute();
  return new Map(rows.flatMap(({ data_source_id: id, last_test: test }) => (test === null ? [] : [[id, test]])));
}

export async function saveDataSourceTest(db: Kysely<Database>, dataSourceId: string, test: StagedTest): Promise<void> {
  const change = { last_test: toJsonb(test) };
  await db.insertInto('data_source_states').values({ data_source_id: dataSourceId, ...change }).onConflict((conflict) => conflict.column('data_source_id').doUpdateSet(change)).execute();
}

/** Forgets what was found at a place that is no longer behind this data source. */
export async function forgetDataSourceTest(trx: Transaction<Database>, dataSourceId: string): Promise<void> {
  await trx.deleteFrom('data_source_states').where('data_source_id', '=', dataSourceId).execute();
}

/** Takes a data source away with what is known of it. */
export async function deleteDataSourceRow(trx: Transaction<Database>, id: string): Promise<void> {
  await trx.deleteFrom('data_sources').where('id', '=', id).execute();
  await forgetDataSourceTest(trx, id);
}

/** The data source of this name, and how often its settings were changed; undefined for one that comes from the configuration. */
export async function findDataSourceIdentity(db: Kysely<Database>, name: string): Promise<{ id: string; version: number } | undefined> {
  return db.selectFrom('data_sources').select(['id', 'version']).where('name', '=', name).executeTakeFirst();
}
