import type { Kysely } from 'kysely';
import type { Database } from '../../db/database.ts';
import { findOutboxEmail } from '../../db/repositories/outbox.repository.ts';
import type { Config } from '../../platform/config.ts';
import type { SecretBox } from '../../platform/secret-box.ts';
import { createSecrets, type Secrets } from '../secrets/index.ts';
import { createToolCatalogue, type ToolCatalogue } from './catalogue.ts';
import type { PythonSandbox } from './execute-python/index.ts';
import { createMcpSessions, type McpSessions } from './mcp/index.ts';

export interface Tools {
  tools: ToolCatalogue;
  secrets: Secrets;
  mcpSessions: McpSessions;
}

/** The tools of one process and what they share. Nothing is opened before it is used; `mcpSessions` and the sandbox have to be closed. */
export function createTools({ db, config, secretBox, sandbox }: { db: Kysely<Database>; config: Config; secretBox: SecretBox; sandbox: PythonSandbox }): Tools {
  const secrets = createSecrets({ db, secretBox, config });
  const mcpSessions = createMcpSessions({ db, secrets, allowStdio: config.tools.allowMcpStdio });
  // The built-in outbox delivers into this database, so that its rows tell what was sent.
  const findDelivered = config.mail.isOutbox ? async (messageId: string) => (await findOutboxEmail(db, messageId)) !== undefined : undefined;
  return { secrets, mcpSessions, tools: createToolCatalogue({ db, config, secretBox, secrets, mcpSessions, sandbox, findDelivered }) };
}
