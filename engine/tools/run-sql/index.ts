// Lives here: the run_sql tool, the guard that judges its queries, and the read-only session they run in.
// Does not: Maestro's own SQL (db), which tables an agent may read (policy, from the facts), making and testing data sources (integrations).
export type { SessionLimits } from './connection.ts';
export { type DataSourceAccess, findDataSource, listConfiguredDataSources, loadDataSources, toConnectionString } from './data-source-access.ts';
export { isOwnAddress, isOwnDatabase, ownDatabaseRefusal } from './own-database.ts';
export { withSchema } from './readable-tables.ts';
export { withReadOnlySession } from './read-only-session.ts';
export { createRunSqlTool, type RunSqlOptions } from './run-sql.ts';
export { describeSources, findSource, missingSources, sourceNameSchema } from './sources.ts';
export { toTableName } from './sql-guard.ts';
