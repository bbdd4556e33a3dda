// The other side of the contract suite: a local HTTP server that gives one answer and remembers what it was asked.
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HttpAnswer {
  status: number;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is, instead of `body`. */
  raw?: string;
  /** Sent as they are, instead of `raw`. */
  bytes?: Buffer;
  /** Breaks the connection half-way through the body. */
  isCut?: boolean;
  /** `headers`: nothing is ever answered; `body`: headers and the first byte, then nothing. */
  hangsAt?: 'headers' | 'body';
  /** A stream up to and with the first event that has this in it, then nothing. */
  hangsAfter?: string;
}

interface Asked {
  path: string;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
  /** The body as it came. */
  text: string;
  /** The port it came from: the same for requests over one connection. */
  port: number | undefined;
}

export interface ScriptedServer {
  url: string;
  answerWith(answer: HttpAnswer): void;
  /** Answers in turn; the last one stays. */
  answerInTurn(answers: HttpAnswer[]): void;
  asked: Asked[];
  /** Resolves when the server has received a request, and its response has been hung. */
  hung(): Promise<void>;
  /** Resolves when the client has closed the connection of a hung request. */
  abandoned(): Promise<void>;
  close(): Promise<void>;
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

function send(response: ServerResponse, answer: HttpAnswer): void {
  const text = answer.raw ?? JSON.stringify(answer.body);
  const headers = { 'content-type': 'application/json', ...answer.headers };
  if (answer.isCut === true) {
    response.writeHead(answer.status, { ...headers, 'content-length': String(Buffer.byteLength(text)) });
    response.write(text.slice(0, Math.floor(text.length / 2)), () => response.destroy());
    return;
  }
  response.writeHead(answer.status, headers);
  if (answer.hangsAt === 'body') response.write(text.slice(0, 1));
  else if (answer.hangsAfter !== undefined) response.write(text.slice(0, text.indexOf('\n\n', text.indexOf(answer.hangsAfter)) + 2));
  else response.end(answer.bytes ?? text);
}

export async function startScriptedServer(): Promise<ScriptedServer> {
  let answers: HttpAnswer[] = [{ status: 500, body: {} }];
  let hung = Promise.withResolvers<void>();
  let abandoned = Promise.withResolvers<void>();
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const answer = (answers.length > 1 ? answers.shift() : answers[0]) as HttpAnswer;
    response.on('close', () => { if (!response.writableEnded) abandoned.resolve(); });
    void readBody(request).then((text) => {
      asked.push({ path: request.url ?? '', headers: request.headers, body: JSON.parse(text === '' ? '{}' : text) as Asked['body'], text, port: request.socket.remotePort });
      if (answer.hangsAt !== 'headers') send(response, answer);
      if (answer.hangsAt !== undefined || answer.hangsAfter !== undefined) hung.resolve();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const answerInTurn = (given: HttpAnswer[]): void => {
    answers = [...given];
    asked.length = 0;
    hung = Promise.withResolvers<void>();
    abandoned = Promise.withResolvers<void>();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    answerWith: (answer) => answerInTurn([answer]),
    answerInTurn,
    hung: () => hung.promise,
    abandoned: () => abandoned.promise,
    close: () => new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    }),
  };
}
