import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiServer, readError, startApiServer } from '../tests/support/api-server.ts';

let api: ApiServer;
let webDir: string;
const page = '<!doctype html><title>Maestro</title>';
beforeAll(async () => {
  webDir = await mkdtemp(join(tmpdir(), 'maestro-web-'));
  await mkdir(join(webDir, 'assets'));
  await writeFile(join(webDir, 'index.html'), page);
  await writeFile(join(webDir, 'assets', 'index-a1b2c3.js'), `export const text = '${randomBytes(64).toString('hex').repeat(200)}';`);
  await writeFile(join(webDir, '.secret'), 'hidden');
  api = await startApiServer({ webDir });
});
afterAll(async () => {
  await api.close();
  await rm(webDir, { recursive: true, force: true });
});

const asBrowser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

/** `fetch` unpacks bodies and forbids caches; a browser's own request does neither. */
const getRaw = (path: string, headers: Record<string, string>): Promise<IncomingMessage> =>
  new Promise((resolve) => httpGet(`${api.baseUrl}${path}`, { headers }, (message) => resolve(message.resume())));

describe('web app', () => {
  it('its page is asked for each time, its hashed files are kept for ever', async () => {
    const index = await api.request('GET', '/', { headers: asBrowser });
    expect([index.status, index.headers.get('cache-control'), await index.text()]).toEqual([200, 'no-cache', page]);
    const asset = await api.request('GET', '/assets/index-a1b2c3.js');
    expect([asset.status, asset.headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable']);
    expect(asset.headers.get('content-type')).toMatch(/javascript/);
    expect((await getRaw('/assets/index-a1b2c3.js', { 'if-none-match': asset.headers.get('etag') as string })).statusCode).toBe(304);
  });

  it('any address a browser opens is the page, unless it is the api or a file', async () => {
    for (const path of ['/maestro/agents/019a', '/sign-in?next=%2F', '/maestro/runs/x.y']) expect(await (await api.request('GET', path, { headers: asBrowser })).text()).toBe(page);
    expect((await api.request('HEAD', '/maestro', { headers: asBrowser })).status).toBe(200);
    expect(await readError(await api.request('GET', '/api/nothing', { headers: asBrowser }))).toMatchObject({ status: 404, code: 'ROUTE_NOT_FOUND' });
    expect(await readError(await api.request('GET', '/assets/gone-000.js', { headers: asBrowser }))).toMatchObject({ status: 404 });
    expect(await readError(await api.request('GET', '/maestro/agents', { headers: { accept: 'application/json' } }))).toMatchObject({ status: 404 });
    expect(await readError(await api.request('POST', '/maestro/agents', { headers: asBrowser }))).toMatchObject({ status: 404 });
  });

  it('nothing outside its folder and nothing hidden is served', async () => {
    for (const path of ['/..%2f..%2fetc%2fpasswd', '/assets/..%2f..%2f..%2fetc/passwd', '/.secret', '/%2e%2e/package.json', '/assets/%00']) {
      const response = await api.request('GET', path);
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(response.status).toBeLessThan(500);
      expect(await response.text()).not.toMatch(/hidden|root:/);
    }
  });

  it.each(['gzip', 'br'])('is sent as %s to whoever takes it', async (encoding) => {
    const message = await getRaw('/assets/index-a1b2c3.js', { 'accept-encoding': encoding });
    expect(message.headers).toMatchObject({ 'content-encoding': encoding, vary: expect.stringContaining('Accept-Encoding') });
  });

  it('its page carries the policy that forbids inline script', async () => {
    expect((await api.request('GET', '/', { headers: asBrowser })).headers.get('content-security-policy')).toContain("script-src 'self'");
  });
});
