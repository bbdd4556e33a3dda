import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../../contracts/errors.ts';
import { contextWith, type Route, startTestServer, type TestServer, toolWith } from '../../../tests/support/http-request.ts';
import { failureOf } from '../../../tests/support/tools.ts';
import { createHttpRequestTool, httpRequestArgumentsSchema } from './index.ts';

let server: TestServer;
let origin: string;
const tool = () => toolWith({ allow_private_hosts: [`service.test:${server.port}`, `other.test:${server.port}`] });
const send = (args: Record<string, unknown>, context = {}) => tool().send(args, context);

const redirect = (location: string | (() => string), status = 302): Route => (_request, response) => { response.writeHead(status, { location: typeof location === 'string' ? location : location() }).end(); };
const answer = (type: string, body: string | Buffer, headers: Record<string, string> = {}): Route => (_request, response) => { response.writeHead(200, { ...(type === '' ? {} : { 'content-type': type }), ...headers }).end(body); };
const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('grüße', 'utf16le')]);
const png = Buffer.from([0x89, 0x50, 0, 255]);
const routes: Record<string, Route> = {
  '/text': answer('text/plain; charset=utf-8', 'grüße'),
  '/latin': answer('text/html; charset=iso-8859-1', Buffer.from('gr\xFC\xDFe', 'latin1')),
  '/meta': answer('text/html', Buffer.from('<meta charset="iso-8859-1">gr\xFC\xDFe', 'latin1')),
  '/xml': answer('application/xml', Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>gr\xFC\xDFe</a>', 'latin1')),
  '/quoted': answer('Text/HTML;Charset="ISO-8859-1"', Buffer.from('gr\xFC\xDFe', 'latin1')),
  '/unknown-charset': answer('text/plain; charset=klingon', 'grüße'),
  '/utf16': answer('text/plain', utf16),
  '/bom': answer('text/plain; charset=iso-8859-1', '\uFEFFgrüße'),
  '/json': answer('application/json', '{"id":12345678901234567890}'),
  '/odd-json': answer('application/vnd.api+json', '{}'),
  '/untyped': answer('', 'plain'),
  '/octets': answer('application/octet-stream', 'plain'),
  '/script': answer('application/x-sh', 'echo'),
  '/svg': answer('image/svg+xml', '<svg/>'),
  '/gzip': answer('text/plain', gzipSync('zipped'), { 'content-encoding': 'gzip' }),
  '/br': answer('text/plain', brotliCompressSync('zipped'), { 'content-encoding': 'br' }),
  '/zstd': answer('text/plain', zstdCompressSync('zipped'), { 'content-encoding': 'zstd' }),
  '/twice': answer('text/plain', gzipSync(deflateSync('zipped')), { 'content-encoding': 'deflate, gzip' }),
  '/image.png': answer('image/png', png),
  '/lying': answer('text/plain', png),
  '/report': answer('application/pdf', '%PDF-1.7 in plain ASCII', { 'content-disposition': "attachment; filename=\"x.pdf\"; filename*=UTF-8''Q3%20r%C3%A9sum%C3%A9.pdf" }),
  '/climbing': answer('application/zip', png, { 'content-disposition': `attachment; filename*=UTF-8''..%2F..%2Fetc%2Fpass%22wd%07.zip` }),
  '/%2e%2e%2f%00': answer('application/zip', png),
  '/missing': (_request, response) => { response.writeHead(404, { 'content-type': 'text/plain' }).end('no such page'); },
  '/hang': () => {},
  '/cut': (_request, response) => { response.setHeader('content-length', '100'); response.write('half', () => response.socket?.destroy()); },
  '/drop': (request) => { request.socket.destroy(); },
  '/to-text': redirect('/text'),
  '/to-self': redirect('/to-self'),
  '/to-other': redirect(() => `http://other.test:${server.port}/text`),
  '/twice-to-text': redirect('/to-text'),
  '/post-redirect': redirect(() => `http://other.test:${server.port}/text`, 307),
};

beforeAll(async () => {
  server = await startTestServer(routes);
  origin = `http://service.test:${server.port}`;
});
afterAll(() => server.close());
beforeEach(() => { server.seen.length = 0; });

describe('honest requests', () => {
  test('the answer comes with status, headers and text', async () => {
    expect(await send({ url: `${origin}/text?q=1` })).toMatchObject({
      url: `${origin}/text?q=1`, status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'grüße', body_encoding: 'text', bytes: 7, truncated: false, redirected_from: [], summary: '200 OK, 7 bytes',
    });
    expect(server.seen).toMatchObject([{ method: 'GET', url: '/text?q=1', headers: { host: `service.test:${server.port}`, 'user-agent': 'Maestro' } }]);
    expect(server.seen[0]?.headers).not.toHaveProperty('idempotency-key');
  });

  test.each<[path: string, body: string]>([
    ['/latin', 'grüße'], ['/quoted', 'grüße'], ['/meta', '<meta charset="iso-8859-1">grüße'], ['/xml', '<?xml version="1.0" encoding="ISO-8859-1"?><a>grüße</a>'], ['/unknown-charset', 'grüße'], ['/utf16', 'grüße'], ['/bom', 'grüße'],
    ['/json', '{"id":12345678901234567890}'], ['/odd-json', '{}'], ['/untyped', 'plain'], ['/octets', 'plain'], ['/script', 'echo'], ['/svg', '<svg/>'], ['/gzip', 'zipped'], ['/br', 'zipped'], ['/zstd', 'zipped'], ['/twice', 'zipped'],
  ])('%s is read as it was meant', async (path, body) => {
    expect(await send({ url: origin + path })).toMatchObject({ status: 200, body, body_encoding: 'text', files: undefined });
  });

  test.each<[path: string, name: string, mediaType: string, bytes: Buffer]>([
    ['/image.png', 'image.png', 'image/png', png], ['/lying', 'lying', 'text/plain', png], ['/report', 'Q3 résumé.pdf', 'application/pdf', Buffer.from('%PDF-1.7 in plain ASCII')],
    ['/climbing', 'pass_wd_.zip', 'application/zip', png], ['/%2e%2e%2f%00', '_.zip', 'application/zip', png],
  ])('%s is no text and becomes the file %s', async (path, name, mediaType, bytes) => {
    const { files, ...output } = await send({ url: origin + path });
    expect(files).toEqual([{ id: expect.stringMatching(/^[0-9a-f-]{36}$/), name, mediaType, bytes }]);
    expect(output).toMatchObject({ body: '', body_encoding: 'file', truncated: false, file: { id: files?.[0]?.id, name, media_type: mediaType, bytes: bytes.length }, summary: `200 OK, ${bytes.length} bytes, as ${name}` });
  });

  test('an error status is an answer', async () => {
    expect(await send({ url: `${origin}/missing` })).toMatchObject({ status: 404, body: 'no such page', summary: '404 Not Found, 12 bytes' });
  });

  test('a request that changes something carries its body and the call\'s key, and is confirmed before anything leaves', async () => {
    const order: string[] = [];
    const body = ' {"a": "\u202Eü\\n"}\r\n';
    await send({ method: 'POST', url: `${origin}/x`, headers: { 'Content-Type': 'application/json', Authorization: 'Bearer t' }, body }, { confirmClaim: async () => { order.push(`confirmed before ${server.seen.length}`); } });
    expect(order).toEqual(['confirmed before 0']);
    expect(server.seen).toMatchObject([{ method: 'POST', body, headers: { 'content-type': 'application/json', authorization: 'Bearer t', 'idempotency-key': 'run:1.0' } }]);
  });

  test('nothing is sent when the claim was lost', async () => {
    const lost = new AppError('TOOL_FAILED', 'taken over', { details: { not_sent: true } });
    expect(await failureOf(send({ method: 'POST', url: `${origin}/x` }, { confirmClaim: () => Promise.reject(lost) }))).toBe(lost);
    expect(server.seen).toEqual([]);
  });

  test('a host that cannot be reached is never confirmed', async () => {
    const closed = await startTestServer({});
    await closed.close();
    const strict = toolWith({ allow_private_hosts: ['service.test'] });
    expect(await failureOf(strict.send({ method: 'POST', url: `http://service.test:${closed.port}/` }, { confirmClaim: () => expect.unreachable() }))).toMatchObject({ code: 'TOOL_UNAVAILABLE', details: { not_sent: true } });
  });

  test('HEAD has no body', async () => {
    expect(await send({ method: 'HEAD', url: `${origin}/gzip` })).toMatchObject({ status: 200, body: '', bytes: 0 });
  });

  test('an abort ends a call that is under way with the signal\'s reason', async () => {
    const controller = new AbortController();
    const reason = new Error('cancelled');
    const hanging = toolWith({ allow_private_hosts: ['service.test'] });
    const running = hanging.send({ method: 'POST', url: `${origin}/hang` }, { signal: controller.signal });
    await expect.poll(() => server.seen.length).toBe(1);
    controller.abort(reason);
    await expect(running).rejects.toBe(reason);
  });

  test('an abort before anything left says so', async () => {
    const controller = new AbortController();
    const confirmClaim = async (): Promise<void> => controller.abort(new Error('cancelled'));
    expect(await failureOf(send({ method: 'POST', url: `${origin}/x` }, { signal: controller.signal, confirmClaim }))).toMatchObject({ details: { not_sent: true } });
    expect(server.seen).toEqual([]);
  });
});

describe('redirects', () => {
  test('are followed, and told', async () => {
    expect(await send({ url: `${origin}/twice-to-text` })).toMatchObject({ url: `${origin}/text`, body: 'grüße', redirected_from: [`${origin}/twice-to-text`, `${origin}/to-text`] });
  });

  test('without end stop after five, or after as many as were asked for', async () => {
    expect(await failureOf(send({ url: `${origin}/to-self` }))).toMatchObject({ code: 'TOOL_FAILED', message: expect.stringContaining('more than 5 times') });
    expect(server.seen).toHaveLength(6);
    expect(await failureOf(send({ url: `${origin}/twice-to-text`, max_redirects: 1 }))).toMatchObject({ code: 'TOOL_FAILED', message: expect.stringContaining('more than once') });
  });

  test('are the answer where none is to be followed', async () => {
    expect(await send({ url: `${origin}/to-text`, max_redirects: 0 })).toMatchObject({ url: `${origin}/to-text`, status: 302, headers: { location: '/text' }, redirected_from: [] });
    expect(server.seen).toHaveLength(1);
  });

  test('to another origin leave what identifies the caller behind', async () => {
    await send({ url: `${origin}/to-other`, headers: { authorization: 'Bearer t', 'x-api-key': 'k', 'accept-language': 'de' } });
    expect(server.seen[0]?.headers).toMatchObject({ authorization: 'Bearer t', 'x-api-key': 'k' });
    expect(server.seen[1]?.headers).toMatchObject({ host: `other.test:${server.port}`, 'accept-language': 'de' });
    expect(server.seen[1]?.headers).not.toHaveProperty('authorization');
    expect(server.seen[1]?.headers).not.toHaveProperty('x-api-key');
  });

  test('on the same origin keep it', async () => {
    await send({ url: `${origin}/to-text`, headers: { authorization: 'Bearer t' } });
    expect(server.seen[1]?.headers).toMatchObject({ authorization: 'Bearer t' });
  });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('are the answer itself for %s: what was approved goes nowhere else', async (method) => {
    expect(await send({ method, url: `${origin}/post-redirect`, body: 'secret' })).toMatchObject({ status: 307, headers: { location: `http://other.test:${server.port}/text` } });
    expect(server.seen).toHaveLength(1);
  });
});

describe('names that change', () => {
  test('are asked once for each hop, and the connection goes to what was checked', async () => {
    const asked: string[] = [];
    const counting = toolWith({ allow_private_hosts: ['service.test', 'other.test'] }, async (hostname) => {
      asked.push(hostname);
      // Only the first answer is this machine: a second look-up at connect time would lead elsewhere.
      return [{ address: asked.filter((name) => name === hostname).length === 1 ? '127.0.0.1' : '203.0.113.9', family: 4 }];
    });
    expect(await counting.send({ url: `${origin}/to-other` })).toMatchObject({ status: 200, body: 'grüße' });
    expect(asked).toEqual(['service.test', 'other.test']);
  });

  test('do not get past the check at a redirect', async () => {
    const answers = [['127.0.0.1'], ['10.0.0.1']];
    const rebinding = toolWith({ allow_private_hosts: [`service.test:${server.port}`] }, async () => (answers.shift() ?? []).map((address) => ({ address, family: 4 })));
    expect(await failureOf(rebinding.send({ url: `${origin}/to-other` }))).toMatchObject({ code: 'TOOL_REFUSED' });
    expect(server.seen).toHaveLength(1);
  });
});

describe('trouble', () => {
  test.each<[method: 'GET' | 'POST', path: string]>([['GET', '/drop'], ['POST', '/drop'], ['GET', '/cut']])('%s %s: a connection that is lost may work another time, and nothing is said about what happened', async (method, path) => {
    const error = await failureOf(send({ method, url: origin + path }));
    expect(error.code).toBe('TOOL_UNAVAILABLE');
    expect(error.details ?? {}).not.toHaveProperty('not_sent');
  });

  test('a body that breaks off after a request that changed something leaves the status known', async () => {
    expect(await send({ method: 'POST', url: `${origin}/cut` })).toMatchObject({ status: 200, body: 'half', truncated: true, body_trouble: expect.stringContaining('lost') });
  });

  test('a server that does not speak TLS is a clear failure, and nothing was sent', async () => {
    const open = toolWith({ allow_private_hosts: ['service.test'] });
    expect(await failureOf(open.send({ method: 'POST', url: `https://service.test:${server.port}/` }))).toMatchObject({ code: 'TOOL_FAILED', details: { not_sent: true } });
  });
});

describe('what policy and approvers see', () => {
  test.each<[method: string | undefined, risk: string, effect: string]>([
    [undefined, 'MEDIUM', 'none'], ['GET', 'MEDIUM', 'none'], ['HEAD', 'MEDIUM', 'none'], ['PUT', 'HIGH', 'idempotent'], ['DELETE', 'HIGH', 'idempotent'], ['POST', 'HIGH', 'external'], ['PATCH', 'HIGH', 'external'],
  ])('%s is of risk %s and effect %s', (method, risk, effect) => {
    const args = httpRequestArgumentsSchema.parse({ url: 'https://example.com/', method });
    expect([tool().risk(args), tool().effect(args)]).toEqual([risk, effect]);
  });

  test('facts name the place, the size and the secrets, never the query, header values or the body', () => {
    const args = httpRequestArgumentsSchema.parse({
      method: 'POST', url: 'https://API.example.com/v1/items?key={{ secret:query-key }}&x=value1', headers: { Authorization: 'Bearer {{secret:github}}', Accept: 'value2' }, body: 'value3 {{secret:github}}',
    });
    expect(tool().facts(args)).toEqual({
      method: 'POST', protocol: 'https', host: 'api.example.com', port: 443, path: '/v1/items', header_names: ['accept', 'authorization'], body_length: 24, secret_names: ['github', 'query-key'], follows_redirects: false, max_redirects: 0,
    });
    expect(tool().effectSentence(args)).toBe('Send a POST request to api.example.com/v1/items with 24 bytes and the secrets github, query-key');
  });

  test.each<[args: Record<string, unknown>, sentence: string, facts: Record<string, unknown>]>([
    [{ url: 'https://example.com/a?b' }, 'Read example.com/a', { follows_redirects: true, max_redirects: 5, secret_names: [] }],
    [{ url: 'https://example.com./a', max_redirects: 0 }, 'Read example.com./a', { follows_redirects: false, max_redirects: 0, host: 'example.com' }],
    [{ url: 'https://example.com:8443/', headers: { 'x-api-key': '{{secret:key}}' } }, 'Read example.com:8443/ with the secret key', { port: 8443, secret_names: ['key'] }],
    [{ url: 'https://example.com/', method: 'DELETE', headers: { 'x-api-key': '{{secret:key}}' } }, 'Send a DELETE request to example.com/ with the secret key', {}],
    [{ url: 'https://аpple.com/' }, 'Read xn--pple-43d.com/', { host: 'xn--pple-43d.com' }],
    [{ url: 'http://2130706433/' }, 'Read 127.0.0.1/', { host: '127.0.0.1' }],
  ])('%j reads "%s"', (args, sentence, facts) => {
    const parsed = httpRequestArgumentsSchema.parse(args);
    expect(tool().effectSentence(parsed)).toBe(sentence);
    expect(tool().facts(parsed)).toMatchObject(facts);
  });
});

test('without a resolver of its own the tool asks the system\'s', async () => {
  const { output } = await createHttpRequestTool({ allow_private_hosts: ['localhost'], only_hosts: [], deny_hosts: [] }).execute({ url: `http://localhost:${server.port}/text` }, contextWith());
  expect(output).toMatchObject({ status: 200, body: 'grüße' });
});
