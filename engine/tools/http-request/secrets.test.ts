import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Route, secretValueOf, startTestServer, type TestServer, toolWith } from '../../../tests/support/http-request.ts';
import { failureOf } from '../../../tests/support/tools.ts';
import { httpRequestArgumentsSchema } from './index.ts';

const token = secretValueOf('token');
let server: TestServer;
let origin: string;
const tool = toolWith({ allow_private_hosts: ['service.test', 'other.test', 'elsewhere.test'] });

const redirect = (location: (url: string) => string): Route => (request, response) => { response.writeHead(302, { location: location(request.url ?? '') }).end(); };
const routes: Record<string, Route> = {
  '/to-same': redirect(() => '/end'),
  '/to-other': redirect(() => `http://other.test:${server.port}/end`),
  '/with-query': redirect((url) => url.replace('/with-query', '/end')),
  '/away-with-query': redirect((url) => `http://elsewhere.test:${server.port}${url.replace('/away-with-query', '/end')}`),
  '/away-with-header': (request, response) => { response.writeHead(302, { location: `http://elsewhere.test:${server.port}/end?${String(request.headers['x-api-key'])}` }).end(); },
  '/away-in-two': redirect((url) => url.replace('/away-in-two', '/away-with-query')),
  '/away-in-base64': (request, response) => { response.writeHead(302, { location: `http://elsewhere.test:${server.port}/end?${Buffer.from(`key:${String(request.headers['x-api-key'])}`).toString('base64')}` }).end(); },
  '/away-respelled': (request, response) => { response.writeHead(302, { location: `http://elsewhere.test:${server.port}/end?key=${encodeURIComponent(String(request.headers['x-api-key'])).toLowerCase()}` }).end(); },
  '/asks-for-more': redirect(() => `http://service.test:${server.port}/end?stolen={{secret:token}}`),
  '/asks-for-another': redirect(() => `http://other.test:${server.port}/end?stolen={{secret:other}}`),
};
beforeAll(async () => {
  server = await startTestServer(routes);
  origin = `http://service.test:${server.port}`;
});
afterAll(() => server.close());
beforeEach(() => { server.seen.length = 0; });

