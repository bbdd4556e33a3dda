import type { DataSource } from '../../../contracts/data-sources.ts';
import { AppError } from '../../../contracts/errors.ts';
import type { StagedTest } from '../../../contracts/staged-tests.ts';
import { listAgentRows } from '../../../db/repositories/agents.repository.ts';
import { type DataSourceWithEditor, listDataSourceRows, listDataSourceTests } from '../../../db/repositories/data-sources.repository.ts';
import { type DataSourceAccess, loadDataSources } from '../../tools/index.ts';
import { hasPassword, toShownAddress } from './address.ts';
import type { DataSourceReadDeps } from './data-source-deps.ts';

/** So many users of a data source are named; who deletes one sees them. */
const usersNamed = 200;

/** The agents that may read data sources: every one with `run_sql`, since an agent is given the tool and not a source. */
export async function listUsers(db: DataSourceReadDeps['db']): Promise<DataSource['used_by_agents']> {
  const rows = await listAgentRows(db, { tool: 'run_sql', limit: usersNamed });
  return rows.map(({ id, name }) => ({ id, name }));
}

const stateOf = (isUsable: boolean, test: StagedTest | undefined): DataSource['state'] => {
  if (!isUsable) return 'failing';
  return test === undefined ? 'untested' : test.passed ? 'healthy' : 'failing';
};

interface Known {
  tests: ReadonlyMap<string, StagedTest>;
  users: DataSource['used_by_agents'];
}

const toBuiltIn = ({ name, connectionString, maxRows, statementTimeoutMs }: DataSourceAccess, { tests, users }: Known): DataSource => ({
  id: name, name, description: '', url: toShownAddress(connectionString), has_password: hasPassword(connectionString), readable_tables: null, private_columns: [], max_rows: maxRows,
  statement_timeout_seconds: statementTimeoutMs / 1_000, is_enabled: true, is_built_in: true, state: stateOf(true, tests.get(name)), last_test: tests.get(name) ?? null, used_by_agents: users,
  version: 1, updated_at: null, updated_by: null,
});

const toStored = (row: DataSourceWithEditor, isUsable: boolean, { tests, users }: Known): DataSource => ({
  id: row.id, name: row.name, description: row.description, url: row.url, has_password: row.password_sealed !== null, readable_tables: row.readable_tables, private_columns: row.private_columns, max_rows: row.max_rows,
  statement_timeout_seconds: row.statement_timeout_seconds, is_enabled: row.is_enabled, is_built_in: false, state: row.is_enabled ? stateOf(isUsable, tests.get(row.id)) : 'off',
  last_test: tests.get(row.id) ?? null, used_by_agents: row.is_enabled && isUsable ? users : [], version: row.version, updated_at: row.updated_at.toISOString(), updated_by: row.editor,
});

/** Whether an id names a data source of the configuration. */
export const isBuiltInId = ({ config }: Pick<DataSourceReadDeps, 'config'>, id: string): boolean => Object.hasOwn(config.tools.dataSources, id);

/**
 * All data sources, those of the configuration first, each group by name. Asks no server. One that agents cannot use, because its password
 * cannot be opened or the configuration has its name now, is `failing`.
 */
export async function listDataSources(deps: DataSourceReadDeps): Promise<DataSource[]> {
  const [rows, accesses, tests, users] = await Promise.all([listDataSourceRows(deps.db), loadDataSources(deps), listDataSourceTests(deps.db), listUsers(deps.db)]);
  const known = { tests, users };
  const isUsable = ({ name }: DataSourceWithEditor): boolean => !isBuiltInId(deps, name) && accesses.some((access) => access.name === name && access.problem === null);
  return [...accesses.filter(({ name }) => isBuiltInId(deps, name)).map((access) => toBuiltIn(access, known)), ...rows.map((row) => toStored(row, isUsable(row), known))];
}

/** One data source. Throws CONNECTION_NOT_FOUND. */
export async function getDataSource(deps: DataSourceReadDeps, id: string): Promise<DataSource> {
  const found = (await listDataSources(deps)).find((source) => source.id === id);
  if (found === undefined) throw new AppError('CONNECTION_NOT_FOUND', `data source ${id}`);
  return found;
}
