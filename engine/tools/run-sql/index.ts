// Lives here: the run_sql tool, the guard that judges its queries, and the read-only session they run in.
// Does not: Maestro's own SQL (db), which tables an agent may read (policy, from the facts).
export { type DataSourceAccess, type DataSourceDeps, loadDataSources } from './data-source-access.ts';
export { createRunSqlTool, type RunSqlOptions } from './run-sql.ts';
