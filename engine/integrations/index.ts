// What Maestro is connected to and how each connection is: checked for real, shown without credentials. Connections to models are also
// made, changed, tested and priced here; how a model is called is engine/llm.
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
