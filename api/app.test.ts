import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endpoints } from '../contracts/endpoints.ts';
import { type ApiServer, readError, startApiServer } from '../tests/support/api-server.ts';
import { openLine } from '../tests/support/line.ts';
import { bodyLimitBytes } from './route.ts';

let api: ApiServer;
beforeAll(async () => {
  api = await startApiServer();
});
afterAll(() => api.close());

const runs = endpoints.createRun.path;
const postRun = (body: unknown, headers: Record<string, string> = {}) => api.request('POST', runs, { as: 'operator', body, headers });
const someId = '019a0000-0000-7000-8000-000000000000';

describe('error form', () => {
  it('an address outside the contract is ROUTE_NOT_FOUND', async () => {
    for (const path of ['/api/nothing', '/api', '/api/apa', '/nothing', '/api/apa/runs/x/y/z']) {
      expect(await readError(await api.request('GET', path))).toMatchObject({ status: 404, code: 'ROUTE_NOT_FOUND' });
    }
  });

  it('a method an address does not take is METHOD_NOT_ALLOWED and the answer names those it takes', async () => {
    const refused = await readError(await api.request('DELETE', runs, { as: 'admin' }));
    expect(refused).toMatchObject({ status: 405, code: 'METHOD_NOT_ALLOWED', details: { allowed_methods: expect.arrayContaining(['GET', 'HEAD', 'POST']) } });
    expect(refused.headers.get('allow')).toBe('POST, GET, HEAD');
    expect(await readError(await api.request('PUT', `/api/agents/${someId}`, { as: 'admin' }))).toMatchObject({ status: 405 });
  });

  it('text that is not JSON is MALFORMED_JSON', async () => {
    for (const body of ['{', '{"a":}', "{'a':1}", '{"a":1}x', 'undefined']) {
      expect(await readError(await postRun(body))).toMatchObject({ status: 400, code: 'MALFORMED_JSON' });
    }
  });

  it('a body of another type is UNSUPPORTED_MEDIA_TYPE', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/json; charset=latin1']) {
      expect(await readError(await postRun('{"agent_id":"x"}', { 'content-type': type }))).toMatchObject({ status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' });
    }
  });

  it('a body above 1 MB is BODY_TOO_LARGE, also when it only grows to that on unpacking', async () => {
    const fitting = JSON.stringify({ agent_id: someId, inputs: { goal: 'x', data: { filler: 'y'.repeat(bodyLimitBytes - 200) } } });
    expect(await readError(await postRun(fitting))).toMatchObject({ status: 404, code: 'AGENT_NOT_FOUND' });
    const tooLarge = JSON.stringify({ filler: 'y'.repeat(bodyLimitBytes) });
    expect(await readError(await postRun(tooLarge))).toMatchObject({ status: 413, code: 'BODY_TOO_LARGE' });
    const packed = await fetch(api.baseUrl + runs, {
      method: 'POST', body: gzipSync(tooLarge),
      headers: { authorization: `Bearer ${api.tokenOf('operator')}`, 'content-type': 'application/json', 'content-encoding': 'gzip' },
    });
    expect(await readError(packed)).toMatchObject({ status: 413, code: 'BODY_TOO_LARGE' });
  });

  it('a body packed in a way nobody can unpack is refused as bad input', async () => {
    for (const encoding of ['gzip', 'unheard-of']) {
      const response = await fetch(api.baseUrl + runs, { method: 'POST', body: 'not packed', headers: { authorization: `Bearer ${api.tokenOf('operator')}`, 'content-type': 'application/json', 'content-encoding': encoding } });
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(response.status).toBeLessThan(500);
      await readError(response);
    }
  });

  it('fields that are missing, unknown or of the wrong type are named with their paths', async () => {
    const refused = await readError(await postRun({ agent_id: 5, inputs: { goal: '', extra: 1 }, limits: { max_iterations: 0 }, more: true }));
    expect(refused).toMatchObject({ status: 422, code: 'VALIDATION_FAILED' });
    const paths = (refused.details['issues'] as { path: string; message: string }[]).map((issue) => issue.path);
    expect(paths.toSorted()).toEqual(['agent_id', 'inputs.extra', 'inputs.goal', 'limits.max_iterations', 'more']);
    for (const body of ['null', '5', '"text"', '[]', 'true']) expect(await readError(await postRun(body))).toMatchObject({ status: 422, code: 'VALIDATION_FAILED' });
    expect(await readError(await api.request('POST', runs, { as: 'operator' }))).toMatchObject({ status: 422, code: 'VALIDATION_FAILED' });
    expect(await readError(await api.request('GET', runs, { as: 'viewer', query: '?limit=0&colour=red' }))).toMatchObject({ status: 422, details: { issues: expect.arrayContaining([expect.objectContaining({ path: 'limit' }), expect.objectContaining({ path: 'colour' })]) } });
  });

  it('text the database cannot hold, and nesting nobody can walk, are refused by path', async () => {
    const goalWith = (goal: string) => `{"agent_id":"${someId}","inputs":{"goal":"${goal}"}}`;
    for (const goal of ['a\\u0000b', 'half \\ud800 pair']) {
      expect(await readError(await postRun(goalWith(goal)))).toMatchObject({ status: 422, details: { issues: [expect.objectContaining({ path: 'inputs.goal' })] } });
    }
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(await readError(await postRun(`{"agent_id":"${someId}","inputs":{"goal":"x","data":{"a":${deep}}}}`))).toMatchObject({ status: 422, code: 'VALIDATION_FAILED' });
    expect(await readError(await api.request('GET', runs, { as: 'viewer', query: '?text=a%00b' }))).toMatchObject({ status: 422 });
  });

  it('an id that cannot be one is not found, as one nobody has', async () => {
    for (const id of ['nonsense', "1' or '1'='1", someId, '%00', '../../etc/passwd']) {
      expect(await api.refusal('getRun', { as: 'viewer', params: { run_id: id } })).toMatchObject({ status: 404, code: 'RUN_NOT_FOUND' });
      expect(await api.refusal('getApproval', { as: 'viewer', params: { id } })).toMatchObject({ status: 404, code: 'APPROVAL_NOT_FOUND' });
    }
    expect(await readError(await api.request('GET', '/api/apa/runs/%E0%A4%A', { as: 'viewer' }))).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
  });

  it('a request that is no HTTP gets an answer and costs the server nothing', async () => {
    const answer = await new Promise<string>((resolve) => {
      let text = '';
      const socket = connect(Number(new URL(api.baseUrl).port), '127.0.0.1', () => socket.end('NONSENSE\r\n\r\n'));
      socket.on('data', (chunk) => {
        text += chunk.toString();
      });
      socket.on('close', () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400/);
    expect((await api.request('GET', '/healthz')).status).toBe(200);
  });

  it('a database that is gone is DATABASE_UNAVAILABLE without a word of the inside, until it is back', async () => {
    const line = await openLine();
    const other = await startApiServer({ via: (url) => line.to(url) });
    try {
      expect((await other.request('GET', runs, { as: 'viewer' })).status).toBe(200);
      await line.cut();
      const refused = await other.request('GET', runs, { as: 'viewer' });
      expect(await refused.clone().text()).not.toMatch(/ECONN|pool|driver|Error|node_modules|\bat \//);
      const error = await readError(refused);
      expect(error).toMatchObject({ status: 503, code: 'DATABASE_UNAVAILABLE', details: {} });
      expect(error.headers.get('retry-after')).toBe('1');
      const ready = await other.request('GET', '/readyz');
      expect([ready.status, await ready.json()]).toEqual([503, { status: 'not_ready', checks: { database: 'unreachable', temporal: 'ok', policy_engine: 'ok' } }]);
      expect((await other.request('GET', '/healthz')).status).toBe(200);
      expect((await other.request('GET', '/metrics')).status).toBe(200);
      await line.restore();
      expect((await other.request('GET', runs, { as: 'viewer' })).status).toBe(200);
    } finally {
      await other.close();
      await line.cut();
    }
  });
});

describe('headers', () => {
  it("keeps a caller's harmless request id, makes one otherwise, and says it in errors", async () => {
    const kept = await api.request('GET', '/api/nothing', { headers: { 'x-request-id': 'trace-1.a_B' } });
    expect(kept.headers.get('x-request-id')).toBe('trace-1.a_B');
    expect(await kept.json()).toMatchObject({ error: { request_id: 'trace-1.a_B' } });
    for (const id of ['has space', 'x'.repeat(65), '<script>']) {
      expect((await api.request('GET', '/healthz', { headers: { 'x-request-id': id } })).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it('forbids inline script and style, framing and sniffing on every answer, and tells nobody what runs here', async () => {
    const { headers } = await api.request('GET', '/healthz');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('strict-transport-security')).toBeNull();
  });

  it('answers of the api are never stored', async () => {
    expect((await api.request('GET', runs, { as: 'viewer' })).headers.get('cache-control')).toBe('no-store');
    expect((await api.request('GET', '/api/nothing')).headers.get('cache-control')).toBe('no-store');
  });
});
