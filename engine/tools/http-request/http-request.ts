import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import { AppError } from '../../../contracts/errors.ts';
import type { ToolEffect } from '../../../contracts/tools.ts';
import type { Tool, ToolCallContext } from '../tool.ts';
import { checkedAddressesOf, type Resolve } from './address-guard.ts';
import { exchangeHttp, type HttpAnswer } from './exchange.ts';
import { toBodyText } from './read-body.ts';
import type { HttpRequestSettings } from './settings.ts';

const maxBodyBytes = 1_000_000;
const timeoutMs = 30_000;
const maxRedirects = 5;
const redirects = new Set([301, 302, 303, 307, 308]);

const effectOf = { GET: 'none', HEAD: 'none', PUT: 'idempotent', DELETE: 'idempotent', POST: 'external', PATCH: 'external' } as const satisfies Record<string, ToolEffect>;
const methods = Object.keys(effectOf) as [keyof typeof effectOf, ...(keyof typeof effectOf)[]];

/** What a model may set. Host, lengths, connection, proxies and cookies are the client's business; unknown names may mean something to a gateway. */
const settableHeaders = new Set([
  'accept', 'accept-language', 'authorization', 'content-type', 'if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since', 'prefer', 'x-api-key', 'x-auth-token',
]);
/** Those that stay when a redirect leads to another origin. */
const harmlessHeaders = new Set(['accept', 'accept-language']);
/** Headers of an answer worth the model's reading. */
const shownHeaders = ['content-type', 'content-length', 'content-language', 'location', 'etag', 'last-modified', 'retry-after', 'link', 'allow', 'date'];

const urlSchema = z.string().min(1).max(4_000).superRefine((text, context) => {
  const fail = (message: string): void => context.addIssue({ code: 'custom', message });
  if (!URL.canParse(text)) return fail('is not a URL');
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return fail('must start with http:// or https://');
  if (url.username !== '' || url.password !== '') return fail('must not contain credentials');
});

export const httpRequestArgumentsSchema = z
  .strictObject({
    method: z.enum(methods).optional().describe('Default GET.'),
    url: urlSchema,
    headers: z.record(z.string().max(100), z.string().max(8_000).regex(/^[\t\x20-\x7E]*$/, 'must be one line of plain ASCII')).optional().describe(`Only these: ${[...settableHeaders].join(', ')}.`),
    body: z.string().max(200_000).optional(),
  })
  .superRefine(({ method, headers, body }, context) => {
    const names = Object.keys(headers ?? {}).map((name) => name.toLowerCase());
    for (const name of names) if (!settableHeaders.has(name)) context.addIssue({ code: 'custom', path: ['headers'], message: `the header "${name}" cannot be set` });
    if (new Set(names).size !== names.length) context.addIssue({ code: 'custom', path: ['headers'], message: 'a header is given twice' });
    if (body !== undefined && (method ?? 'GET') in { GET: 1, HEAD: 1 }) context.addIssue({ code: 'custom', path: ['body'], message: 'GET and HEAD have no body' });
  });
export type HttpRequestArguments = z.infer<typeof httpRequestArgumentsSchema>;

export interface HttpRequestOptions extends HttpRequestSettings {
  /** How names become addresses; default: the system's resolver. */
  resolve?: Resolve;
}

const methodOf = ({ method }: HttpRequestArguments) => method ?? 'GET';
const isReading = (args: HttpRequestArguments): boolean => effectOf[methodOf(args)] === 'none';

const toSize = (bytes: number): string => (bytes < 1_000 ? `${bytes} bytes` : `${(bytes / 1_000).toFixed(1)} kB`);

