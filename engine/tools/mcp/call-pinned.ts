import { AppError } from '../../../contracts/errors.ts';
import type { McpToolAccess } from './mcp-access.ts';
import { isRefusalOfServer, type McpResult } from './mcp-connection.ts';
import { McpError, quote, toToolError } from './mcp-error.ts';
import type { SharedConnection } from './shared-connection.ts';

export interface McpCallOptions {
  signal: AbortSignal;
  /** Goes along as `_meta`, for servers that know what to do with it. */
  idempotencyKey: string;
  onProgress(text: string): void;
  /** Called each time right before the call is sent; what it throws ends the call. */
  beforeSend(): Promise<void>;
}

/** What a server refused by an error of its own instead of a result. @see https://www.jsonrpc.org/specification#error_object */
function toRefusal(code: number, message: string, { server, definition }: McpToolAccess): AppError {
  const said = `The MCP server "${server.name}" refused the call: ${quote(message, 2_000)}`;
  if (code === -32_602) return new AppError('TOOL_INPUT_INVALID', said);
  if (code === -32_601) return new AppError('TOOL_FAILED', `The MCP server "${server.name}" does not know the tool "${quote(definition.name, 100)}": ${quote(message, 500)}`, { details: { not_sent: true } });
  // Any other error may have come half-way.
  return new AppError('TOOL_FAILED', said);
}

const mustReview = (reason: string): AppError => new AppError('TOOL_OFF', reason, { details: { not_sent: true } });

/** A session the server has forgotten, or a sign-in it no longer takes: it did nothing, and takes the call on a new connection. */
const isStaleSession = (error: unknown): boolean => error instanceof McpError && (error.code === 'NOT_FOUND' || error.code === 'SIGN_IN_REFUSED');

/** Calls a tool if the server still defines it as it was reviewed. Throws like `call` of McpSessions. */
export async function callPinned(shared: SharedConnection, tool: McpToolAccess, args: Record<string, unknown>, options: McpCallOptions): Promise<McpResult> {
  const { server, definition, hash } = tool;
  return shared.use(async () => {
    for (let attempt = 1; ; attempt++) {
      const live = await shared.live(options.signal);
      const liveHash = live.hashes.get(definition.name);
      if (liveHash === undefined) throw mustReview(`The MCP server "${server.name}" no longer lists the tool "${quote(definition.name, 100)}"; it was not called.`);
      if (liveHash !== hash) throw mustReview(`The tool "${quote(definition.name, 100)}" of the MCP server "${server.name}" was not called: its definition changed and waits for a review by an admin.`);
      await options.beforeSend();
      try {
        const result = await live.connection.call(definition.name, args, options);
        shared.succeeded();
        return result;
      } catch (error) {
        options.signal.throwIfAborted();
        if (isStaleSession(error)) {
          shared.drop(live);
          if (attempt === 1) continue;
        }
        if (isRefusalOfServer(error)) {
          shared.succeeded();
          throw toRefusal(error.code, error.message, tool);
        }
        throw toToolError(error, server.name, { wasSent: !(error instanceof McpError && error.isUnseen) });
      }
    }
  });
}
