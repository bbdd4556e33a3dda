// Lives here: what a data source's catalogue tells, for the model (describe_data_source) and for the app.
// Does not: reading rows and the session (run-sql).
export { createDescribeDataSourceTool } from './describe-data-source.ts';
export { listReadableTables } from './list-tables.ts';
