import type { Config } from '../../platform/config.ts';
import { createExecutePythonTool, type PythonSandbox } from './execute-python/index.ts';
import { createHttpRequestTool } from './http-request/index.ts';
import { createToolRegistry, type ToolRegistry } from './registry.ts';
import { createRunSqlTool } from './run-sql/index.ts';
import { createSendEmailTool } from './send-email/index.ts';
import { createSearchProvider, createWebSearchTool } from './web-search/index.ts';

interface AgentToolsOptions {
  tools: Config['tools'];
  mail: Config['mail'];
  sandbox: PythonSandbox;
  /** Where Maestro keeps its own records: never a data source. */
  ownDatabaseUrl?: string;
  /** Whether a message with this id was delivered, where somebody can tell (the built-in outbox can); undefined: nobody knows. */
  findDelivered?: (messageId: string) => Promise<boolean | undefined>;
}

/** The tools an agent can be given. Nothing is opened before a tool is used. */
export const createAgentTools = ({ tools, mail, sandbox, ownDatabaseUrl, findDelivered }: AgentToolsOptions): ToolRegistry =>
  createToolRegistry([
    createWebSearchTool(createSearchProvider(tools)),
    createHttpRequestTool({ allowHosts: tools.httpAllowHosts }),
    createRunSqlTool({ dataSources: tools.dataSources, ownDatabaseUrl }),
    createExecutePythonTool(sandbox),
    createSendEmailTool({ ...mail, findDelivered }),
  ]);
