import type { Socket } from 'node:net';
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Route, startRawServer, startTestServer, type TestServer, toolWith } from '../../../tests/support/http-request.ts';
import { failureOf } from '../../../tests/support/tools.ts';

const tool = toolWith({ allow_private_hosts: ['service.test'] });
const maxText = 5_000_000;
const maxFile = 10_000_000;

const bomb = Buffer.alloc(200_000_000);
const encoded = (encoding: string, body: Buffer | string, type = 'text/html'): Route => (_request, response) => { response.writeHead(200, { 'content-type': type, 'content-encoding': encoding }).end(body); };
/** Writes for ever, as fast as it is read. */
const endless = (type: string): Route => (_request, response) => {
  response.writeHead(200, { 'content-type': type });
  const more = (): void => {
    while (!response.destroyed && response.write('x'.repeat(65_536)));
    if (!response.destroyed) response.once('drain', more);
  };
  more();
};
const routes: Record<string, Route> = {
  '/gzip-bomb': encoded('gzip', gzipSync(bomb)),
  '/br-bomb': encoded('br', brotliCompressSync(bomb)),
  '/zstd-bomb': encoded('zstd', zstdCompressSync(bomb)),
  '/bomb-in-bomb': encoded('gzip, gzip', gzipSync(gzipSync(bomb))),
  '/file-bomb': encoded('gzip', gzipSync(bomb), 'image/png'),
  '/large': (_request, response) => { response.setHeader('content-type', 'text/plain').end('é'.repeat(3_000_001)); },
  '/large-untyped': (_request, response) => { response.end('é'.repeat(3_000_001)); },
  '/file': (_request, response) => { response.setHeader('content-type', 'image/png').end(Buffer.alloc(maxFile, 7)); },
  '/large-file': (_request, response) => { response.setHeader('content-type', 'image/png').end(Buffer.alloc(maxFile + 1, 7)); },
  '/endless': endless('text/plain'),
  '/endless-file': endless('video/mp4'),
  '/broken': encoded('gzip', 'not gzip at all'),
  '/broken-br': encoded('br', 'not brotli at all'),
  '/broken-zstd': encoded('zstd', 'not zstd at all'),
  '/half': encoded('gzip', gzipSync('zipped').subarray(0, 12)),
  '/odd': encoded('rot13', 'x'),
  '/proto': encoded('constructor', 'x'),
  '/many': encoded('gzip, gzip, gzip', 'x'),
};
let server: TestServer;
let origin: string;
beforeAll(async () => {
  server = await startTestServer(routes);
  origin = `http://service.test:${server.port}`;
});
afterAll(() => server.close());

describe('large bodies', () => {
  test.each(['/large', '/large-untyped', '/gzip-bomb', '/br-bomb', '/zstd-bomb', '/bomb-in-bomb', '/endless'])('%s is cut at five megabytes of text', async (path) => {
    const output = await tool.send({ url: origin + path });
    // A bomb of zeros is no text and is dropped whole; what is text is kept up to the cap, no character halved.
    const isText = output.body_encoding === 'text';
    expect(output).toMatchObject({ status: 200, truncated: true, files: undefined, ...(isText ? { bytes: maxText } : { body: '', bytes: maxText, body_encoding: 'none' }) });
    expect(isText).toBe(!path.includes('bomb'));
    expect(output.body).not.toContain('\uFFFD');
  });

  test('a file may be ten megabytes, and one that is larger is not kept in part', async () => {
    const { files } = await tool.send({ url: `${origin}/file` });
    expect(files?.[0]?.bytes.length).toBe(maxFile);
    for (const path of ['/large-file', '/endless-file', '/file-bomb']) {
      expect(await tool.send({ url: origin + path })).toMatchObject({ status: 200, body: '', body_encoding: 'none', bytes: maxFile, truncated: true, files: undefined, summary: '200 OK, 10.0 MB, not text and too large or broken to keep' });
    }
  });

  test.each<[path: string, message: RegExp]>([['/broken', /broken/], ['/broken-br', /broken/], ['/broken-zstd', /broken/], ['/half', /broken/], ['/odd', /rot13/], ['/proto', /constructor/], ['/many', /too many times/]])('%s is a failure that says why', async (path, message) => {
    expect(await failureOf(tool.send({ url: origin + path }))).toMatchObject({ code: 'TOOL_FAILED', message: expect.stringMatching(message) });
  });

  test('a body that cannot be read after a request that changed something leaves the status known', async () => {
    expect(await tool.send({ method: 'POST', url: `${origin}/broken` })).toMatchObject({ status: 200, body_trouble: expect.stringContaining('broken') });
  });
});

