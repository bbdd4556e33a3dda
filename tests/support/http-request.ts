// For the tests of http_request: a real server, names that exist nowhere but here, and secrets with their hosts.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { AppError } from '../../contracts/errors.ts';
import { replaceSecretReferences } from '../../contracts/secrets.ts';
import { isHostMatch } from '../../engine/secrets/index.ts';
import type { Resolve } from '../../engine/tools/http-request/address-guard.ts';
import { createHttpRequestTool, httpRequestArgumentsSchema, httpRequestSettingsSchema } from '../../engine/tools/http-request/index.ts';
import type { HttpRequestSettings } from '../../engine/tools/http-request/settings.ts';
import type { Json, ToolCallContext } from '../../engine/tools/tool.ts';
import { callContext } from './tools.ts';

export interface Seen {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingMessage['headers'];
  body: string;
}
export type Route = (request: IncomingMessage, response: ServerResponse) => void;

export interface TestServer {
  port: number;
  seen: Seen[];
  /** Connections made so far: a guard that works leaves none. */
  connections(): number;
  close(): Promise<void>;
}

/** A server on 127.0.0.1 that notes what arrives; paths without a route are answered `ok`. */
export async function startTestServer(routes: Record<string, Route>): Promise<TestServer> {
  const seen: Seen[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    let body = '';
    request.on('error', () => {});
    request.on('data', (chunk: Buffer) => { body += chunk.toString(); });
    request.on('end', () => {
      seen.push({ method: request.method, url: request.url, headers: request.headers, body });
      const route = routes[(request.url ?? '').split('?')[0] ?? ''];
      if (route === undefined) response.setHeader('content-type', 'text/plain').end('ok');
      else route(request, response);
    });
  });
  server.on('connection', () => { connections += 1; });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    port: (server.address() as AddressInfo).port, seen, connections: () => connections,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => { server.close(resolve); });
    },
  };
}

/** A server that says what it likes, byte for byte, once a request's headers are in. */
export async function startRawServer(answer: (socket: Socket) => void): Promise<{ port: number; requests(): number; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  let requests = 0;
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', () => {
      requests += 1;
      answer(socket);
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    port: (server.address() as AddressInfo).port, requests: () => requests,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => { server.close(resolve); });
    },
  };
}

/** Every name is this machine. */
export const toLoopback: Resolve = async () => [{ address: '127.0.0.1', family: 4 }];

const secrets: Record<string, { value: string; hosts: string[] }> = {
  token: { value: 'tok_5up3r/&s=cret', hosts: ['service.test'] }, other: { value: 'other-value', hosts: ['other.test'] }, lines: { value: 'one\r\ntwo', hosts: ['service.test'] },
};
export const secretValueOf = (name: string): string => secrets[name]?.value ?? '';

/** What the execution gives a tool, with a few secrets that may go to hosts of the tests on any port. */
export const contextWith = (context: Partial<ToolCallContext> = {}): ToolCallContext => callContext({
  revealSecrets: async (text, url) => replaceSecretReferences(text, (name) => {
    const secret = secrets[name];
    if (secret === undefined || !secret.hosts.some((host) => isHostMatch(host, url, { anyPort: true }))) throw new AppError('TOOL_REFUSED', `The secret ${name} may not go to ${url.host}.`, { details: { not_sent: true } });
    return secret.value;
  }),
  ...context,
});

/** A tool of these settings, as it is called: arguments are checked first. */
export const toolWith = (settings: Partial<HttpRequestSettings>, resolve: Resolve = toLoopback) => {
  const tool = createHttpRequestTool({ ...httpRequestSettingsSchema.parse(settings), resolve });
  return {
    ...tool,
    async send(args: Record<string, unknown>, context: Partial<ToolCallContext> = {}) {
      const { output, files, summary } = await tool.execute(httpRequestArgumentsSchema.parse(args), contextWith(context));
      return { ...(output as { body: string; body_encoding: string } & Record<string, Json>), files, summary };
    },
  };
};
