import type { Kysely } from 'kysely';
import type { Database } from '../../../db/database.ts';
import type { Config } from '../../../platform/config.ts';
import type { McpSessions, ToolCatalogue } from '../../tools/index.ts';

/** What reading, testing and changing MCP servers needs. */
export interface McpServerDeps {
  db: Kysely<Database>;
  config: { tools: Pick<Config['tools'], 'allowMcpStdio'> };
  mcpSessions: Pick<McpSessions, 'open' | 'forget'>;
  /** Told of what changes what agents may call. */
  tools: Pick<ToolCatalogue, 'forget'>;
}
