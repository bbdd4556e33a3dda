// Every address and header somebody may try, against a real server that would notice: a hole shows as a connection that arrived. The
// honest ones below have to get through the same guard.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer, toolWith } from '../../../tests/support/http-request.ts';
import { failureOf } from '../../../tests/support/tools.ts';
import type { Resolve } from './address-guard.ts';
import { httpRequestArgumentsSchema } from './index.ts';
import type { HttpRequestSettings } from './settings.ts';

/** Names of this page; `service.test` and `other.test` are the only ones an admin allowed to be private. */
const names: Record<string, string[]> = {
  'service.test': ['127.0.0.1'], 'other.test': ['127.0.0.1'], 'api.service.test': ['127.0.0.1'], 'xn--bcher-kva.test': ['127.0.0.1'], 'loop.test': ['127.0.0.1'], 'any.test': ['0.0.0.0'], 'private.test': ['10.0.0.5'], 'mixed.test': ['93.184.215.14', '127.0.0.1'], 'mixed6.test': ['2606:4700:4700::1111', '::1'],
  'v6.test': ['::1'], 'mapped.test': ['::ffff:127.0.0.1'], 'nat64.test': ['64:ff9b::7f00:1'], 'local-nat64.test': ['64:ff9b:1::7f00:1'], '6to4.test': ['2002:7f00:1::'], 'teredo.test': ['2001:0:7f00:1::'], 'zone.test': ['fe80::1%lo'], 'octal.test': ['0177.0.0.1'], 'metadata.test': ['169.254.169.254'],
  'carrier.test': ['100.64.0.1'], 'bench.test': ['198.18.0.1'], 'aws6.test': ['fd00:ec2::254'], 'nonsense.test': ['not an address'], 'localhost': ['127.0.0.1'], 'evil.localhost': ['127.0.0.1'], 'metadata.google.internal': ['169.254.169.254'], 'xn--pple-43d.com': ['127.0.0.1'], 'nothing.test': [],
};
const resolve: Resolve = async (hostname) => {
  const addresses = names[hostname.replace(/\.$/, '')];
  if (addresses === undefined) throw Object.assign(new Error('not found'), { code: 'ENOTFOUND' });
  return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
};
const allowed = ['service.test', 'other.test'];

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({
    '/redirect': (request, response) => {
      const to = new URL(request.url ?? '', 'http://x').searchParams.get('to') ?? '';
      response.writeHead(302, { location: to.replaceAll('PORT', String(server.port)) }).end();
    },
    '/loop': (_request, response) => { response.writeHead(301, { location: `http://other.test:${server.port}/loop-back` }).end(); },
    '/loop-back': (_request, response) => { response.writeHead(301, { location: `http://service.test:${server.port}/loop` }).end(); },
    '/far': (_request, response) => { response.writeHead(302, { location: `/${'x'.repeat(5_000)}` }).end(); },
    '/file': (_request, response) => { response.setHeader('content-type', 'image/png').end(Buffer.from([0x89, 0x50, 0, 255])); },
  });
});
afterAll(() => server.close());
beforeEach(() => { server.seen.length = 0; });

/** PORT stands for the server's port, so that what gets past the guard arrives there. */
const fill = (text: string): string => text.replaceAll('PORT', String(server.port));

