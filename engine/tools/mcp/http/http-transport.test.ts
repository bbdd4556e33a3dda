import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createCertificate } from '../../../../tests/support/certificate.ts';
import { createTestDatabase, type TestDatabase } from '../../../../tests/support/database.ts';
import { programs, reviewed, serverOf, textOf } from '../../../../tests/support/mcp.ts';
import { callContext, failureOf, noSecrets } from '../../../../tests/support/tools.ts';
import { until } from '../../../../tests/support/until.ts';
import type { ToolOutcome } from '../../tool.ts';
import { createMcpSessions, createMcpTool, type McpServerAccess, type McpSessions, type McpToolAccess } from '../index.ts';

let database: TestDatabase;
let sessions: McpSessions;
let revealed = 'first-value';
const secrets = { ...noSecrets, reveal: async (text: string) => text.replaceAll('{{secret:key}}', revealed) };
beforeAll(async () => {
  database = await createTestDatabase();
  sessions = createMcpSessions({ db: database.db, secrets, allowStdio: true });
});
afterAll(async () => {
  await sessions.close();
  await database.close();
});

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});
async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const call = (access: McpToolAccess, args: unknown = {}, given: Parameters<typeof callContext>[0] = {}): Promise<ToolOutcome> => createMcpTool(access, sessions).execute(args, callContext(given));

interface Seen {
  headers: IncomingHttpHeaders;
  method: string;
}
/** A server with one tool that answers in JSON, without sessions; `turn` may answer a call otherwise. */
function answering(seen: Seen[], turn?: (method: string, request: Parameters<RequestListener>[0], response: Parameters<RequestListener>[1]) => boolean): RequestListener {
  return (request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      if (request.method !== 'POST') return void response.writeHead(405).end();
      const { id, method } = JSON.parse(text) as { id?: number; method: string };
      seen.push({ headers: request.headers, method });
      if (turn?.(method, request, response) === true) return;
      if (id === undefined) return void response.writeHead(202).end();
      const result = method === 'initialize'
        ? { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 'small', version: '1' } }
        : method === 'tools/list' ? { tools: [{ name: 'one', inputSchema: { type: 'object' } }] } : { content: [{ type: 'text', text: 'yes' }] };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ jsonrpc: '2.0', id, result }));
    });
  };
}
const serve = async (listener: RequestListener): Promise<string> => `http://${await listen(createServer(listener))}/mcp`;
const at = (url: string, headers: Record<string, string> = {}): McpServerAccess => serverOf({ type: 'streamable_http', url, headers });

test('secrets go along in the headers, and a new value with the call after the old one was refused', async () => {
  const seen: Seen[] = [];
  revealed = 'first-value';
  const url = await serve(answering(seen, (_method, request, response) => {
    if (request.headers.authorization === `Bearer ${revealed}`) return false;
    response.writeHead(401).end();
    return true;
  }));
  const access = await reviewed(sessions, at(url, { Authorization: 'Bearer {{secret:key}}' }), 'one');
  expect(textOf(await call(access))).toBe('yes');
  revealed = 'second-value';
  expect(textOf(await call(access))).toBe('yes');
  expect(seen.at(-1)?.headers.authorization).toBe('Bearer second-value');
});

test('a redirect to another host gets no headers and says where it leads', async () => {
  const [seen, elsewhere]: Seen[][] = [[], []];
  const other = await serve(answering(elsewhere as Seen[]));
  const url = await serve(answering(seen as Seen[], (method, _request, response) => {
    if (method !== 'tools/call') return false;
    response.writeHead(307, { location: other }).end();
    return true;
  }));
  const error = await failureOf(call(await reviewed(sessions, at(url, { Authorization: 'Bearer {{secret:key}}' }), 'one')));
  expect(error).toMatchObject({ code: 'TOOL_NOT_CONFIGURED', message: expect.stringContaining(other) as string, details: { not_sent: true } });
  expect(elsewhere).toEqual([]);
});

test('a certificate that is not trusted is named', async () => {
  const host = await listen(createTlsServer(createCertificate({ hosts: ['127.0.0.1'] }), answering([])) as unknown as Server);
  const access: McpToolAccess = { ...(await reviewed(sessions, serverOf(programs.hostile()), 'echo')), server: at(`https://${host}/mcp`) };
  expect(await failureOf(call(access))).toMatchObject({ code: 'TOOL_NOT_CONFIGURED', message: expect.stringContaining('the TLS certificate is self-signed (DEPTH_ZERO_SELF_SIGNED_CERT)') as string, details: { not_sent: true } });
});

test.each([
  ['a status of its own', 500, 'text/plain', 'oops', { code: 'TOOL_UNAVAILABLE', message: 'answers with status 500' }, false],
  ['a refusal', 422, 'text/plain', 'no colour', { code: 'TOOL_FAILED', message: 'no colour' }, true],
  ['a limit', 429, 'text/plain', '', { code: 'TOOL_UNAVAILABLE', message: 'limits requests' }, true],
  ['a web page', 200, 'text/html', '<html>', { code: 'TOOL_NOT_CONFIGURED', message: 'not in MCP' }, false],
  ['half of a JSON text', 200, 'application/json', '{"jsonrpc":', { code: 'TOOL_FAILED', message: 'cannot be read' }, false],
  ['JSON that is no answer', 200, 'application/json', '{"hello":1}', { code: 'TOOL_FAILED', message: 'cannot be read' }, false],
  ['an endless body', 200, 'application/json', '', { code: 'TOOL_FAILED', message: 'more than 32 MB' }, false],
  ['a stream that ends without the answer', 200, 'text/event-stream', 'event: message\ndata: {"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"x"}}\n\n', { code: 'TOOL_UNAVAILABLE', message: 'lost before the answer' }, false],
  ['an event without end', 200, 'text/event-stream', '', { code: 'TOOL_FAILED', message: 'more than 32 MB' }, false],
])('%s instead of an answer is told as what it is', async (_what, status, type, text, expected, isUnseen) => {
  const url = await serve(answering([], (method, _request, response) => {
    if (method !== 'tools/call') return false;
    response.writeHead(status, { 'content-type': type });
    if (text !== '' || status === 429) response.end(text);
    else {
      const block = Buffer.alloc(1_000_000, 'x');
      response.write(type === 'application/json' ? '{"a":"' : 'data: ');
      const spill = (): void => {
        while (!response.destroyed && response.write(block));
        if (!response.destroyed) response.once('drain', spill);
      };
      spill();
    }
    return true;
  }));
  const error = await failureOf(call(await reviewed(sessions, at(url), 'one')));
  expect(error).toMatchObject({ code: expected.code, message: expect.stringContaining(expected.message) as string });
  expect(error.details?.['not_sent'] === true).toBe(isUnseen);
});

test('a call that is cancelled cuts its request', async () => {
  let isCut = false;
  const asked = Promise.withResolvers<void>();
  const url = await serve(answering([], (method, _request, response) => {
    if (method !== 'tools/call') return false;
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    response.on('close', () => (isCut = true));
    asked.resolve();
    return true;
  }));
  const controller = new AbortController();
  const reason = new Error('cancelled');
  const pending = call(await reviewed(sessions, at(url), 'one'), {}, { signal: controller.signal });
  await asked.promise;
  controller.abort(reason);
  await expect(pending).rejects.toBe(reason);
  await until('the request to be cut', () => isCut);
});