/** Follows a reading request to its end, checking each address anew; other methods get the redirect itself as their answer. */
async function request(args: HttpRequestArguments, { allow_private_hosts: allowHosts, resolve }: HttpRequestOptions, context: ToolCallContext, signal: AbortSignal): Promise<{ url: URL; answer: HttpAnswer; visited: string[] }> {
  let url = new URL(args.url);
  let headers = Object.fromEntries(Object.entries(args.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  const visited: string[] = [];
  for (;;) {
    const addresses = await checkedAddressesOf(url, allowHosts, resolve);
    signal.throwIfAborted();
    if (!isReading(args)) await context.confirmClaim();
    const answer = await exchangeHttp(
      {
        url, method: methodOf(args), body: args.body,
        headers: { 'accept': '*/*', 'user-agent': 'Maestro', ...headers, 'accept-encoding': 'gzip, deflate, br', ...(isReading(args) ? {} : { 'idempotency-key': context.idempotencyKey }) },
      },
      addresses, { signal, maxBytes: maxBodyBytes },
    );
    const location = answer.headers['location'];
    if (!isReading(args) || !redirects.has(answer.status) || location === undefined) return { url, answer, visited };
    if (visited.length === maxRedirects) throw new AppError('TOOL_FAILED', `${url.host} redirects more than ${maxRedirects} times.`);
    if (!URL.canParse(location, url.href)) throw new AppError('TOOL_FAILED', `${url.host} redirects to something that is no URL.`);
    const next = new URL(location, url.href);
    const checked = urlSchema.safeParse(next.href);
    if (!checked.success) throw new AppError('TOOL_REFUSED', `${url.host} redirects to a URL that ${checked.error.issues[0]?.message ?? 'is not allowed'}.`);
    if (next.origin !== url.origin) headers = Object.fromEntries(Object.entries(headers).filter(([name]) => harmlessHeaders.has(name)));
    visited.push(url.href);
    url = next;
  }
}

/**
 * The tool that speaks HTTP. Output: `{url, status, headers, body, body_encoding, bytes, truncated, redirected_from}`; an error status
 * is an answer like any other. Throws TOOL_REFUSED (an address that is not public), TOOL_TIMEOUT, TOOL_UNAVAILABLE, TOOL_FAILED.
 */
export const createHttpRequestTool = (options: HttpRequestOptions): Tool<HttpRequestArguments> => ({
  name: 'http_request',
  description: 'Sends one HTTP request to a host on the public internet and returns status, headers and body (at most 1 MB). GET and HEAD follow redirects.',
  argumentsSchema: httpRequestArgumentsSchema,
  defaultRisk: 'MEDIUM',
  risk: (args) => (isReading(args) ? 'MEDIUM' : 'HIGH'),
  defaultEffect: 'external',
  effect: (args) => effectOf[methodOf(args)],
  missingConfiguration: null,
  confirmsClaim: true,
  timeoutMs: timeoutMs + 10_000,
  facts(args) {
    const url = new URL(args.url);
    return {
      method: methodOf(args), protocol: url.protocol.slice(0, -1), host: url.hostname, port: Number(url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : url.port),
      // Without the query, which may carry secrets.
      path: url.pathname.slice(0, 500), header_names: Object.keys(args.headers ?? {}).map((name) => name.toLowerCase()).toSorted(), body_length: args.body?.length ?? 0,
    };
  },
  effectSentence(args) {
    const url = new URL(args.url);
    const place = `${url.host}${url.pathname.length > 80 ? `${url.pathname.slice(0, 80)}…` : url.pathname}`;
    return isReading(args) ? `Read ${place}` : `Send a ${methodOf(args)} request to ${place}${args.body === undefined ? '' : ` with ${toSize(Buffer.byteLength(args.body))}`}`;
  },
  async execute(args, context) {
    const deadline = AbortSignal.timeout(timeoutMs);
    try {
      const { url, answer, visited } = await request(args, options, context, AbortSignal.any([context.signal, deadline]));
      const { status, headers, bytes, isTruncated } = answer;
      return {
        output: {
          url: url.href, status, headers: Object.fromEntries(shownHeaders.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]]))),
          ...toBodyText(bytes, headers['content-type'] ?? '', isTruncated), bytes: bytes.length, truncated: isTruncated, redirected_from: visited,
        },
        summary: `${status} ${STATUS_CODES[status] ?? ''}, ${toSize(bytes.length)}${isTruncated ? ', cut' : ''}`.replace(' ,', ','),
      };
    } catch (error) {
      context.signal.throwIfAborted();
      if (deadline.aborted) throw new AppError('TOOL_TIMEOUT', `The request took longer than ${timeoutMs / 1000} s.`, { cause: error });
      throw error;
    }
  },
});
