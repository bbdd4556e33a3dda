import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError } from '../../../../contracts/errors.ts';
import { loadScripts } from '../load-scripts.ts';
import { createScriptPlayer, type ScriptPlayer } from '../play-script.ts';
import { anthropicFormat } from './anthropic-format.ts';
import { openAiFormat } from './openai-format.ts';
import { sendReply } from './send-reply.ts';
import { keyOf, type WireError, type WireFormat } from './wire-format.ts';

export interface ScriptedLlmOptions {
  /** This machine's own address only. */
  host: '127.0.0.1' | '::1' | 'localhost';
  /** 0: one that is free. */
  port: number;
  /** Requests must carry it; without one, none is looked at. */
  key?: string | undefined;
}

export interface ScriptedLlm {
  url: string;
  /** What `OPENAI_BASE_URL`, or a connection's base URL, is set to. */
  openAiBaseUrl: string;
  anthropicBaseUrl: string;
  /** Ends every answer under way. */
  close(): Promise<void>;
}

const loopback = new Set(['127.0.0.1', '::1', 'localhost']);
/** A conversation with five megabytes of text in it fits. */
const maxBodyBytes = 64_000_000;

/** What an error of the server itself says; `status` is also its answer's. */
class Refused extends Error {
  readonly problem: Omit<WireError, 'requestId'>;
  constructor(status: number, message: string, isAboutModel = false) {
    super(message);
    this.problem = { status, message, isAboutModel };
  }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Left open when it is too much, so that the answer can still be sent.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += (chunk as Buffer).length;
    if (size > maxBodyBytes) throw new Refused(413, `The body is larger than ${maxBodyBytes / 1_000_000} MB.`);
    chunks.push(chunk as Buffer);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new Refused(400, 'The body is not JSON.');
  }
}

const formatOf = ({ headers }: IncomingMessage, path: string): WireFormat =>
  path.startsWith('/v1/messages') || headers['anthropic-version'] !== undefined ? anthropicFormat : openAiFormat;

function toProblem(error: unknown): Omit<WireError, 'requestId'> {
  if (error instanceof Refused) return error.problem;
  if (!(error instanceof AppError)) return { status: 500, message: error instanceof Error ? error.message : 'The server failed.' };
  return error.code === 'LLM_MODEL_NOT_FOUND' ? { status: 404, message: error.message, isAboutModel: true } : { status: 400, message: error.message };
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  requestId: string;
}

/** Answers one request. Throws what is wrong with it as long as nothing was sent. */
async function answer({ request, response, requestId }: Exchange, format: WireFormat, { player, names, key }: { player: ScriptPlayer; names: readonly string[]; key: string | undefined }): Promise<void> {
  const path = (request.url ?? '').split('?', 1)[0];
  if (key !== undefined && keyOf(request.headers) !== key) throw new Refused(401, keyOf(request.headers) === undefined ? 'There is no key in the request.' : 'The key is not the one this server was started with.');
  if (request.method === 'GET' && path === '/v1/models') {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(format.toModelList(names)));
    return;
  }
  const isAnswer = request.method === 'POST' && path === (format === openAiFormat ? '/v1/chat/completions' : '/v1/messages');
  if (!isAnswer) throw new Refused(404, `There is no ${request.method ?? ''} ${path ?? ''} here.`);
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const asked = format.readRequest(await readJson(request));
  await sendReply({ response, format, asked, reply: player.play(asked.request), requestId, signal: gone.signal });
}

/**
 * Serves every script as a model, in the forms of OpenAI's and of Anthropic's API, with the faults the scripts play. No model is called.
 * A fault is counted for each goal as long as the server lives.
 */
export async function startScriptedLlm({ host, port, key }: ScriptedLlmOptions): Promise<ScriptedLlm> {
  if (!loopback.has(host)) throw new Error(`Scripted models are served on this machine only, not on ${host as string}.`);
  const scripts = loadScripts();
  const known = { player: createScriptPlayer(scripts), names: [...scripts.keys()], key };
  let count = 0;
  const server = createServer((request, response) => {
    const requestId = `scripted_${++count}`;
    const format = formatOf(request, request.url ?? '');
    response.setHeader(format.requestIdHeader, requestId);
    answer({ request, response, requestId }, format, known).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else {
        const problem = toProblem(error);
        response.writeHead(problem.status, { 'content-type': 'application/json' }).end(JSON.stringify(format.toError({ ...problem, requestId })));
      }
    });
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  const { port: taken } = server.address() as AddressInfo;
  const url = `http://${host === '::1' ? '[::1]' : host}:${taken}`;
  return {
    url,
    openAiBaseUrl: `${url}/v1`,
    anthropicBaseUrl: url,
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}
