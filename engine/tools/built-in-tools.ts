import type { z } from 'zod';
import type { ToolName } from '../../contracts/tools.ts';
import type { Config } from '../../platform/config.ts';
import type { Secrets } from '../secrets/index.ts';
import { createAskPersonTool } from './ask-person/index.ts';
import { createDescribeDataSourceTool } from './describe-data-source/index.ts';
import { createExecutePythonTool, type PythonSandbox } from './execute-python/index.ts';
import { createHttpRequestTool, httpRequestSettingsSchema, type OfferedSecret } from './http-request/index.ts';
import { createReadResultTool } from './read-result/index.ts';
import { createRunSqlTool, type DataSourceAccess } from './run-sql/index.ts';
import { createSendEmailTool, sendEmailSettingsSchema } from './send-email/index.ts';
import type { Tool } from './tool.ts';
import { createSearchProvider, createWebSearchTool, webSearchSettingsSchema } from './web-search/index.ts';

/** What the built-in tools are made of. */
export interface BuiltInToolDeps {
  config: Pick<Config, 'tools' | 'mail'>;
  sandbox: PythonSandbox;
  secrets: Pick<Secrets, 'reveal'>;
  /** Secrets a model may name. */
  offeredSecrets: readonly OfferedSecret[];
  dataSources: readonly DataSourceAccess[];
  /** Where Maestro keeps its own records: never a data source. */
  ownDatabaseUrl: string | undefined;
  /** Whether a message with this id was delivered, where somebody can tell (the built-in outbox can); undefined: nobody knows. */
  findDelivered: ((messageId: string) => Promise<boolean | undefined>) | undefined;
}

/** A built-in tool and the settings an admin may give it. */
export interface BuiltInTool {
  name: ToolName;
  /** Null: it has none. Every setting has a default. */
  settingsSchema: z.ZodObject | null;
  /** `settings` is null or what its schema made of what is stored. */
  create(deps: BuiltInToolDeps, settings: unknown): Tool;
}

/** Ties the settings' type to the function that gets them. */
const configured = <Schema extends z.ZodObject, Args>(name: ToolName, settingsSchema: Schema, create: (deps: BuiltInToolDeps, settings: z.output<Schema>) => Tool<Args>): BuiltInTool => ({
  name, settingsSchema, create: (deps, settings) => create(deps, settings as z.output<Schema>) as unknown as Tool,
});
const plain = <Args>(name: ToolName, create: (deps: BuiltInToolDeps) => Tool<Args>): BuiltInTool => ({ name, settingsSchema: null, create: (deps) => create(deps) as unknown as Tool });

/** Every tool that comes with Maestro; a new one is a file of its own and a line here. */
export const builtInTools: readonly BuiltInTool[] = [
  configured('web_search', webSearchSettingsSchema, ({ config, secrets }, settings) => createWebSearchTool(createSearchProvider(config.tools, settings, secrets))),
  configured('http_request', httpRequestSettingsSchema, ({ config, offeredSecrets }, settings) =>
    createHttpRequestTool({ ...settings, secrets: offeredSecrets, allow_private_hosts: [...config.tools.httpAllowHosts, ...settings.allow_private_hosts] })),
  plain('run_sql', ({ dataSources, ownDatabaseUrl }) => createRunSqlTool({ dataSources, ownDatabaseUrl })),
  plain('describe_data_source', ({ dataSources, ownDatabaseUrl }) => createDescribeDataSourceTool({ dataSources, ownDatabaseUrl })),
  plain('execute_python', ({ sandbox }) => createExecutePythonTool(sandbox)),
  configured('send_email', sendEmailSettingsSchema, ({ config, findDelivered }, settings) => createSendEmailTool({ ...config.mail, settings, findDelivered })),
  plain('read_result', () => createReadResultTool()),
  plain('ask_person', () => createAskPersonTool()),
];
