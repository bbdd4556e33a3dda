import type { DataSourceTable } from '../../../contracts/data-sources.ts';
import { AppError } from '../../../contracts/errors.ts';
import { findDataSource, isOwnAddress, listReadableTables, ownDatabaseRefusal } from '../../tools/index.ts';
import type { DataSourceReadDeps } from './data-source-deps.ts';

const limits = { maxTables: 500, maxColumns: 20_000 };

/**
 * The tables agents may read in a data source, switched on or not. Throws CONNECTION_NOT_FOUND, and when the database cannot be read the
 * TOOL_… error an agent would get.
 */
export async function listDataSourceTables(deps: DataSourceReadDeps, { dataSourceId, signal }: { dataSourceId: string; signal: AbortSignal }): Promise<{ items: DataSourceTable[]; is_truncated: boolean }> {
  const access = await findDataSource(deps, dataSourceId);
  if (access === undefined) throw new AppError('CONNECTION_NOT_FOUND', `data source ${dataSourceId}`);
  if (isOwnAddress(access.connectionString, deps.config.database.url)) throw ownDatabaseRefusal();
  const { items, isTruncated } = await listReadableTables(access, limits, signal);
  return { items, is_truncated: isTruncated };
}