describe('hostile addresses never make a connection', () => {
  test.each<[what: string, url: string, code: string]>([
    ['loopback', 'http://127.0.0.1:PORT/', 'TOOL_REFUSED'], ['loopback as a number', 'http://2130706433:PORT/', 'TOOL_REFUSED'], ['in hex', 'http://0x7f000001:PORT/', 'TOOL_REFUSED'], ['in octal', 'http://0177.0.0.01:PORT/', 'TOOL_REFUSED'],
    ['short', 'http://127.1:PORT/', 'TOOL_REFUSED'], ['in three parts', 'http://127.0.1:PORT/', 'TOOL_REFUSED'], ['mixed bases', 'http://0x7f.0.0.0x1:PORT/', 'TOOL_REFUSED'], ['with a trailing dot', 'http://127.0.0.1.:PORT/', 'TOOL_REFUSED'],
    ['in full-width digits', 'http://１２７.０.０.１:PORT/', 'TOOL_REFUSED'], ['with ideographic dots', 'http://127。0。0。1:PORT/', 'TOOL_REFUSED'], ['percent-encoded', 'http://%31%32%37.0.0.1:PORT/', 'TOOL_REFUSED'], ['another loopback', 'http://127.255.255.254:PORT/', 'TOOL_REFUSED'],
    ['this host', 'http://0.0.0.0:PORT/', 'TOOL_REFUSED'], ['this host as zero', 'http://0:PORT/', 'TOOL_REFUSED'], ['broadcast', 'http://255.255.255.255:PORT/', 'TOOL_REFUSED'], ['loopback of IPv6', 'http://[::1]:PORT/', 'TOOL_REFUSED'],
    ['unspecified of IPv6', 'http://[::]:PORT/', 'TOOL_REFUSED'], ['mapped', 'http://[::ffff:127.0.0.1]:PORT/', 'TOOL_REFUSED'], ['mapped in hex', 'http://[::ffff:7f00:1]:PORT/', 'TOOL_REFUSED'], ['compatible', 'http://[::127.0.0.1]:PORT/', 'TOOL_REFUSED'],
    ['NAT64', 'http://[64:ff9b::127.0.0.1]:PORT/', 'TOOL_REFUSED'], ['local NAT64', 'http://[64:ff9b:1::7f00:1]:PORT/', 'TOOL_REFUSED'], ['6to4', 'http://[2002:7f00:1::]:PORT/', 'TOOL_REFUSED'], ['Teredo', 'http://[2001:0:7f00:1::]:PORT/', 'TOOL_REFUSED'],
    ['unique local', 'http://[fd00:ec2::254]:PORT/', 'TOOL_REFUSED'], ['link-local', 'http://[fe80::1]:PORT/', 'TOOL_REFUSED'], ['site-local', 'http://[fec0::1]:PORT/', 'TOOL_REFUSED'], ['cloud metadata', 'http://169.254.169.254/latest/meta-data/', 'TOOL_REFUSED'],
    ['metadata as a number', 'http://2852039166/', 'TOOL_REFUSED'], ['metadata mapped', 'http://[::ffff:a9fe:a9fe]/', 'TOOL_REFUSED'], ['metadata of others', 'http://100.100.100.200/', 'TOOL_REFUSED'], ['192.0.0.0/24', 'http://192.0.0.192/', 'TOOL_REFUSED'],
    ['a private net', 'http://10.0.0.1/', 'TOOL_REFUSED'], ['another', 'http://172.16.0.1/', 'TOOL_REFUSED'], ['a third', 'http://192.168.0.1/', 'TOOL_REFUSED'], ['carrier NAT', 'http://100.64.0.1/', 'TOOL_REFUSED'], ['benchmarks', 'http://198.18.0.1/', 'TOOL_REFUSED'], ['multicast', 'http://224.0.0.1/', 'TOOL_REFUSED'],
    ['localhost', 'http://localhost:PORT/', 'TOOL_REFUSED'], ['LOCALHOST', 'http://LOCALHOST:PORT/', 'TOOL_REFUSED'], ['localhost with a dot', 'http://localhost.:PORT/', 'TOOL_REFUSED'], ['below localhost', 'http://evil.localhost:PORT/', 'TOOL_REFUSED'], ['localhost in circled letters', 'http://ⓛocalhost:PORT/', 'TOOL_REFUSED'],
    ['metadata by name', 'http://metadata.google.internal/', 'TOOL_REFUSED'], ['a public name that is loopback', 'http://loop.test:PORT/', 'TOOL_REFUSED'], ['a name that is this host', 'http://any.test:PORT/', 'TOOL_REFUSED'], ['a name that is private', 'http://private.test/', 'TOOL_REFUSED'],
    ['a name that is both', 'http://mixed.test:PORT/', 'TOOL_REFUSED'], ['a name that is both in IPv6', 'http://mixed6.test:PORT/', 'TOOL_REFUSED'], ['a name in IPv6', 'http://v6.test:PORT/', 'TOOL_REFUSED'], ['a mapped name', 'http://mapped.test:PORT/', 'TOOL_REFUSED'], ['a NAT64 name', 'http://nat64.test:PORT/', 'TOOL_REFUSED'],
    ['a local NAT64 name', 'http://local-nat64.test:PORT/', 'TOOL_REFUSED'], ['a 6to4 name', 'http://6to4.test:PORT/', 'TOOL_REFUSED'], ['a Teredo name', 'http://teredo.test:PORT/', 'TOOL_REFUSED'], ['a name with a zone', 'http://zone.test:PORT/', 'TOOL_REFUSED'], ['an octal name', 'http://octal.test:PORT/', 'TOOL_REFUSED'],
    ['a name of metadata', 'http://metadata.test/', 'TOOL_REFUSED'], ['a name of metadata in IPv6', 'http://aws6.test/', 'TOOL_REFUSED'], ['a name in carrier NAT', 'http://carrier.test/', 'TOOL_REFUSED'], ['a name of benchmarks', 'http://bench.test/', 'TOOL_REFUSED'],
    ['a name with a nonsense address', 'http://nonsense.test:PORT/', 'TOOL_REFUSED'], ['a look-alike', 'http://аpple.com:PORT/', 'TOOL_REFUSED'], ['a name below an allowed one', 'http://api.service.test:PORT/', 'TOOL_REFUSED'], ['a name without an address', 'http://nothing.test:PORT/', 'TOOL_FAILED'],
    ['a name nobody knows', 'http://unknown.test:PORT/', 'TOOL_FAILED'],
  ])('%s (%s)', async (_what, url, code) => {
    const before = server.connections();
    const tool = toolWith({ allow_private_hosts: allowed }, resolve);
    expect(await failureOf(tool.send({ method: 'POST', url: fill(url) }, { confirmClaim: () => expect.unreachable() }))).toMatchObject({ code, details: { not_sent: true } });
    expect(server.connections()).toBe(before);
  });
});

