import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../../contracts/errors.ts';
import type { ToolCallContext } from '../tool.ts';
import { createHttpRequestTool, type HttpRequestArguments, httpRequestArgumentsSchema } from './index.ts';

interface Output { url: string; status: number; headers: Record<string, string>; body: string; body_encoding: string; bytes: number; truncated: boolean; redirected_from: string[] }
interface Seen { method: string | undefined; url: string | undefined; headers: IncomingMessage['headers']; body: string }

const seen: Seen[] = [];
let server: Server;
let port: number;
let origin: string;

const routes: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
  '/text': (_request, response) => response.setHeader('content-type', 'text/plain; charset=utf-8').end('grüße'),
  '/latin': (_request, response) => response.setHeader('content-type', 'text/html; charset=iso-8859-1').end(Buffer.from('gr\xFC\xDFe', 'latin1')),
  '/json': (_request, response) => response.setHeader('content-type', 'application/json').end('{"a":1}'),
  '/image': (_request, response) => response.setHeader('content-type', 'image/png').end(Buffer.from([0x89, 0x50, 0, 255])),
  '/untyped': (_request, response) => response.end('plain'),
  '/gzip': (_request, response) => response.setHeader('content-type', 'text/plain').setHeader('content-encoding', 'gzip').end(gzipSync('zipped')),
  '/br': (_request, response) => response.setHeader('content-type', 'text/plain').setHeader('content-encoding', 'br').end(brotliCompressSync('zipped')),
  '/twice': (_request, response) => response.setHeader('content-type', 'text/plain').setHeader('content-encoding', 'deflate, gzip').end(gzipSync(deflateSync('zipped'))),
  '/bomb': (_request, response) => response.setHeader('content-type', 'text/plain').setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.alloc(200_000_000))),
  '/broken': (_request, response) => response.setHeader('content-encoding', 'gzip').end('not gzip at all'),
  '/odd': (_request, response) => response.setHeader('content-encoding', 'rot13').end('x'),
  '/many': (_request, response) => response.setHeader('content-encoding', 'gzip, gzip, gzip').end('x'),
  '/large': (_request, response) => response.setHeader('content-type', 'text/plain').end('é'.repeat(600_000)),
  '/endless': (_request, response) => { response.setHeader('content-type', 'text/plain'); const more = (): void => { while (!response.destroyed && response.write('x'.repeat(65_536))); if (!response.destroyed) response.once('drain', more); }; more(); },
  '/missing': (_request, response) => { response.statusCode = 404; response.setHeader('content-type', 'text/plain').end('no such page'); },
  '/hang': () => {},
  '/cut': (_request, response) => { response.setHeader('content-length', '100'); response.write('half'); response.socket?.destroy(); },
  '/drop': (request) => { request.socket.destroy(); },
  '/to-text': (_request, response) => { response.statusCode = 302; response.setHeader('location', '/text').end(); },
  '/to-self': (_request, response) => { response.statusCode = 302; response.setHeader('location', '/to-self').end(); },
  '/to-loopback': (_request, response) => { response.statusCode = 302; response.setHeader('location', 'http://127.0.0.1:1/secret').end(); },
  '/to-metadata': (_request, response) => { response.statusCode = 307; response.setHeader('location', 'http://169.254.169.254/latest/meta-data/').end(); },
  '/to-file': (_request, response) => { response.statusCode = 302; response.setHeader('location', 'file:///etc/passwd').end(); },
  '/to-credentials': (_request, response) => { response.statusCode = 302; response.setHeader('location', `http://user:password@service.test:${port}/text`).end(); },
  '/to-nonsense': (_request, response) => { response.statusCode = 302; response.setHeader('location', 'http://[').end(); },
  '/to-other': (_request, response) => { response.statusCode = 302; response.setHeader('location', `http://other.test:${port}/text`).end(); },
  '/post-redirect': (_request, response) => { response.statusCode = 307; response.setHeader('location', `http://other.test:${port}/text`).end(); },
};

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => { body += chunk.toString(); });
    request.on('end', () => {
      seen.push({ method: request.method, url: request.url, headers: request.headers, body });
      const route = routes[(request.url ?? '').split('?')[0] ?? ''];
      if (route === undefined) response.setHeader('content-type', 'text/plain').end('ok');
      else route(request, response);
    });
    request.on('error', () => {});
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  ({ port } = server.address() as AddressInfo);
  origin = `http://service.test:${port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => { server.close(resolve); });
});
beforeEach(() => { seen.length = 0; });

const contextWith = (context: Partial<ToolCallContext> = {}): ToolCallContext =>
  ({ runId: 'run', toolCallId: 'call', idempotencyKey: 'run:1.0', signal: new AbortController().signal, confirmClaim: async () => {}, readResult: async () => null, ...context });
/** Names that exist nowhere but here: a request that arrives was connected to the address that was checked. */
const tool = () => createHttpRequestTool({ allowHosts: [`service.test:${port}`, `other.test:${port}`], resolve: async () => [{ address: '127.0.0.1', family: 4 }] });
const send = async (args: HttpRequestArguments, context: Partial<ToolCallContext> = {}): Promise<Output & { summary: string }> => {
  const { output, summary } = await tool().execute(httpRequestArgumentsSchema.parse(args), contextWith(context));
  return { ...(output as unknown as Output), summary };
};
const failureOf = async (work: Promise<unknown>): Promise<AppError> => {
  const error = await work.then((value) => { throw new Error(`no failure but ${JSON.stringify(value).slice(0, 300)}`); }, (thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
};

describe('honest requests', () => {
  test('the answer comes with status, headers and text', async () => {
    expect(await send({ url: `${origin}/text?q=1` })).toMatchObject({
      url: `${origin}/text?q=1`, status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'grüße', body_encoding: 'text', bytes: 7, truncated: false, redirected_from: [], summary: '200 OK, 7 bytes',
    });
    expect(seen).toMatchObject([{ method: 'GET', url: '/text?q=1', headers: { host: `service.test:${port}`, 'user-agent': 'Maestro' } }]);
    expect(seen[0]?.headers).not.toHaveProperty('idempotency-key');
  });

  test.each<[path: string, body: string, encoding: string]>([
    ['/latin', 'grüße', 'text'], ['/json', '{"a":1}', 'text'], ['/image', 'iVAA/w==', 'base64'], ['/untyped', 'plain', 'text'], ['/gzip', 'zipped', 'text'], ['/br', 'zipped', 'text'], ['/twice', 'zipped', 'text'],
  ])('%s is read as it was meant', async (path, body, encoding) => {
    expect(await send({ url: origin + path })).toMatchObject({ status: 200, body, body_encoding: encoding });
  });

  test('an error status is an answer', async () => {
    expect(await send({ url: `${origin}/missing` })).toMatchObject({ status: 404, body: 'no such page', summary: '404 Not Found, 12 bytes' });
  });

  test('a request that changes something carries its body and the call\'s key, and is confirmed first', async () => {
    const order: string[] = [];
    await send({ method: 'POST', url: `${origin}/x`, headers: { 'Content-Type': 'application/json', Authorization: 'Bearer t' }, body: '{}' }, { confirmClaim: async () => { order.push(`confirmed before ${seen.length}`); } });
    expect(order).toEqual(['confirmed before 0']);
    expect(seen).toMatchObject([{ method: 'POST', body: '{}', headers: { 'content-type': 'application/json', authorization: 'Bearer t', 'idempotency-key': 'run:1.0' } }]);
  });

  test('nothing is sent when the claim was lost', async () => {
    await failureOf(send({ method: 'POST', url: `${origin}/x` }, { confirmClaim: () => Promise.reject(new AppError('TOOL_FAILED', 'taken over', { details: { not_sent: true } })) }));
    expect(seen).toEqual([]);
  });

  test('HEAD has no body', async () => {
    expect(await send({ method: 'HEAD', url: `${origin}/gzip` })).toMatchObject({ status: 200, body: '', bytes: 0 });
  });
});

describe('limits', () => {
  test.each(['/large', '/bomb', '/endless'])('%s is cut at one megabyte', async (path) => {
    const output = await send({ url: origin + path });
    expect(output).toMatchObject({ status: 200, bytes: 1_000_000, truncated: true });
    expect(output.body).not.toContain('\uFFFD');
  });

  test.each<[path: string, message: RegExp]>([['/broken', /broken/], ['/odd', /rot13/], ['/many', /too many times/]])('%s is a failure that says why', async (path, message) => {
    expect(await failureOf(send({ url: origin + path }))).toMatchObject({ code: 'TOOL_FAILED', message: expect.stringMatching(message) });
  });

  test('an abort ends the call with the signal\'s reason', async () => {
    const controller = new AbortController();
    const reason = new Error('cancelled');
    const running = send({ url: `${origin}/hang` }, { signal: controller.signal });
    controller.abort(reason);
    await expect(running).rejects.toBe(reason);
  });
});

describe('redirects', () => {
  test('are followed, and told', async () => {
    expect(await send({ url: `${origin}/to-text` })).toMatchObject({ url: `${origin}/text`, body: 'grüße', redirected_from: [`${origin}/to-text`] });
  });

  test('without end stop after five', async () => {
    expect(await failureOf(send({ url: `${origin}/to-self` }))).toMatchObject({ code: 'TOOL_FAILED', message: expect.stringContaining('more than 5 times') });
    expect(seen).toHaveLength(6);
  });

  test.each<[path: string, why: RegExp]>([
    ['/to-loopback', /public internet/], ['/to-metadata', /public internet/], ['/to-file', /must start with http/], ['/to-credentials', /must not contain credentials/],
  ])('%s is refused', async (path, why) => {
    const strict = createHttpRequestTool({ allowHosts: [`service.test:${port}`], resolve: async () => [{ address: '127.0.0.1', family: 4 }] });
    expect(await failureOf(strict.execute({ url: origin + path }, contextWith()))).toMatchObject({ code: 'TOOL_REFUSED', message: expect.stringMatching(why) });
    expect(seen).toHaveLength(1);
  });

  test('to something that is no URL are a failure', async () => {
    expect(await failureOf(send({ url: `${origin}/to-nonsense` }))).toMatchObject({ code: 'TOOL_FAILED' });
  });

  test('to another origin leave what identifies the caller behind', async () => {
    await send({ url: `${origin}/to-other`, headers: { authorization: 'Bearer t', 'x-api-key': 'k', 'accept-language': 'de' } });
    expect(seen[0]?.headers).toMatchObject({ authorization: 'Bearer t', 'x-api-key': 'k' });
    expect(seen[1]?.headers).toMatchObject({ host: `other.test:${port}`, 'accept-language': 'de' });
    expect(seen[1]?.headers).not.toHaveProperty('authorization');
    expect(seen[1]?.headers).not.toHaveProperty('x-api-key');
  });

  test('on the same origin keep it', async () => {
    await send({ url: `${origin}/to-text`, headers: { authorization: 'Bearer t' } });
    expect(seen[1]?.headers).toMatchObject({ authorization: 'Bearer t' });
  });

  test('are the answer itself where something would be changed: what was approved goes nowhere else', async () => {
    expect(await send({ method: 'POST', url: `${origin}/post-redirect`, body: 'secret' })).toMatchObject({ status: 307, headers: { location: `http://other.test:${port}/text` } });
    expect(seen).toHaveLength(1);
  });
});

