// Lives here: the tools agents act with, their registry, and the execution of one allowed call.
// Does not: whether a call may run (safety), who is asked (hitl), what the model makes of a result (reasoning).
export { builtInTools } from './built-in-tools.ts';
export type { ToolCatalogue } from './catalogue.ts';
export { createTools, type Tools } from './create-tools.ts';
export { listReadableTables } from './describe-data-source/index.ts';
export { createPythonSandbox, type PythonSandbox } from './execute-python/index.ts';
export { postGuarded, problemOfUrl } from './http-request/index.ts';
export { sendPlainEmail } from './send-email/index.ts';
export { describeOutcome } from './execution/describe-outcome.ts';
export { executeToolCall, type ExecutionDeps, type ExecutionResult, type SecondJudgement } from './execution/execute-tool-call.ts';
export { findSchemaProblem, type McpConnection, McpError, type McpListing, type McpServerInfo, type McpSessions, proposeReview, recordListing } from './mcp/index.ts';
export { createToolRegistry, type ToolRegistry } from './registry.ts';
export { type DataSourceAccess, findDataSource, isOwnAddress, isOwnDatabase, listConfiguredDataSources, loadDataSources, ownDatabaseRefusal, toConnectionString } from './run-sql/index.ts';
export type { Json, Tool } from './tool.ts';
export { type SearchProvider, searchProviderOf } from './web-search/index.ts';
