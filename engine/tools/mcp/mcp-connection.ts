import { Client, ProtocolError } from '@modelcontextprotocol/client';
import { z } from 'zod';
import type { McpDefinition, McpServer } from '../../../contracts/mcp-servers.ts';
import type { Secrets } from '../../secrets/index.ts';
import { readListedTool } from './definition.ts';
import { explainFailure } from './explain-failure.ts';
import type { HttpTransport } from './http/http-transport.ts';
import type { McpServerAccess } from './mcp-access.ts';
import { McpError, quote } from './mcp-error.ts';
import { StdioTransport } from './stdio/stdio-transport.ts';

export type McpServerInfo = NonNullable<McpServer['server']>;

/** What a server lists. `warnings` say what was left out of it, and why. */
export interface McpListing {
  definitions: McpDefinition[];
  warnings: string[];
}

/** What a server answered a call with, hardly looked at yet. */
export interface McpResult {
  content: unknown[];
  structuredContent: unknown;
  isError: boolean;
}

/** One connection to one server. Failures are McpError; what the server itself refuses is a ProtocolError; aborts throw the signal's reason. */
export interface McpConnection {
  /** Starts the program; nothing to do for a server that is reached over the network. */
  start(signal: AbortSignal): Promise<void>;
  initialize(signal: AbortSignal): Promise<McpServerInfo>;
  list(signal: AbortSignal): Promise<McpListing>;
  call(name: string, args: Record<string, unknown>, options: { signal: AbortSignal; idempotencyKey: string; onProgress(text: string): void }): Promise<McpResult>;
  isOpen(): boolean;
  close(): Promise<void>;
}

/** How long each part may take, in milliseconds. A program may have to be downloaded before it speaks. */
const timeouts = { start: 10_000, initialize: 60_000, list: 30_000 };
/** The client's own time for a request; the signal of a call ends it before. */
const noTimeoutMs = 2 ** 31 - 1;
const maxTools = 200;
const maxPages = 50;

const listPageSchema = z.looseObject({ tools: z.array(z.unknown()), nextCursor: z.string().max(10_000).optional().catch(undefined) });
const callResultSchema = z.looseObject({ content: z.array(z.unknown()).optional(), structuredContent: z.unknown().optional(), isError: z.boolean().optional() });

const toProgressText = ({ progress, total, message }: { progress: number; total?: number | undefined; message?: string | undefined }): string =>
  quote([total === undefined ? String(progress) : `${progress} of ${total}`, ...(message === undefined ? [] : [message])].join(': '), 200);

export interface ConnectionOptions {
  secrets: Pick<Secrets, 'mask'>;
  transport: StdioTransport | HttpTransport;
  /** The server says that its tools are others by now. */
  onToolsChanged?: () => void;
  /** The connection has ended; with `failure`, by itself. */
  onClosed?: (failure: McpError | undefined) => void;
}

const toComplaint = (stderr: string): string => stderr.split('\n').map((line) => quote(line, 500)).filter((line) => line !== '').slice(-5).join(' | ');

/** A server that refuses to be used at all. */
const asTrouble = (error: unknown): never => {
  if (!(error instanceof ProtocolError)) throw error;
  throw new McpError('REFUSED', `The server refuses: ${quote(error.message)} (${error.code})`, { cause: error, toolCode: 'TOOL_FAILED', fix: 'Look into the log of the server.' });
};

