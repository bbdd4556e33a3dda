import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createRawServer, type Server, type Socket } from 'node:net';
import tls from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { connectionTestSchema } from '../../../../contracts/connections.ts';
import { createCertificate } from '../../../../tests/support/certificate.ts';
import { defaultStageTimeouts, runConnectionStages, type ConnectionStages } from './run-connection-stages.ts';

const servers = new Map<Server, Set<Socket>>();
async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  servers.set(server, sockets);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
async function stop(server: Server): Promise<void> {
  for (const socket of servers.get(server) ?? []) socket.destroy();
  servers.delete(server);
  await new Promise((resolve) => server.close(resolve));
}
afterEach(async () => {
  await Promise.all([...servers.keys()].map(stop));
});

const key = 'sk-test-key-never-shown-1234';
const httpAt = async (listener: RequestListener): Promise<string> => `http://127.0.0.1:${await listen(createServer(listener))}`;
const json = (status: number, body: unknown, headers: Record<string, string> = {}): RequestListener => (_request, response) => response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
const page: RequestListener = (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Welcome</title>');

/** Routes by method and path; anything else is 404 in JSON. */
const routes = (table: Record<string, RequestListener>): RequestListener => (request, response) => {
  const path = new URL(request.url ?? '/', 'http://x').pathname;
  (table[`${request.method} ${path}`] ?? json(404, { error: { message: 'Not found' } }))(request, response);
};
const models = (...ids: string[]): RequestListener => json(200, { object: 'list', data: ids.map((id) => ({ id, object: 'model' })) });
const chat: RequestListener = json(200, { id: 'c', object: 'chat.completion', model: 'm', choices: [{ index: 0, message: { role: 'assistant', content: 'ok' }, finish_reason: 'stop' }], usage: { prompt_tokens: 3, completion_tokens: 1 } });

async function check(baseUrl: string, options: Partial<Omit<ConnectionStages, 'access'>> & Partial<ConnectionStages['access']> = {}) {
  const { api = 'openai', ...rest } = options;
  const apiKey = 'apiKey' in options ? options.apiKey : key;
  const { test: result } = await runConnectionStages({ signal: new AbortController().signal, ...rest, access: { api, baseUrl, apiKey } });
  expect(connectionTestSchema.parse(result)).toEqual(result);
  expect(JSON.stringify(result)).not.toContain(key);
  expect(result.stages.map(({ stage }) => stage)).toEqual(['address', 'connect', 'tls', 'sign_in', 'minimal_call']);
  return result;
}
/** Stages by outcome and what failed: the shape most tests look at. */
async function failureOf(...args: Parameters<typeof check>) {
  const result = await check(...args);
  expect(result.passed).toBe(false);
  const at = result.stages.findIndex(({ outcome }) => outcome === 'failed');
  expect(result.stages[at]?.stage).toBe(result.failure?.stage);
  expect(result.stages.slice(at + 1).every(({ outcome }) => outcome === 'skipped')).toBe(true);
  return result.failure;
}

describe('a connection that works', () => {
  test('passes each stage, with its time and what was seen', async () => {
    const result = await check(`${await httpAt(routes({ 'GET /v1/models': models('text-embedding-x', 'llama3'), 'POST /v1/chat/completions': chat }))}/v1`);
    expect(result).toMatchObject({ passed: true, failure: null, model: 'llama3', models_found: 2 });
    expect(result.stages.map(({ outcome }) => outcome)).toEqual(['passed', 'passed', 'skipped', 'passed', 'passed']);
    expect(result.stages[3]?.detail).toBe('Signed in; 2 models listed.');
    expect(result.stages[4]?.detail).toBe('llama3 answers: “ok”, 1 tokens.');
    for (const { outcome, ms } of result.stages) expect(ms === null).toBe(outcome === 'skipped');
  });

  test('is asked for a few tokens of the given model only', async () => {
    const bodies: { model: string; max_tokens: number }[] = [];
    const base = await httpAt(routes({
      'GET /v1/models': models('a', 'b'),
      'POST /v1/chat/completions': (request, response) => {
        let text = '';
        request.on('data', (chunk: Buffer) => (text += chunk.toString()));
        request.on('end', () => {
          bodies.push(JSON.parse(text) as (typeof bodies)[number]);
          chat(request, response);
        });
      },
    }));
    expect(await check(`${base}/v1/`, { model: 'b' })).toMatchObject({ passed: true, model: 'b' });
    expect(bodies).toEqual([expect.objectContaining({ model: 'b', max_tokens: 16 })]);
  });

  test('needs no key where the server wants none', async () => {
    const seen: (string | undefined)[] = [];
    const base = await httpAt((request, response) => {
      if (request.method === 'GET') seen.push(request.headers.authorization);
      routes({ 'GET /v1/models': models('m'), 'POST /v1/chat/completions': chat })(request, response);
    });
    expect((await check(`${base}/v1`, { apiKey: undefined })).stages[3]?.detail).toContain('without a key');
    expect(seen).toEqual([undefined]);
  });

  test('without a list of models is asked with the model that is given', async () => {
    const base = `${await httpAt(routes({ 'POST /v1/chat/completions': chat }))}/v1`;
    expect(await check(base, { model: 'm' })).toMatchObject({ passed: true, models_found: null });
    expect(await failureOf(base)).toMatchObject({ stage: 'sign_in', code: 'PATH_NOT_FOUND', status: 404, fix: expect.stringContaining('name a model') as string });
  });

  test('with an empty list has nothing to ask, and says so', async () => {
    const result = await check(`${await httpAt(routes({ 'GET /v1/models': models() }))}/v1`);
    expect(result).toMatchObject({ passed: true, model: null, models_found: 0 });
    expect(result.stages[4]).toMatchObject({ outcome: 'skipped', detail: expect.stringContaining('no model to ask') as string });
  });

  test('of Anthropic is spoken to as its own client does', async () => {
    const base = await httpAt((request, response) => {
      if (request.method === 'GET') {
        expect(request.headers).toMatchObject({ 'x-api-key': key, authorization: `Bearer ${key}`, 'anthropic-version': '2023-06-01' });
        json(200, { data: [{ type: 'model', id: 'claude-x', max_input_tokens: 123_000 }], has_more: false, last_id: 'claude-x' })(request, response);
      } else json(200, { id: 'm', type: 'message', role: 'assistant', model: 'claude-x', content: [{ type: 'text', text: 'ok' }], stop_reason: 'end_turn', usage: { input_tokens: 3, output_tokens: 1 } })(request, response);
    });
    expect(await check(base, { api: 'anthropic' })).toMatchObject({ passed: true, model: 'claude-x', models_found: 1 });
  });
});

describe('an address that is wrong', () => {
  test('has no host of that name', async () => {
    expect(await failureOf('http://no-such-host.invalid/v1')).toMatchObject({ stage: 'address', code: 'HOST_NOT_FOUND', status: null, fix: expect.any(String) as string });
  });

  test('has nothing that listens at the port', async () => {
    const server = createRawServer();
    const port = await listen(server);
    await stop(server);
    expect(await failureOf(`http://127.0.0.1:${port}/v1`)).toMatchObject({ stage: 'connect', code: 'PORT_CLOSED', cause: `Nothing listens at 127.0.0.1:${port}.`, fix: expect.stringContaining('container') as string });
  });

  test('takes connections and never says a word', async () => {
    const timeouts = { ...defaultStageTimeouts, sign_in: 50, tls: 50 };
    const port = await listen(createRawServer());
    expect(await failureOf(`http://127.0.0.1:${port}/v1`, { timeouts })).toMatchObject({ stage: 'sign_in', code: 'NO_ANSWER' });
    expect(await failureOf(`https://127.0.0.1:${port}/v1`, { timeouts })).toMatchObject({ stage: 'tls', code: 'TLS_TIMEOUT' });
  });

  test('ends within the time for all stages', async () => {
    const port = await listen(createRawServer());
    expect(await failureOf(`http://127.0.0.1:${port}/v1`, { timeouts: { ...defaultStageTimeouts, total: 60 } })).toMatchObject({ stage: 'sign_in', code: 'NO_ANSWER' });
  });

  test('speaks something that is not HTTP, or hangs up', async () => {
    const ssh = await listen(createRawServer((socket) => socket.once('data', () => socket.write('SSH-2.0-OpenSSH_9.6\r\n'))));
    expect(await failureOf(`http://127.0.0.1:${ssh}/v1`)).toMatchObject({ stage: 'sign_in', code: 'NOT_HTTP' });
    const rude = await listen(createRawServer((socket) => socket.once('data', () => socket.end())));
    expect(await failureOf(`http://127.0.0.1:${rude}/v1`)).toMatchObject({ stage: 'sign_in', code: 'CUT_OFF' });
  });

  test.each([
    ['/v1 is missing', '', 'openai', { 'GET /v1/models': models('m') }, { code: 'PATH_NOT_FOUND', fix: expect.stringMatching(/probably lacks \/v1: http:\/\/127\.0\.0\.1:\d+\/v1\/models answers\. Set it to http:\/\/127\.0\.0\.1:\d+\/v1\.$/) as string }],
    ['/v1 is missing and the root is a web page', '', 'openai', { 'GET /models': page, 'GET /v1/models': models('m') }, { code: 'WEB_PAGE', status: 200, fix: expect.stringContaining('probably lacks /v1') as string }],
    ['/v1 is missing and wants a key', '/proxy', 'openai', { 'GET /proxy/v1/models': json(401, { error: { message: 'no' } }) }, { code: 'PATH_NOT_FOUND', fix: expect.stringContaining('/proxy/v1.') as string }],
    ['/v1 is there once too often', '/v1', 'anthropic', { 'GET /v1/models': models('m') }, { code: 'PATH_NOT_FOUND', fix: expect.stringMatching(/a \/v1 too many: .*\/v1\/models answers\. Set it to http:\/\/127\.0\.0\.1:\d+\.$/) as string }],
    ['nothing is there', '/v1', 'openai', {}, { code: 'PATH_NOT_FOUND', status: 404, fix: expect.stringContaining('Check the path') as string }],
    ['it is a web page', '/v1', 'openai', { 'GET /v1/models': page }, { code: 'WEB_PAGE', cause: expect.stringContaining('a web page, not an API') as string }],
    ['it is a page to sign in at', '/v1', 'openai', { 'GET /v1/models': (_request: unknown, response: Parameters<RequestListener>[1]) => response.writeHead(401, { 'content-type': 'text/html' }).end('<html>Sign in</html>') }, { code: 'WEB_PAGE', status: 401 }],
    ['it leads elsewhere', '/v1', 'openai', { 'GET /v1/models': json(308, {}, { location: 'https://other.example/v1/models?secret=1' }) }, { code: 'REDIRECT', status: 308, cause: expect.stringContaining('to https://other.example/v1/models)') as string }],
    ['it is no JSON', '/v1', 'openai', { 'GET /v1/models': (_request: unknown, response: Parameters<RequestListener>[1]) => response.end('{"data": [') }, { code: 'MALFORMED_JSON' }],
    ['it is JSON of something else', '/v1', 'openai', { 'GET /v1/models': json(200, { status: 'ok' }) }, { code: 'NOT_A_MODEL_LIST' }],
  ] as [string, string, 'openai' | 'anthropic', Record<string, RequestListener>, object][])('because %s', async (_what, path, api, table, expected) => {
    expect(await failureOf(`${await httpAt(routes(table))}${path}`, { api })).toMatchObject({ stage: 'sign_in', ...expected });
  });
});

describe('TLS', () => {
  const own = createCertificate({ hosts: ['127.0.0.1'] });
  const otherName = createCertificate({ hosts: ['models.example.com'] });
  const expired = createCertificate({ hosts: ['127.0.0.1'], validFrom: new Date('2020-01-01'), validUntil: new Date('2020-02-01') });
  const early = createCertificate({ hosts: ['127.0.0.1'], validFrom: new Date(Date.now() + 86_400_000), validUntil: new Date(Date.now() + 2 * 86_400_000) });
  const httpsAt = async (certificate: { cert: string; key: string }): Promise<string> => `https://127.0.0.1:${await listen(createTlsServer(certificate, routes({ 'GET /v1/models': models() })))}/v1`;
  const defaults = tls.getCACertificates('default');
  const trust = (...more: string[]): void => tls.setDefaultCACertificates([...defaults, ...more]);
  beforeAll(() => trust(otherName.cert, expired.cert, early.cert));
  afterAll(() => trust());

  test('that nobody vouches for is told as self-signed', async () => {
    expect(await failureOf(await httpsAt(own))).toMatchObject({ stage: 'tls', code: 'DEPTH_ZERO_SELF_SIGNED_CERT', cause: expect.stringContaining('self-signed') as string, fix: expect.stringContaining('NODE_EXTRA_CA_CERTS') as string });
  });

  test('for another host names the host it is for', async () => {
    expect(await failureOf(await httpsAt(otherName))).toMatchObject({ stage: 'tls', code: 'ERR_TLS_CERT_ALTNAME_INVALID', cause: expect.stringContaining('models.example.com') as string });
  });

  test('that is over, or has not begun', async () => {
    expect(await failureOf(await httpsAt(expired))).toMatchObject({ stage: 'tls', code: 'CERT_HAS_EXPIRED' });
    expect(await failureOf(await httpsAt(early))).toMatchObject({ stage: 'tls', code: 'CERT_NOT_YET_VALID' });
  });

  test('asked of a server that speaks plain HTTP: write http', async () => {
    const base = await httpAt(routes({ 'GET /v1/models': models() }));
    expect(await failureOf(`${base.replace('http:', 'https:')}/v1`)).toMatchObject({ stage: 'tls', code: 'TLS_NOT_SPOKEN', fix: expect.stringContaining('http:// instead of https://') as string });
  });

  test('left out where the server wants it: write https', async () => {
    const base = await httpsAt(own);
    expect(await failureOf(base.replace('https:', 'http:'))).toMatchObject({ stage: 'sign_in', code: 'HTTPS_EXPECTED', fix: expect.stringContaining('https:// instead of http://') as string });
    const proxy = await httpAt((_request, response) => response.writeHead(400).end('Client sent an HTTP request to an HTTPS server.\n'));
    expect(await failureOf(`${proxy}/v1`)).toMatchObject({ stage: 'sign_in', code: 'HTTPS_EXPECTED' });
  });
});

describe('a key that is wrong', () => {
  const refusing = async (status: number, body: unknown = { error: { message: `Incorrect API key provided: ${key}.` } }): Promise<string> => `${await httpAt(json(status, body))}/v1`;

  test('is refused, in words without the key', async () => {
    expect(await failureOf(await refusing(401))).toMatchObject({ stage: 'sign_in', code: 'KEY_REFUSED', status: 401, cause: 'The server refuses the key (HTTP 401). It says: “Incorrect API key provided: [key].”' });
  });

  test('is known but not let in', async () => {
    expect(await failureOf(await refusing(403))).toMatchObject({ code: 'KEY_FORBIDDEN', status: 403 });
  });

  test('is missing, or was not sent to another address than its own', async () => {
    expect(await failureOf(await refusing(401, {}), { apiKey: undefined })).toMatchObject({ code: 'KEY_MISSING', fix: 'Enter a key.' });
    expect(await failureOf(await refusing(401, {}), { apiKey: undefined, isKeyWithheld: true })).toMatchObject({ code: 'KEY_MISSING', fix: expect.stringContaining('Enter the key anew') as string });
  });

  test('is one of Anthropic at a server that speaks like OpenAI', async () => {
    expect(await failureOf(await refusing(401, {}), { apiKey: 'sk-ant-api03-abc' })).toMatchObject({ code: 'WRONG_PROVIDER', fix: expect.stringContaining('looks like one of Anthropic') as string });
  });

  test('is of an account without credit', async () => {
    expect(await failureOf(await refusing(402, {}))).toMatchObject({ code: 'NO_CREDIT', status: 402 });
    expect(await failureOf(await refusing(429, { error: { code: 'insufficient_quota', message: 'You exceeded your current quota' } }))).toMatchObject({ code: 'NO_CREDIT', status: 429 });
    expect(await failureOf(await refusing(429, { error: { message: 'Too many requests' } }))).toMatchObject({ code: 'RATE_LIMITED' });
  });

  test('cannot be told while the server is down', async () => {
    expect(await failureOf(await refusing(503, {}))).toMatchObject({ code: 'SERVER_ERROR', status: 503 });
  });
});

describe('the minimal call', () => {
  const answering = async (listener: RequestListener, ...ids: string[]): Promise<string> => `${await httpAt(routes({ 'GET /v1/models': models(...ids), 'POST /v1/chat/completions': listener }))}/v1`;

  test('finds a model that does not exist, and names ones that do', async () => {
    const base = await answering(json(404, { error: { message: 'The model `llama-4` does not exist', code: 'model_not_found' } }), 'qwen3', 'llama-3.1', 'llama-3.2');
    expect(await failureOf(base, { model: 'llama-4' })).toMatchObject({ stage: 'minimal_call', code: 'MODEL_NOT_FOUND', status: 404, fix: 'The server does not list it. It has, for example: llama-3.1, llama-3.2, qwen3.' });
  });

  test('understands a server that says so with status 400', async () => {
    const base = await answering(json(400, { error: { message: "model 'x' not found, try pulling it first" } }), 'y');
    expect(await failureOf(base, { model: 'x' })).toMatchObject({ code: 'MODEL_NOT_FOUND', status: 400 });
  });

  test('finds a key that the open list of models did not', async () => {
    expect(await failureOf(await answering(json(401, { error: { message: 'No auth credentials found' } }), 'm'))).toMatchObject({ stage: 'minimal_call', code: 'LLM_AUTHENTICATION', status: 401, fix: expect.stringContaining('Enter the key again') as string });
  });

  test('finds an account without credit', async () => {
    expect(await failureOf(await answering(json(429, { error: { code: 'insufficient_quota', type: 'insufficient_quota', message: 'You exceeded your current quota' } }), 'm'))).toMatchObject({ code: 'LLM_QUOTA_EXHAUSTED', fix: 'Add credit at the provider.' });
  });

  test('finds an answer that cannot be read', async () => {
    expect(await failureOf(await answering((_request, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"choices": ['), 'm'))).toMatchObject({ stage: 'minimal_call', code: 'LLM_RESPONSE_INVALID' });
  });

  test('does not wait for ever for a model that is being loaded', async () => {
    expect(await failureOf(await answering(() => undefined, 'm'), { timeouts: { ...defaultStageTimeouts, minimal_call: 80 } })).toMatchObject({ stage: 'minimal_call', code: 'NO_ANSWER', fix: expect.stringContaining('loading') as string });
  });
});

test('whoever asked and went away ends the test at once, in each stage', async () => {
  const controller = new AbortController();
  const base = `${await httpAt(() => controller.abort(new Error('gone')))}/v1`;
  await expect(check(base, { signal: controller.signal })).rejects.toThrow('gone');
});
