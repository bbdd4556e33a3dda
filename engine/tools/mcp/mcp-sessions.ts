import type { Kysely } from 'kysely';
import type { Database } from '../../../db/database.ts';
import type { Secrets } from '../../secrets/index.ts';

export interface McpSessionsOptions {
  /** Where a changed definition is written down. */
  db: Kysely<Database>;
  secrets: Pick<Secrets, 'reveal'>;
  /** Whether servers may be started as programs on this machine. */
  allowStdio: boolean;
}

/** Connections to MCP servers of one process: made when first needed, kept, made anew when a server ended or its settings changed. */
export interface McpSessions {
  /** Ends every connection and every program that was started. */
  close(): Promise<void>;
}

export const createMcpSessions = (_options: McpSessionsOptions): McpSessions => ({ async close() {} });