describe('trouble', () => {
  test('a name that answers differently the second time does not get past the check', async () => {
    const answers = [['127.0.0.1'], ['10.0.0.1']];
    const rebinding = createHttpRequestTool({ allowHosts: [`service.test:${port}`], resolve: async () => (answers.shift() ?? []).map((address) => ({ address, family: 4 })) });
    expect(await failureOf(rebinding.execute({ url: `${origin}/to-other` }, contextWith()))).toMatchObject({ code: 'TOOL_REFUSED' });
    expect(seen).toHaveLength(1);
  });

  test.each<[method: 'GET' | 'POST', path: string]>([['GET', '/drop'], ['POST', '/drop'], ['GET', '/cut']])('%s %s: a connection that is lost may work another time, and nothing is said about what happened', async (method, path) => {
    const error = await failureOf(send({ method, url: origin + path }));
    expect(error.code).toBe('TOOL_UNAVAILABLE');
    expect(error.details ?? {}).not.toHaveProperty('not_sent');
  });

  test('nobody listening means that nothing was sent', async () => {
    const strict = createHttpRequestTool({ allowHosts: ['service.test:1'], resolve: async () => [{ address: '127.0.0.1', family: 4 }] });
    expect(await failureOf(strict.execute({ method: 'POST', url: 'http://service.test:1/' }, contextWith()))).toMatchObject({ code: 'TOOL_UNAVAILABLE', details: { not_sent: true } });
  });

  test('a server that does not speak HTTP, or not TLS, is a clear failure', async () => {
    const tcp = createTcpServer((socket) => { socket.on('error', () => {}); socket.resume(); socket.end('SSH-2.0-OpenSSH_9.2\r\n'); });
    await new Promise<void>((resolve) => { tcp.listen(0, '127.0.0.1', resolve); });
    const tcpPort = (tcp.address() as AddressInfo).port;
    const open = createHttpRequestTool({ allowHosts: ['service.test'], resolve: async () => [{ address: '127.0.0.1', family: 4 }] });
    expect(await failureOf(open.execute({ url: `http://service.test:${tcpPort}/` }, contextWith()))).toMatchObject({ code: 'TOOL_FAILED', message: expect.stringContaining('HTTP') });
    expect(await failureOf(open.execute({ url: `https://service.test:${port}/` }, contextWith()))).toMatchObject({ code: 'TOOL_FAILED', details: { not_sent: true } });
    await new Promise((resolve) => { tcp.close(resolve); });
  });
});