describe('hostile redirects are not followed', () => {
  test.each<[what: string, to: string, code: string]>([
    ['a file', 'file:///etc/passwd', 'TOOL_REFUSED'], ['ftp', 'ftp://service.test/', 'TOOL_REFUSED'], ['gopher', 'gopher://service.test:PORT/_x', 'TOOL_REFUSED'], ['data', 'data:text/plain,x', 'TOOL_REFUSED'], ['a script', 'javascript:alert(1)', 'TOOL_REFUSED'],
    ['loopback', 'http://127.0.0.1:PORT/', 'TOOL_REFUSED'], ['loopback as a number', 'http://2130706433:PORT/', 'TOOL_REFUSED'], ['loopback without a scheme', '//127.0.0.1:PORT/', 'TOOL_REFUSED'], ['loopback behind backslashes', '\\\\127.0.0.1:PORT\\', 'TOOL_REFUSED'], ['metadata', 'http://169.254.169.254/', 'TOOL_REFUSED'],
    ['a private name', 'http://loop.test:PORT/', 'TOOL_REFUSED'], ['localhost', 'http://localhost:PORT/', 'TOOL_REFUSED'], ['IPv6 loopback', 'http://[::1]:PORT/', 'TOOL_REFUSED'], ['credentials', 'http://user:password@service.test:PORT/', 'TOOL_REFUSED'], ['a user', 'http://user@other.test:PORT/', 'TOOL_REFUSED'],
    ['a host behind credentials', 'http://service.test:PORT@127.0.0.1:PORT/', 'TOOL_REFUSED'], ['no URL', 'http://[', 'TOOL_FAILED'], ['a bad port', 'http://service.test:99999/', 'TOOL_FAILED'], ['a name nobody knows', 'http://unknown.test/', 'TOOL_FAILED'],
  ])('to %s', async (_what, to, code) => {
    const tool = toolWith({ allow_private_hosts: allowed }, resolve);
    expect(await failureOf(tool.send({ url: `http://service.test:${server.port}/redirect?to=${encodeURIComponent(to)}` }))).toMatchObject({ code });
    expect(server.seen).toHaveLength(1);
  });

  test('to a very long address', async () => {
    expect(await failureOf(toolWith({ allow_private_hosts: allowed }, resolve).send({ url: `http://service.test:${server.port}/far` }))).toMatchObject({ code: 'TOOL_REFUSED', message: expect.stringContaining('longer than') });
    expect(server.seen).toHaveLength(1);
  });

  test('in a circle', async () => {
    expect(await failureOf(toolWith({ allow_private_hosts: allowed }, resolve).send({ url: `http://service.test:${server.port}/loop` }))).toMatchObject({ code: 'TOOL_FAILED' });
    expect(server.seen).toHaveLength(6);
  });

  test.each<[what: string, settings: Partial<HttpRequestSettings>]>([['a denied host', { deny_hosts: ['other.test'] }], ['a host outside the only ones', { only_hosts: ['service.test'] }]])('to %s', async (_what, settings) => {
    const tool = toolWith({ allow_private_hosts: allowed, ...settings }, resolve);
    expect(await failureOf(tool.send({ url: `http://service.test:${server.port}/redirect?to=${encodeURIComponent(`http://other.test:${server.port}/`)}` }))).toMatchObject({ code: 'TOOL_REFUSED' });
    expect(server.seen).toHaveLength(1);
  });
});

describe('hostile arguments are refused before anything else', () => {
  const url = 'http://example.com/';
  test.each<[what: string, args: Record<string, unknown>]>([
    ['a file', { url: 'file:///etc/passwd' }], ['ftp', { url: 'ftp://example.com/' }], ['gopher', { url: 'gopher://example.com/' }], ['data', { url: 'data:text/plain,x' }], ['a script', { url: 'javascript:alert(1)' }], ['a socket', { url: 'unix:/var/run/docker.sock' }], ['a web socket', { url: 'ws://example.com/' }],
    ['a path', { url: '/etc/passwd' }], ['no scheme', { url: 'example.com' }], ['nothing', { url: '' }], ['no host', { url: 'http://' }], ['credentials', { url: 'http://user:password@example.com/' }], ['a user', { url: 'http://user@example.com/' }], ['an encoded user', { url: 'http://us%65r@example.com/' }],
    ['a zone', { url: 'http://[fe80::1%25eth0]/' }], ['a zone as typed', { url: 'http://[fe80::1%eth0]/' }], ['a port too high', { url: 'http://example.com:65536/' }], ['an address out of range', { url: 'http://256.0.0.1/' }], ['a long URL', { url: url + 'x'.repeat(4_000) }], ['a URL of ten megabytes', { url: url + 'x'.repeat(10_000_000) }],
    ['a backslash before the host', { url: 'http:\\\\example.com/' }], ['a backslash that hides the host', { url: 'http://example.com\\@127.0.0.1/' }], ['a line break in the host', { url: 'http://exam\nple.com/' }], ['a tab in the scheme', { url: 'ht\ttp://example.com/' }], ['a NUL', { url: 'http://example.com/\0' }],
    ['a right-to-left mark', { url: 'http://example.com/\u202Egnp.exe' }], ['a zero-width space', { url: 'http://exam\u200Bple.com/' }], ['a soft hyphen', { url: 'http://exam\u00ADple.com/' }], ['a number', { url: 7 }],
    ['CONNECT', { url, method: 'CONNECT' }], ['TRACE', { url, method: 'TRACE' }], ['small letters', { url, method: 'post' }], ['a method with a line break', { url, method: 'GET / HTTP/1.1\r\nX: y' }], ['a body with GET', { url, body: 'x' }], ['a body with HEAD', { url, method: 'HEAD', body: 'x' }], ['a body too long', { url, method: 'POST', body: 'x'.repeat(200_001) }],
    ['a Host header', { url, headers: { Host: 'internal' } }], ['a length header', { url, method: 'POST', headers: { 'content-length': '5' } }], ['a transfer-encoding header', { url, method: 'POST', headers: { 'Transfer-Encoding': 'chunked' } }], ['a TE header', { url, headers: { te: 'trailers' } }], ['an expect header', { url, method: 'POST', headers: { expect: '100-continue' } }],
    ['a forwarding header', { url, headers: { 'x-forwarded-for': '127.0.0.1' } }], ['an override of the method', { url, method: 'POST', headers: { 'x-http-method-override': 'DELETE' } }], ['a cookie', { url, headers: { cookie: 'a=b' } }], ['a connection header', { url, headers: { connection: 'upgrade' } }], ['an upgrade', { url, headers: { upgrade: 'h2c' } }],
    ['proxy credentials', { url, headers: { 'proxy-authorization': 'Basic x' } }], ['a metadata header', { url, headers: { 'Metadata-Flavor': 'Google' } }], ['a metadata token', { url, headers: { 'X-aws-ec2-metadata-token': 'x' } }], ['an encoding', { url, headers: { 'accept-encoding': 'identity' } }], ['a key of its own', { url, method: 'POST', headers: { 'idempotency-key': 'x' } }],
    ['a header value with a line break', { url, headers: { accept: 'a\r\nHost: internal' } }], ['a bare line feed', { url, headers: { accept: 'a\nb' } }], ['a NUL in a header', { url, headers: { accept: 'a\0' } }], ['other letters in a header', { url, headers: { accept: 'ü' } }], ['a folded header', { url, headers: { accept: 'a\r\n b' } }],
    ['a header name with a line break', { url, headers: { 'accept\r\nHost': 'x' } }], ['a header name with a colon', { url, headers: { 'accept: x\r\nhost': 'y' } }], ['a header name with a space', { url, headers: { 'host ': 'x' } }], ['an empty header name', { url, headers: { '': 'x' } }], ['a header given twice', { url, headers: { accept: 'a', Accept: 'b' } }],
    ['a list of headers', { url, headers: { accept: ['a', 'b'] } }], ['an unknown field', { url, proxy: 'http://evil' }], ['too many redirects', { url, max_redirects: 6 }], ['less than no redirects', { url, max_redirects: -1 }],
  ])('%s', (_what, args) => {
    expect(httpRequestArgumentsSchema.safeParse(args).success).toBe(false);
  });
});

describe('honest requests get through', () => {
  const settings: Partial<HttpRequestSettings> = { allow_private_hosts: [...allowed, '*.service.test', 'xn--bcher-kva.test', '127.0.0.1'], only_hosts: ['*.test', '127.0.0.1'], deny_hosts: ['evil.test', '*.evil.test', '10.0.0.1', 'service.test:1'] };
  test.each<[what: string, args: Record<string, unknown>, sent: { method?: string; url?: string; host?: string }]>([
    ['a page', { url: 'http://service.test:PORT/' }, { method: 'GET', url: '/' }], ['a query', { url: 'http://service.test:PORT/a?b=c&d=%20e+f' }, { url: '/a?b=c&d=%20e+f' }], ['spaces and other letters', { url: 'http://service.test:PORT/grüße?q=hello world' }, { url: '/gr%C3%BC%C3%9Fe?q=hello%20world' }],
    ['capitals', { url: 'HTTP://SERVICE.TEST:PORT/Path' }, { url: '/Path', host: 'service.test:PORT' }], ['a trailing dot', { url: 'http://service.test.:PORT/' }, { host: 'service.test.:PORT' }], ['below a wildcard', { url: 'http://api.service.test:PORT/' }, { host: 'api.service.test:PORT' }], ['a name in other letters', { url: 'http://bücher.test:PORT/' }, { host: 'xn--bcher-kva.test:PORT' }],
    ['an allowed address', { url: 'http://127.0.0.1:PORT/' }, { host: '127.0.0.1:PORT' }], ['a fragment', { url: 'http://service.test:PORT/a#part' }, { url: '/a' }], ['dots in the path', { url: 'http://service.test:PORT/a/../b/./c' }, { url: '/b/c' }], ['encoded dots and slashes', { url: 'http://service.test:PORT/a%2Fb' }, { url: '/a%2Fb' }],
    ['a long query', { url: `http://service.test:PORT/?q=${'x'.repeat(3_900)}` }, {}], ['an at sign in the path', { url: 'http://service.test:PORT/@user/repo' }, { url: '/@user/repo' }], ['a URL in the query', { url: 'http://service.test:PORT/?u=http://user:pw@127.0.0.1/' }, {}], ['braces that are no secret', { url: 'http://service.test:PORT/?q={{name}}' }, { url: '/?q={{name}}' }],
    ['HEAD', { url: 'http://service.test:PORT/', method: 'HEAD' }, { method: 'HEAD' }], ['POST', { url: 'http://service.test:PORT/', method: 'POST', body: '{"a": "\u202Eü\0"}', headers: { 'Content-Type': 'application/json' } }, { method: 'POST' }], ['POST without a body', { url: 'http://service.test:PORT/', method: 'POST' }, { method: 'POST' }], ['PUT', { url: 'http://service.test:PORT/', method: 'PUT', body: 'x' }, { method: 'PUT' }],
    ['PATCH', { url: 'http://service.test:PORT/', method: 'PATCH', body: 'x'.repeat(200_000) }, { method: 'PATCH' }], ['DELETE', { url: 'http://service.test:PORT/', method: 'DELETE' }, { method: 'DELETE' }], ['headers it may set', { url: 'http://service.test:PORT/', headers: { Accept: 'a/b', 'X-GitHub-Api-Version': '2022-11-28', authorization: 'Bearer x', Range: 'bytes=0-9' } }, {}],
    ['a file', { url: 'http://service.test:PORT/file' }, { url: '/file' }],
  ])('%s', async (_what, args, { method, url, host }) => {
    const output = await toolWith(settings, resolve).send({ ...args, url: fill(args['url'] as string) });
    expect(output).toMatchObject({ status: 200, redirected_from: [] });
    expect(server.seen).toHaveLength(1);
    expect(server.seen[0]).toMatchObject({ ...(method === undefined ? {} : { method }), ...(url === undefined ? {} : { url }), headers: host === undefined ? {} : { host: fill(host) }, body: args['body'] ?? '' });
  });

  test.each<[what: string, to: string, arrivesAt: string]>([
    ['an address', 'http://service.test:PORT/end', '/end'], ['another host', 'http://other.test:PORT/end', '/end'], ['a path', '/end?a=b', '/end?a=b'], ['a relative path', 'end', '/end'], ['a path above', '../end', '/end'], ['a query', '?to=/end', '/redirect?to=/end'], ['no scheme', '//other.test:PORT/end', '/end'], ['other letters', '/grüße', '/gr%C3%BC%C3%9Fe'],
  ])('a redirect to %s', async (_what, to, arrivesAt) => {
    expect(await toolWith(settings, resolve).send({ url: `http://service.test:${server.port}/redirect?to=${encodeURIComponent(to)}` })).toMatchObject({ status: 200, body: 'ok' });
    expect(server.seen[1]?.url).toBe(arrivesAt);
  });
});
