import type { Kysely } from 'kysely';
import { AppError } from '../../../contracts/errors.ts';
import type { Database } from '../../../db/database.ts';
import type { Secrets } from '../../secrets/index.ts';
import { callPinned, type McpCallOptions } from './call-pinned.ts';
import type { McpServerAccess, McpToolAccess } from './mcp-access.ts';
import { type ConnectionOptions, createMcpConnection, type McpConnection, type McpResult } from './mcp-connection.ts';
import { createScratchFolders, openTransport } from './open-transport.ts';
import { createSharedConnection, type SharedConnection } from './shared-connection.ts';

export interface McpSessionsOptions {
  /** Where a changed definition is written down. */
  db: Kysely<Database>;
  secrets: Pick<Secrets, 'reveal' | 'mask'>;
  /** Whether servers may be started as programs on this machine. */
  allowStdio: boolean;
  /** Milliseconds after which an unused connection is closed. Default 10 minutes. */
  idleMs?: number;
}

/** Connections to MCP servers of one process: made when first needed, kept, made anew when a server ended or its settings changed. */
export interface McpSessions {
  /**
   * Calls a reviewed tool. The server's own definition is looked at first: one that is not what was reviewed is not called (TOOL_OFF).
   * Throws TOOL_UNAVAILABLE (the server cannot be reached, or was lost), TOOL_NOT_CONFIGURED (an admin has to act), TOOL_INPUT_INVALID and
   * TOOL_FAILED (it refused, or what it answered is none), with `details.not_sent` where it saw nothing of the call; and the signal's reason.
   */
  call(tool: McpToolAccess, args: Record<string, unknown>, options: McpCallOptions): Promise<McpResult>;
  /** A connection of its own, e.g. to test a server; whoever asks for it closes it. Throws McpError STDIO_OFF, and TOOL_NOT_CONFIGURED for a secret. */
  open(server: Pick<McpServerAccess, 'id' | 'transport'>): Promise<McpConnection>;
  /** Ends the connections to a server that was changed or deleted, once nothing uses them. */
  forget(serverId: string): void;
  /** Ends every connection and every program that was started. */
  close(): Promise<void>;
}

const defaultIdleMs = 10 * 60_000;

/** One connection per server and version; nothing is opened before it is used. */
export function createMcpSessions({ db, secrets, allowStdio, idleMs = defaultIdleMs }: McpSessionsOptions): McpSessions {
  const scratch = createScratchFolders();
  const shared = new Map<string, SharedConnection>();
  const own = new Set<McpConnection>();
  let isClosed = false;

  const connect = async (server: Pick<McpServerAccess, 'id' | 'transport'>, hooks: Pick<ConnectionOptions, 'onToolsChanged' | 'onClosed'> = {}): Promise<McpConnection> =>
    createMcpConnection(server, { secrets, transport: await openTransport(server, { secrets, allowStdio, scratch }), ...hooks });

  const keyOf = ({ id, version }: McpServerAccess): string => `${id}:${version}`;
  const retire = (isOld: (server: McpServerAccess) => boolean): void => {
    for (const [key, connection] of shared) {
      if (!isOld(connection.server)) continue;
      shared.delete(key);
      connection.retire();
    }
  };

  function sharedFor(server: McpServerAccess): SharedConnection {
    if (isClosed) throw new AppError('TOOL_UNAVAILABLE', 'This process is stopping.', { details: { not_sent: true } });
    const known = shared.get(keyOf(server));
    if (known !== undefined) return known;
    retire(({ id, version }) => id === server.id && version < server.version);
    const made = createSharedConnection(server, { db, idleMs, connect });
    shared.set(keyOf(server), made);
    return made;
  }

  return {
    call: (tool, args, options) => callPinned(sharedFor(tool.server), tool, args, options),
    async open(server) {
      const connection = await connect(server);
      own.add(connection);
      return {
        ...connection,
        async close() {
          await connection.close().finally(() => own.delete(connection));
        },
      };
    },
    forget: (serverId) => retire(({ id }) => id === serverId),
    async close() {
      isClosed = true;
      await Promise.all([...[...shared.values()].map((connection) => connection.close()), ...[...own].map((connection) => connection.close())]);
      shared.clear();
      own.clear();
      await scratch.remove();
    },
  };
}
