// Lives here: what Maestro is connected to and how each connection is, checked for real and shown without credentials; making, changing and testing connections to models, data sources and MCP servers; settings of tools, prices of models.
// Does not: how a model is called (llm), how a data source or an MCP server is used (tools), named secrets (secrets).
export { purgeAnswerCache } from './answer-cache.ts';
export { createConnection, deleteConnection, updateConnection } from './connections/change-connection.ts';
export { closeCircuit } from './connections/close-circuit.ts';
export { listConnectionModels } from './connections/list-connection-models.ts';
export { listConnections } from './connections/read-connections.ts';
export { testConnection, testConnectionDraft } from './connections/test-connection.ts';
export { createIntegrations, type IntegrationDeps, type Integrations } from './create-integrations.ts';
export { createDataSource, deleteDataSource, updateDataSource } from './data-sources/change-data-source.ts';
export { listDataSourceTables } from './data-sources/list-data-source-tables.ts';
export { listDataSources } from './data-sources/read-data-sources.ts';
export { testDataSource, testDataSourceDraft } from './data-sources/test-data-source.ts';
export { createMcpServer, deleteMcpServer, updateMcpServer } from './mcp-servers/change-mcp-server.ts';
export { listMcpServers } from './mcp-servers/read-mcp-servers.ts';
export { refreshMcpServer, testMcpServerDraft } from './mcp-servers/refresh-mcp-server.ts';
export { reviewMcpTool } from './mcp-servers/review-mcp-tool.ts';
export { deletePrice, listPrices, setPrice } from './prices/prices.ts';
export { listToolsWithSettings, updateToolSettings } from './tool-settings/tool-settings.ts';
