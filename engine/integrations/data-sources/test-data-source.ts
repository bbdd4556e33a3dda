import type { TestDataSourceBody } from '../../../contracts/data-sources.ts';
import { AppError } from '../../../contracts/errors.ts';
import type { StagedTest } from '../../../contracts/staged-tests.ts';
import { insertAuditEntry } from '../../../db/repositories/audit.repository.ts';
import { saveDataSourceTest } from '../../../db/repositories/data-sources.repository.ts';
import { insertConnectionChange } from '../../../db/repositories/events.repository.ts';
import { type Actor, toAuditActor } from '../../governance/index.ts';
import { type DataSourceAccess, findDataSource, toConnectionString } from '../../tools/index.ts';
import { hasPassword, placeOf, toKeptAddress, toShownAddress } from './address.ts';
import type { DataSourceReadDeps } from './data-source-deps.ts';
import { type DataSourceTimeouts, runDataSourceStages } from './test/run-data-source-stages.ts';

interface TestDeps extends DataSourceReadDeps {
  /** Default: 25 seconds in all. */
  timeouts?: DataSourceTimeouts;
}

async function find(deps: TestDeps, id: string): Promise<DataSourceAccess> {
  const access = await findDataSource(deps, id);
  if (access === undefined) throw new AppError('CONNECTION_NOT_FOUND', `data source ${id}`);
  return access;
}

const run = (deps: TestDeps, options: { access: DataSourceAccess; isPasswordWithheld?: boolean; signal: AbortSignal }): Promise<StagedTest> =>
  runDataSourceStages({ ...options, ownDatabaseUrl: deps.config.database.url, ...(deps.timeouts === undefined ? {} : { timeouts: deps.timeouts }) });

/** Who tested what and how it went: a test sends a password to a server. */
const toAuditEntry = (actor: Actor, id: string, test: StagedTest, connectionString: string) => ({
  ...toAuditActor(actor), action: 'data_source.test', objectType: 'data_source', objectId: id,
  after: { address: toShownAddress(connectionString), passed: test.passed, ...(test.failure === null ? {} : { stage: test.failure.stage, code: test.failure.code }) },
});

/** Tests a data source as it is kept, switched on or not, and keeps the result. Throws CONNECTION_NOT_FOUND and the reason of `signal`. */
export async function testDataSource(deps: TestDeps, { dataSourceId, actor, signal }: { dataSourceId: string; actor: Actor; signal: AbortSignal }): Promise<StagedTest> {
  const access = await find(deps, dataSourceId);
  const test = await run(deps, { access, signal });
  await deps.db.transaction().execute(async (trx) => {
    await saveDataSourceTest(trx, dataSourceId, test);
    await insertConnectionChange(trx, dataSourceId, 'tested');
    await insertAuditEntry(trx, toAuditEntry(actor, dataSourceId, test, access.connectionString));
  });
  return test;
}

/**
 * Tests values before they are saved; nothing of it is kept but the audit entry. Without a password in `body` the stored one of
 * `data_source_id` is used, and only at the place it is kept for. Throws CONNECTION_NOT_FOUND, VALIDATION_FAILED and the reason of `signal`.
 */
export async function testDataSourceDraft(deps: TestDeps, { body, actor, signal }: { body: TestDataSourceBody; actor: Actor; signal: AbortSignal }): Promise<StagedTest> {
  const url = toKeptAddress(body.url);
  const stored = body.data_source_id === undefined ? undefined : await find(deps, body.data_source_id);
  const isStoredPlace = stored !== undefined && placeOf(stored.connectionString) === placeOf(url);
  const usesStored = body.password === undefined && isStoredPlace;
  const storedPassword = usesStored ? new URL(stored.connectionString).password : '';
  const password = body.password ?? (storedPassword === '' ? null : decodeURIComponent(storedPassword));
  const access: DataSourceAccess = {
    name: 'draft', description: '', readableTables: stored?.readableTables ?? null, privateColumns: [], maxRows: 1, statementTimeoutMs: 10_000, connectionString: toConnectionString(url, password), problem: usesStored ? stored.problem : null,
  };
  const isPasswordWithheld = body.password === undefined && stored !== undefined && !isStoredPlace && (hasPassword(stored.connectionString) || stored.problem !== null);
  const test = await run(deps, { access, isPasswordWithheld, signal });
  await deps.db.transaction().execute((trx) => insertAuditEntry(trx, toAuditEntry(actor, body.data_source_id ?? 'draft', test, access.connectionString)));
  return test;
}