describe('a secret', () => {
  test('takes its place in a header, the query and the body when the request is sent, and nowhere else', async () => {
    const output = await tool.send({
      method: 'POST', url: `${origin}/x?a=%20b+c&key={{ secret:token }}&plain=1#part`, headers: { authorization: 'Bearer {{secret:token}}', accept: 'text/plain' }, body: '{"key": "{{secret:token}}", "same": "{{ secret:token}}"}',
    });
    expect(server.seen).toMatchObject([{
      url: `/x?a=%20b+c&key=${encodeURIComponent(token)}&plain=1`, headers: { authorization: `Bearer ${token}`, accept: 'text/plain' }, body: `{"key": "${token}", "same": "${token}"}`,
    }]);
    expect(output).toMatchObject({ url: `${origin}/x?a=%20b+c&key={{secret:token}}&plain=1#part` });
    expect(JSON.stringify(output)).not.toContain(token);
    expect(JSON.stringify(output)).not.toContain(encodeURIComponent(token));
  });

  test('is asked for with the address it goes to, and only when that was checked', async () => {
    const asked: string[] = [];
    const revealSecrets = async (text: string, url: URL): Promise<string> => {
      asked.push(`${text} for ${url.href}`);
      return 'value';
    };
    await tool.send({ url: `${origin}/to-same`, headers: { 'x-api-key': '{{secret:a}}{{secret:b}}' } }, { revealSecrets });
    expect(asked).toEqual(['/to-same', '/end'].flatMap((path) => [`{{secret:a}} for ${origin}${path}`, `{{secret:b}} for ${origin}${path}`]));
    await failureOf(toolWith({}).send({ url: `${origin}/x`, headers: { 'x-api-key': '{{secret:a}}' } }, { revealSecrets: () => expect.unreachable() }));
  });

  test.each<[what: string, args: Record<string, unknown>]>([
    ['in a header', { headers: { 'x-api-key': '{{secret:other}}' } }], ['in the body', { method: 'POST', body: '{{secret:other}}' }], ['that does not exist', { headers: { 'x-api-key': '{{secret:nothing}}' } }],
  ])('%s for a host it may not go to is refused and nothing is sent', async (_what, args) => {
    expect(await failureOf(tool.send({ url: `${origin}/x`, ...args }, { confirmClaim: () => expect.unreachable() }))).toMatchObject({ code: 'TOOL_REFUSED', details: { not_sent: true } });
    expect(await failureOf(tool.send({ url: `${origin}/x?k={{secret:other}}` }))).toMatchObject({ code: 'TOOL_REFUSED' });
    expect(server.seen).toEqual([]);
  });

  test('with a line break cannot be in a header, and the failure does not show it', async () => {
    const error = await failureOf(tool.send({ url: `${origin}/x`, headers: { authorization: 'Bearer {{secret:lines}}' } }));
    expect(error).toMatchObject({ code: 'TOOL_NOT_CONFIGURED', message: expect.stringMatching(/secret lines .* "authorization"/), details: { not_sent: true } });
    expect(error.message).not.toContain('two');
    expect(server.seen).toEqual([]);
  });

  test('stays behind when a redirect leads to another origin', async () => {
    await tool.send({ url: `${origin}/to-other`, headers: { authorization: 'Bearer {{secret:token}}' } });
    expect(server.seen[1]).toMatchObject({ url: '/end', headers: { host: `other.test:${server.port}` } });
    expect(JSON.stringify(server.seen[1])).not.toContain(token);
  });

  test('in a query is carried on by a redirect within the origin, which is shown as the other side sent it for the masking to find', async () => {
    await tool.send({ url: `${origin}/with-query?key={{secret:token}}` });
    expect(server.seen[1]?.url).toBe(`/end?key=${encodeURIComponent(token)}`);
  });

  const inHeader = { headers: { 'x-api-key': '{{secret:token}}' } };
  test.each<[path: string, args: Record<string, unknown>, requests: number]>([
    ['/away-with-query?key={{secret:token}}', {}, 1], ['/away-in-two?key={{secret:token}}', {}, 2], ['/away-with-header', inHeader, 1], ['/away-in-base64', inHeader, 1], ['/away-respelled', inHeader, 1],
  ])('that %s passes on to another origin goes no further', async (path, args, requests) => {
    const error = await failureOf(tool.send({ url: origin + path, ...args }));
    expect(error).toMatchObject({ code: 'TOOL_REFUSED', message: expect.stringContaining('with a secret in the address') });
    expect(error.message).not.toContain('tok_');
    expect(server.seen).toHaveLength(requests);
  });

  test.each(['/asks-for-more', '/asks-for-another'])('that the other side asks for in a redirect (%s) is not given', async (path) => {
    await tool.send({ url: origin + path }, { revealSecrets: () => expect.unreachable() });
    expect(server.seen[1]?.url).toMatch(/\?stolen=\{\{secret:(token|other)\}\}$/);
  });
});

describe('a reference', () => {
  test.each([
    'http://{{secret:host}}/', 'http://{{secret:a}}.example.com/', 'http://example.com/{{secret:a}}/', 'http://example.com/%7B%7Bsecret:a%7D%7D', 'http://example.com/#{{secret:a}}', 'http://example.com/?{{secret:a}}=1', 'http://example.com/?%7B%7Bsecret:a%7D%7D=1',
    'http://user:{{secret:a}}@example.com/', '{{secret:url}}',
  ])('in %s is refused with the arguments', (url) => {
    expect(httpRequestArgumentsSchema.safeParse({ url }).success).toBe(false);
  });

  test.each(['http://example.com/?a={{secret:a}}', 'http://example.com/?a=x{{ secret:a }}y&b={{secret:b}}'])('in %s passes', (url) => {
    expect(httpRequestArgumentsSchema.safeParse({ url }).success).toBe(true);
  });
});
