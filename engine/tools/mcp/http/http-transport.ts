import { type FetchLike, type JSONRPCMessage, type RequestId, StreamableHTTPClientTransport, type TransportSendOptions } from '@modelcontextprotocol/client';
import { Agent, fetch as undiciFetch } from 'undici';
import { createFloodGuard, isAnswer } from '../flood-guard.ts';
import { answerMarks, McpError } from '../mcp-error.ts';

/** Bytes of one answer, and of one event of a stream. */
const maxMessageBytes = 32_000_000;
const bodilessStatuses = new Set([101, 204, 205, 304]);
/** As long as saying good-bye to the server may take. */
const goodbyeMs = 1_000;

/** Counts a body: as a whole, or from one blank line to the next in a stream of events. */
function bound(body: ReadableStream<Uint8Array>, isEventStream: boolean, onTooLarge: () => Error): ReadableStream<Uint8Array> {
  let bytes = 0;
  return body.pipeThrough(new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      const end = isEventStream ? Math.max(Buffer.from(chunk).lastIndexOf('\n\n'), Buffer.from(chunk).lastIndexOf('\r\n\r\n')) : -1;
      bytes = end === -1 ? bytes + chunk.length : chunk.length - end;
      if (bytes > maxMessageBytes) controller.error(onTooLarge());
      else controller.enqueue(chunk);
    },
  }));
}

/** Requests without a time of their own (the call has one), their answers bounded. */
const createFetch = (agent: Agent, onTooLarge: () => Error): FetchLike => async (url, init) => {
  const response = (await undiciFetch(url, { ...init, dispatcher: agent } as Parameters<typeof undiciFetch>[1])) as unknown as Response;
  if (response.body === null || bodilessStatuses.has(response.status)) return response;
  const isEventStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  return new Response(bound(response.body, isEventStream, onTooLarge), { status: response.status, statusText: response.statusText, headers: response.headers });
};

/**
 * Speaks with a server over Streamable HTTP. Redirects stay within the origin, so that headers go nowhere else. Beside what the client's
 * own transport does: an answer whose stream broke is told at once instead of being waited for, and a cancelled call closes its stream.
 */
export class HttpTransport extends StreamableHTTPClientTransport {
  readonly #agent: Agent;
  readonly #streams = new Map<RequestId, AbortController>();
  readonly #flood = createFloodGuard();
  #failure: McpError | undefined;
  #isClosed = false;

  constructor(url: URL, headers: Record<string, string>) {
    const agent = new Agent({ connect: { timeout: 10_000, autoSelectFamily: true }, headersTimeout: 0, bodyTimeout: 0 });
    const onTooLarge = (): Error => this.#fail(new McpError('MESSAGE_TOO_LARGE', `The server sent a message of more than ${maxMessageBytes / 1_000_000} MB and was stopped.`, { fix: 'Ask it for less at a time.', toolCode: 'TOOL_FAILED' }));
    super(url, { fetch: createFetch(agent, onTooLarge), requestInit: { headers }, reconnectionOptions: { initialReconnectionDelay: 500, maxReconnectionDelay: 5_000, reconnectionDelayGrowFactor: 2, maxRetries: 3 } });
    this.#agent = agent;
    // The client chains what it finds here before its own.
    this.onmessage = (message) => this.#observe(message);
  }

  /** Why it was given up; undefined while it is used, and after {@link close}. */
  get failure(): McpError | undefined {
    return this.#failure;
  }

  #fail(error: McpError): McpError {
    this.#failure ??= error;
    void this.close();
    return error;
  }

  #observe(message: JSONRPCMessage): void {
    if (isAnswer(message)) {
      const { id } = message as { id?: RequestId };
      if (id !== undefined) this.#streams.delete(id);
    } else if (!this.#isClosed && !this.#flood.allows(0)) {
      this.#fail(new McpError('FLOOD', 'The server says more unasked than can be read; the connection was closed.', { fix: 'Look at the notifications it sends.', toolCode: 'TOOL_FAILED' }));
    }
  }

  override async send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    if (!('method' in message) || !('id' in message)) {
      await super.send(message, options);
      if ('method' in message && message.method === 'notifications/cancelled') this.#streams.get(message.params?.['requestId'] as RequestId)?.abort();
      return;
    }
    const { id } = message;
    const stream = new AbortController();
    this.#streams.set(id, stream);
    try {
      await super.send(message, {
        ...options, requestSignal: stream.signal,
        onRequestStreamEnd: () => {
          if (this.#streams.delete(id)) this.onmessage?.({ jsonrpc: '2.0', id, error: { code: -32_000, message: answerMarks.lost } });
        },
      });
    } catch (error) {
      this.#streams.delete(id);
      throw error;
    }
  }

  override async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const timer = Promise.withResolvers<void>();
    const handle = setTimeout(timer.resolve, goodbyeMs);
    if (this.#failure === undefined) await Promise.race([this.terminateSession().catch(() => undefined), timer.promise]);
    clearTimeout(handle);
    await super.close();
    await this.#agent.destroy();
  }
}
