import type { Kysely } from 'kysely';
import type { Database } from '../../../db/database.ts';
import { type DataSourceRow, findDataSourceRow, listDataSourceRows } from '../../../db/repositories/data-sources.repository.ts';
import type { Config } from '../../../platform/config.ts';
import type { SecretBox } from '../../../platform/secret-box.ts';
import { sealedFor } from '../../secrets/index.ts';

/** A data source as `run_sql` and `describe_data_source` reach it. */
export interface DataSourceAccess {
  name: string;
  description: string;
  /** With password. */
  connectionString: string;
  /** `orders` (of schema public), `sales.orders`, `sales.*`; null: whatever the role may read. */
  readableTables: readonly string[] | null;
  /** `customers.email` (of schema public), `sales.customers.*`: reading them makes a query HIGH risk. */
  privateColumns: readonly string[];
  maxRows: number;
  statementTimeoutMs: number;
  /** Why it cannot be used, e.g. a password sealed with another key; null when it can. */
  problem: string | null;
}

export interface DataSourceDeps {
  db: Kysely<Database>;
  config: Pick<Config, 'tools'>;
  secretBox: SecretBox;
}

const defaults = { description: '', readableTables: null, privateColumns: [], maxRows: 1_000, statementTimeoutMs: 30_000, problem: null } as const;

/**
 * An address without password as pg takes it. `require` is written out as what pg means by it, the certificate being checked, because
 * its next major version will mean less.
 */
export function toConnectionString(address: string, password: string | null): string {
  const url = new URL(address);
  if (password !== null) url.password = encodeURIComponent(password);
  if (url.searchParams.get('sslmode') === 'require') url.searchParams.set('sslmode', 'verify-full');
  return url.href;
}

function toStored(row: DataSourceRow, secretBox: SecretBox): DataSourceAccess {
  const { id, name, description, url, password_sealed: sealed, readable_tables: readableTables, private_columns: privateColumns, max_rows: maxRows } = row;
  const base = { name, description, readableTables, privateColumns, maxRows, statementTimeoutMs: row.statement_timeout_seconds * 1_000 };
  try {
    return { ...base, connectionString: toConnectionString(url, sealed === null ? null : secretBox.open(sealed, sealedFor({ kind: 'data_source', id }))), problem: null };
  } catch (error) {
    return { ...base, connectionString: toConnectionString(url, null), problem: `The stored password of ${name} cannot be used: ${error instanceof Error ? error.message : 'it cannot be read'} An admin has to enter it again.` };
  }
}

/** The data sources of the configuration, by name: what is known of them without the database. */
export const listConfiguredDataSources = (config: DataSourceDeps['config']): DataSourceAccess[] => Object.entries(config.tools.dataSources).map(([name, connectionString]) => ({ name, connectionString, ...defaults }));

/**
 * The data sources agents may read now: those of the configuration and those an admin made and left on, by name. A stored one with the
 * name of a configured one is not used: what the configuration says cannot be redirected from the app.
 */
export async function loadDataSources({ db, config, secretBox }: DataSourceDeps): Promise<DataSourceAccess[]> {
  const configured = listConfiguredDataSources(config);
  const names = new Set(configured.map(({ name }) => name));
  const rows = (await listDataSourceRows(db)).filter((row) => row.is_enabled && !names.has(row.name));
  return [...configured, ...rows.map((row) => toStored(row, secretBox))].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** One data source, switched on or not: by the name of a configured or the id of a stored one. */
export async function findDataSource({ db, config, secretBox }: DataSourceDeps, id: string): Promise<DataSourceAccess | undefined> {
  const configured = listConfiguredDataSources(config).find(({ name }) => name === id);
  if (configured !== undefined) return configured;
  const row = await findDataSourceRow(db, id);
  return row === undefined ? undefined : toStored(row, secretBox);
}
