import type { LookupFunction, Socket } from 'node:net';
import { Agent, buildConnector, type Dispatcher, errors } from 'undici';
import { AppError } from '../../../contracts/errors.ts';
import { isTlsCode, systemCodeOf } from '../../../platform/system-code.ts';
import type { CheckedAddress } from './address-guard.ts';
import { readBody } from './read-body.ts';

export interface HttpExchange {
  url: URL;
  method: string;
  /** By lower-case name. */
  headers: Record<string, string>;
  body: string | undefined;
}

export interface ExchangeOptions {
  signal: AbortSignal;
  /** Bytes of a body that are read, after decompression, by its content type. */
  maxBytesOf: (contentType: string) => number;
  /** Called when the connection stands and nothing has left yet; what it throws is what the exchange throws, and nothing leaves. */
  beforeSending: () => Promise<void>;
  /** A body that breaks off is part of the answer: the status is known by then, and with it what became of the request. */
  keepsBrokenBody: boolean;
}

export interface HttpAnswer {
  status: number;
  headers: Record<string, string>;
  bytes: Buffer;
  isTruncated: boolean;
  /** Why the body is not whole, where it broke off. */
  bodyTrouble: string | undefined;
}

/** Resolves to the addresses that were checked, whatever the name says by now. */
const lookupOf = (addresses: readonly CheckedAddress[]): LookupFunction => (_hostname, options, callback) => {
  const [first] = addresses as [CheckedAddress];
  if (options.all === true) callback(null, [...addresses]);
  else callback(null, first.address, first.family);
};

/** What a failed exchange means; `not_sent` where no connection came about, so that the other side saw nothing. */
function toToolError(error: unknown, { host, isConnected }: { host: string; isConnected: boolean }): AppError {
  if (error instanceof AppError) return error;
  const code = systemCodeOf(error) ?? '';
  if (!isConnected) {
    const what = isTlsCode(code) ? 'No secure connection' : 'No connection';
    return new AppError(isTlsCode(code) ? 'TOOL_FAILED' : 'TOOL_UNAVAILABLE', `${what} to ${host} came about${code === '' ? '' : ` (${code})`}.`, { cause: error, details: { not_sent: true } });
  }
  if (error instanceof errors.HTTPParserError) return new AppError('TOOL_FAILED', `${host} does not answer in HTTP.`, { cause: error });
  if (error instanceof errors.HeadersOverflowError) return new AppError('TOOL_FAILED', `${host} sends too many headers.`, { cause: error });
  return new AppError('TOOL_UNAVAILABLE', `The connection to ${host} was lost${code === '' ? '' : ` (${code})`}.`, { cause: error });
}

const toHeaders = (headers: Dispatcher.ResponseData['headers']): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value]])));

/**
 * One request to one of these addresses, on a connection of its own. Throws TOOL_UNAVAILABLE, TOOL_FAILED (both with `not_sent` when
 * no connection came about), what `beforeSending` throws, or the signal's reason; a signal that aborts before anything left is
 * TOOL_TIMEOUT with `not_sent`.
 */
export async function exchangeHttp({ url, method, headers, body }: HttpExchange, addresses: readonly CheckedAddress[], options: ExchangeOptions): Promise<HttpAnswer> {
  const { signal, maxBytesOf, beforeSending, keepsBrokenBody } = options;
  let isConnected = false;
  const connect = buildConnector({ lookup: lookupOf(addresses), timeout: 10_000, autoSelectFamily: true } as buildConnector.BuildOptions);
  const admit = async (socket: Socket, callback: buildConnector.Callback): Promise<void> => {
    try {
      await beforeSending();
      signal.throwIfAborted();
    } catch (reason) {
      socket.on('error', () => {});
      socket.destroy();
      return callback(reason as Error, null);
    }
    isConnected = true;
    callback(null, socket);
  };
  // The time cap is the signal's; what undici would wait for by itself is longer or no business of the tool.
  const agent = new Agent({
    headersTimeout: 0, bodyTimeout: 0, pipelining: 0,
    connect: (target, callback) => connect(target, (...[error, socket]) => (error === null ? void admit(socket, callback) : callback(error, null))),
  });
  try {
    const response = await agent.request({ origin: url.origin, path: `${url.pathname}${url.search}`, method: method as Dispatcher.HttpMethod, headers, body: body ?? null, signal });
    const answerHeaders = toHeaders(response.headers);
    response.body.on('error', () => {});
    const read = await readBody(response.body, method === 'HEAD' ? '' : (answerHeaders['content-encoding'] ?? ''), maxBytesOf(answerHeaders['content-type'] ?? ''));
    const answer = { status: response.statusCode, headers: answerHeaders, bytes: read.bytes, isTruncated: read.isTruncated, bodyTrouble: undefined };
    if (read.failure === undefined) return answer;
    if (!keepsBrokenBody) throw read.failure;
    return { ...answer, bodyTrouble: signal.aborted ? 'The time was up before the body was whole.' : toToolError(read.failure, { host: url.host, isConnected }).message };
  } catch (error) {
    if (signal.aborted && !isConnected) throw new AppError('TOOL_TIMEOUT', `No connection to ${url.host} came about in time.`, { cause: signal.reason, details: { not_sent: true } });
    signal.throwIfAborted();
    throw toToolError(error, { host: url.host, isConnected });
  } finally {
    await agent.destroy();
  }
}