describe('servers that do not stick to the rules', () => {
  const ok = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n';
  const ask = async (answer: (socket: Socket) => void, method = 'GET') => {
    const raw = await startRawServer(answer);
    try {
      return await tool.send({ method, url: `http://service.test:${raw.port}/` });
    } finally {
      await raw.close();
    }
  };

  test.each<[what: string, answer: string]>([
    ['HTTP/1.0 without a length', 'HTTP/1.0 200 OK\r\ncontent-type: text/plain\r\n\r\nhello'],
    ['an early hint before the answer', `HTTP/1.1 103 Early Hints\r\nlink: </a.css>\r\n\r\n${ok}content-length: 5\r\n\r\nhello`],
    ['no reason in the status line', 'HTTP/1.1 200\r\ncontent-type: text/plain\r\ncontent-length: 5\r\n\r\nhello'],
    ['chunks with extensions and trailers', `${ok}transfer-encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nx-trailer: 1\r\n\r\n`],
  ])('%s is understood', async (_what, answer) => {
    expect(await ask((socket) => socket.end(answer))).toMatchObject({ status: 200, body: 'hello', truncated: false });
  });

  test.each<[what: string, answer: string, code: string, message: RegExp]>([
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n', 'TOOL_FAILED', /HTTP/],
    ['nothing', '', 'TOOL_UNAVAILABLE', /lost/],
    ['half a status line', 'HTTP/1.1 20', 'TOOL_UNAVAILABLE', /lost|HTTP/],
    ['chunks of no size', `${ok}transfer-encoding: chunked\r\n\r\nzz\r\nhello\r\n`, 'TOOL_FAILED', /HTTP/],
    ['chunks that end early', `${ok}transfer-encoding: chunked\r\n\r\n5\r\nhel`, 'TOOL_UNAVAILABLE', /lost/],
    ['two lengths', `${ok}content-length: 5\r\ncontent-length: 6\r\n\r\nhello`, 'TOOL_UNAVAILABLE', /lost/],
    ['a length and chunks at once', `${ok}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`, 'TOOL_UNAVAILABLE', /lost/],
    ['a header line without a colon', `${ok}nonsense\r\n\r\nhello`, 'TOOL_FAILED', /HTTP/],
    ['headers of a megabyte', `${ok}x: ${'y'.repeat(1_000_000)}\r\n\r\nhello`, 'TOOL_FAILED', /too many headers/],
    ['a switch of protocols', 'HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n', 'TOOL_UNAVAILABLE', /lost/],
  ])('%s is a clear failure', async (_what, answer, code, message) => {
    expect(await failureOf(ask((socket) => socket.end(answer)))).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test('headers without end are cut off', async () => {
    const error = await failureOf(ask((socket) => {
      socket.write(ok);
      const more = (): void => {
        while (!socket.destroyed && socket.write(`x-more: ${'y'.repeat(1_000)}\r\n`));
        if (!socket.destroyed) socket.once('drain', more);
      };
      more();
    }));
    expect(error).toMatchObject({ code: 'TOOL_FAILED', message: expect.stringContaining('too many headers') });
  });

  /** The time a call has is the signal's; it ends here when the server has shown its slowness, whatever the clock says. */
  const slow = async (method: string, first: string, onDripped: (abort: () => void) => void) => {
    const controller = new AbortController();
    const reason = new DOMException('timeout', 'TimeoutError');
    const raw = await startRawServer((socket) => {
      socket.write(first);
      socket.write('a', () => onDripped(() => controller.abort(reason)));
    });
    try {
      return await tool.send({ method, url: `http://service.test:${raw.port}/` }, { signal: controller.signal });
    } finally {
      await raw.close();
    }
  };
  test.each<[what: string, first: string]>([['headers', 'HTTP/1.1 200 OK\r\nx-slow: '], ['a body', `${ok}content-length: 1000\r\n\r\n`]])('%s that only drip end with the time of the call', async (_what, first) => {
    await expect(slow('GET', first, (abort) => setImmediate(abort))).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});