/** A connection over a transport that was made for this server; nothing is sent before `start` and `initialize`. */
export function createMcpConnection({ transport: place }: Pick<McpServerAccess, 'transport'>, { secrets, transport, onToolsChanged, onClosed }: ConnectionOptions): McpConnection {
  // Nothing is offered to servers: no sampling, no elicitation, no roots. The client answers such requests with "method not found".
  const client = new Client({ name: 'Maestro', version: '1.0.0' }, { capabilities: {} });
  let state: 'new' | 'open' | 'closed' = 'new';
  client.onclose = () => {
    state = 'closed';
    onClosed?.(transport.failure);
  };
  // Troubles that end a request are told there; the others (an answer to nothing, a broken notification) are the server's.
  client.onerror = () => undefined;
  if (onToolsChanged !== undefined) client.setNotificationHandler('notifications/tools/list_changed', () => onToolsChanged());

  /** Servers repeat what they were given when they complain of it, and not only agents read that: secrets are hidden before anything is cut. */
  async function explain(error: unknown): Promise<unknown> {
    const explained = explainFailure(error, place, transport.failure);
    if (!(explained instanceof McpError)) return explained;
    const { code, message, fix, toolCode, isUnseen } = explained;
    const complaint = transport instanceof StdioTransport && code !== 'PROGRAM_NOT_FOUND' ? toComplaint(await secrets.mask(transport.stderr)) : '';
    return new McpError(code, `${await secrets.mask(message)}${complaint === '' ? '' : ` It wrote last: ${complaint}`}`, { fix, toolCode, isUnseen, cause: explained });
  }

  /** Runs one part within its time; `signal` ends it with its own reason. */
  async function within<Result>(ms: number, signal: AbortSignal, work: (options: { signal: AbortSignal; timeout: number }) => Promise<Result>): Promise<Result> {
    signal.throwIfAborted();
    try {
      return await work({ signal, timeout: ms });
    } catch (error) {
      signal.throwIfAborted();
      throw await explain(error);
    }
  }

  return {
    start: (signal) => within(timeouts.start, signal, async () => {
      if (transport instanceof StdioTransport) await transport.start();
    }),
    initialize: (signal) => within(timeouts.initialize, signal, async (options) => {
      await client.connect(transport, options).catch(asTrouble);
      state = 'open';
      const { name, version } = client.getServerVersion() ?? { name: 'unnamed', version: '' };
      return { name: quote(name, 200), version: quote(version, 100), protocol_version: quote(client.getNegotiatedProtocolVersion() ?? '', 40) };
    }),
    list: (signal) => within(timeouts.list, signal, async (options) => {
      const definitions = new Map<string, McpDefinition>();
      const warnings: string[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < maxPages; page++) {
        const { tools, nextCursor } = await client.request({ method: 'tools/list', params: cursor === undefined ? {} : { cursor } }, listPageSchema, options).catch(asTrouble);
        for (const tool of tools.slice(0, maxTools + 1)) {
          const read = readListedTool(tool);
          if (!read.ok) warnings.push(read.problem);
          else if (definitions.has(read.definition.name)) warnings.push(`"${read.definition.name.slice(0, 100)}" is listed twice; the first one counts.`);
          else definitions.set(read.definition.name, read.definition);
        }
        cursor = nextCursor;
        if (cursor === undefined || definitions.size > maxTools) break;
      }
      if (cursor !== undefined || definitions.size > maxTools) warnings.unshift(`The server lists more than ${maxTools} tools or does not come to an end; the first ${Math.min(definitions.size, maxTools)} are taken.`);
      return { definitions: [...definitions.values()].slice(0, maxTools), warnings: warnings.slice(0, 20) };
    }),
    call: (name, args, { signal, idempotencyKey, onProgress }) => within(noTimeoutMs, signal, async (options) => {
      const result = await client.request(
        { method: 'tools/call', params: { name, arguments: args, _meta: { 'maestro/idempotency-key': idempotencyKey } } }, callResultSchema,
        { ...options, onprogress: (progress) => onProgress(toProgressText(progress)) },
      );
      return { content: result.content ?? [], structuredContent: result.structuredContent, isError: result.isError === true };
    }),
    isOpen: () => state === 'open' && transport.failure === undefined,
    async close() {
      // Before `initialize` the client knows no transport.
      if (state === 'new') await transport.close();
      await client.close();
    },
  };
}

/** What a server answered with instead of a result. */
export const isRefusalOfServer = (error: unknown): error is ProtocolError => error instanceof ProtocolError;
