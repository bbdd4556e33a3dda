import type { LookupFunction } from 'node:net';
import { Agent, type Dispatcher, errors } from 'undici';
import { AppError } from '../../../contracts/errors.ts';
import type { CheckedAddress } from './address-guard.ts';
import { readBody } from './read-body.ts';

export interface HttpExchange {
  url: URL;
  method: string;
  headers: Record<string, string>;
  body: string | undefined;
}

export interface HttpAnswer {
  status: number;
  headers: Record<string, string>;
  bytes: Buffer;
  isTruncated: boolean;
}

/** Resolves to the addresses that were checked, whatever the name says by now. */
const lookupOf = (addresses: readonly CheckedAddress[]): LookupFunction => (_hostname, options, callback) => {
  const [first] = addresses as [CheckedAddress];
  if (options.all === true) callback(null, [...addresses]);
  else callback(null, first.address, first.family);
};

const notConnected = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'UND_ERR_CONNECT_TIMEOUT']);
const isTlsTrouble = (code: string): boolean => /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(code) || code === 'EPROTO';

/** The first error of a chain of causes and aggregates that has a code. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  if (!(error instanceof Error)) return '';
  const { code } = error as NodeJS.ErrnoException;
  return code ?? codeOf(error.cause);
}

/** What a failed exchange means; `not_sent` where no connection came about, so that the other side saw nothing. */
function toToolError(error: unknown, host: string): AppError {
  if (error instanceof AppError) return error;
  const code = codeOf(error);
  if (isTlsTrouble(code)) return new AppError('TOOL_FAILED', `No secure connection to ${host} came about (${code}).`, { cause: error, details: { not_sent: true } });
  if (notConnected.has(code)) return new AppError('TOOL_UNAVAILABLE', `No connection to ${host} came about (${code}).`, { cause: error, details: { not_sent: true } });
  if (error instanceof errors.HTTPParserError) return new AppError('TOOL_FAILED', `${host} does not answer in HTTP.`, { cause: error });
  return new AppError('TOOL_UNAVAILABLE', `The connection to ${host} was lost${code === '' ? '' : ` (${code})`}.`, { cause: error });
}

const toHeaders = (headers: Dispatcher.ResponseData['headers']): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value]])));

/** One request to one of these addresses, on a connection of its own. Throws what {@link toToolError} makes of a failure, or the signal's reason. */
export async function exchangeHttp(exchange: HttpExchange, addresses: readonly CheckedAddress[], options: { signal: AbortSignal; maxBytes: number }): Promise<HttpAnswer> {
  const { url, method, headers, body } = exchange;
  // The time cap is the signal's; what undici would wait for by itself is longer or no business of the tool.
  const agent = new Agent({ connect: { lookup: lookupOf(addresses), timeout: 10_000, autoSelectFamily: true }, headersTimeout: 0, bodyTimeout: 0, pipelining: 0 });
  try {
    const response = await agent.request({ origin: url.origin, path: `${url.pathname}${url.search}`, method: method as Dispatcher.HttpMethod, headers, body: body ?? null, signal: options.signal });
    const answerHeaders = toHeaders(response.headers);
    response.body.on('error', () => {});
    const { bytes, isTruncated } = await readBody(response.body, method === 'HEAD' ? '' : (answerHeaders['content-encoding'] ?? ''), options.maxBytes);
    return { status: response.statusCode, headers: answerHeaders, bytes, isTruncated };
  } catch (error) {
    options.signal.throwIfAborted();
    throw toToolError(error, url.host);
  } finally {
    await agent.destroy();
  }
}