describe('arguments', () => {
  test.each<[name: string, args: Record<string, unknown>]>([
    ['a file', { url: 'file:///etc/passwd' }], ['ftp', { url: 'ftp://example.com/' }], ['gopher', { url: 'gopher://example.com/' }], ['data', { url: 'data:text/plain,x' }], ['javascript', { url: 'javascript:alert(1)' }],
    ['a path', { url: '/etc/passwd' }], ['no scheme', { url: 'example.com' }], ['credentials', { url: 'http://user:password@example.com/' }], ['a user', { url: 'http://user@example.com/' }], ['nothing', { url: '' }],
    ['a very long URL', { url: `http://example.com/${'x'.repeat(4_000)}` }], ['an unknown method', { url: 'http://example.com/', method: 'CONNECT' }], ['TRACE', { url: 'http://example.com/', method: 'TRACE' }],
    ['a method with a line break', { url: 'http://example.com/', method: 'GET / HTTP/1.1\r\nX: y' }], ['a body with GET', { url: 'http://example.com/', body: 'x' }], ['a body with HEAD', { url: 'http://example.com/', method: 'HEAD', body: 'x' }],
    ['a Host header', { url: 'http://example.com/', headers: { Host: 'internal' } }], ['a length header', { url: 'http://example.com/', headers: { 'content-length': '5' } }], ['a transfer-encoding header', { url: 'http://example.com/', headers: { 'Transfer-Encoding': 'chunked' } }],
    ['a forwarding header', { url: 'http://example.com/', headers: { 'x-forwarded-for': '127.0.0.1' } }], ['a cookie', { url: 'http://example.com/', headers: { cookie: 'a=b' } }], ['a connection header', { url: 'http://example.com/', headers: { connection: 'upgrade' } }],
    ['a metadata header', { url: 'http://example.com/', headers: { 'Metadata-Flavor': 'Google' } }], ['a header value with a line break', { url: 'http://example.com/', headers: { accept: 'a\r\nHost: internal' } }],
    ['a header value with NUL', { url: 'http://example.com/', headers: { accept: 'a\0' } }], ['a header name with a line break', { url: 'http://example.com/', headers: { 'accept\r\nHost': 'x' } }],
    ['a header given twice', { url: 'http://example.com/', headers: { accept: 'a', Accept: 'b' } }], ['an unknown field', { url: 'http://example.com/', proxy: 'http://evil' }],
  ])('%s is refused', (_name, args) => {
    expect(httpRequestArgumentsSchema.safeParse(args).success).toBe(false);
  });

  test.each<[method: HttpRequestArguments['method'], risk: string, effect: string]>([
    [undefined, 'MEDIUM', 'none'], ['GET', 'MEDIUM', 'none'], ['HEAD', 'MEDIUM', 'none'], ['PUT', 'HIGH', 'idempotent'], ['DELETE', 'HIGH', 'idempotent'], ['POST', 'HIGH', 'external'], ['PATCH', 'HIGH', 'external'],
  ])('%s is of risk %s and effect %s', (method, risk, effect) => {
    const args = { url: 'https://example.com/', ...(method === undefined ? {} : { method }) };
    expect([tool().risk(args), tool().effect(args)]).toEqual([risk, effect]);
  });

  test('facts name the place and the size, never the query, header values or the body', () => {
    const args: HttpRequestArguments = { method: 'POST', url: 'https://API.example.com/v1/items?key=secret1', headers: { Authorization: 'secret2' }, body: 'secret3' };
    const facts = tool().facts(args);
    expect(facts).toEqual({ method: 'POST', protocol: 'https', host: 'api.example.com', port: 443, path: '/v1/items', header_names: ['authorization'], body_length: 7 });
    expect(tool().effectSentence(args)).toBe('Send a POST request to api.example.com/v1/items with 7 bytes');
    expect(tool().effectSentence({ url: 'https://example.com/a?b' })).toBe('Read example.com/a');
  });
});
