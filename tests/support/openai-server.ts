// An OpenAI-shaped server under a test's control: each request waits until the test answers it, so that a test can hold a model
// call, or a stream in the middle of a word, for as long as it needs without sleeping.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface ChatMessage {
  role: string;
  content: string | null;
  tool_call_id?: string;
  tool_calls?: { id: string; function: { name: string; arguments: string } }[];
}

interface RequestBody {
  model?: string;
  stream?: boolean;
  messages?: ChatMessage[];
  tools?: { type?: string; function: { name: string; parameters?: unknown } }[];
  [field: string]: unknown;
}

/** An answer the test gives piece by piece. To a client that does not stream, it arrives whole at `finish()`. */
export interface Saying {
  write(text: string): void;
  /** A piece of what the model thinks, in the field compatible servers use for it. */
  think(text: string): void;
  finish(): void;
  /** Breaks the connection off, whatever was said. */
  cut(): void;
}

export interface ModelRequestSeen {
  /** The whole body, parsed. */
  body: RequestBody;
  /** The body as it came on the wire. */
  rawBody: string;
  messages: ChatMessage[];
  tools: string[];
  /** Answers with a final text. */
  say(text: string): void;
  /** Begins an answer: headers are sent at once, the first piece when the test writes it. */
  startSaying(): Saying;
  /** Answers with tool calls. */
  call(...calls: { name: string; arguments: unknown; id?: string }[]): void;
  fail(status: number, body?: unknown, headers?: Record<string, string>): void;
  /** Whether the client has given up on this request. */
  isAborted(): boolean;
}

export interface OpenAiServer {
  baseUrl: string;
  /** The next request, as soon as it is there. */
  next(): Promise<ModelRequestSeen>;
  /** Answers every further request by this function, until it is called again with undefined. */
  answerAll(answer: ((request: ModelRequestSeen) => void) | undefined): void;
  count(): number;
  close(): Promise<void>;
}

const usage = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120, prompt_tokens_details: { cached_tokens: 0 } };

const sendJson = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
};

/** The two forms of an answer: one document, or chunks as the API streams them, with usage in one of its own before the end mark. */
function createAnswer(response: ServerResponse, id: string, isStream: boolean) {
  const chunk = (delta: Record<string, unknown>, finishReason: string | null = null): void => {
    const data = { id, object: 'chat.completion.chunk', created: 1, model: 'test-model', choices: [{ index: 0, delta, finish_reason: finishReason, logprobs: null }], usage: null };
    response.write(`data: ${JSON.stringify(data)}\n\n`);
  };
  return {
    begin(): void {
      if (!isStream) return;
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
      chunk({ role: 'assistant', content: '', refusal: null });
    },
    piece(delta: Record<string, unknown>): void {
      if (isStream) chunk(delta);
    },
    end(message: Record<string, unknown>, finishReason: string): void {
      if (!isStream) {
        const choice = { index: 0, message: { role: 'assistant', refusal: null, ...message }, finish_reason: finishReason, logprobs: null };
        return sendJson(response, 200, { id, object: 'chat.completion', created: 1, model: 'test-model', choices: [choice], usage });
      }
      chunk({}, finishReason);
      const last = { id, object: 'chat.completion.chunk', created: 1, model: 'test-model', choices: [], usage };
      response.end(`data: ${JSON.stringify(last)}\n\ndata: [DONE]\n\n`);
    },
  };
}

function toSeen(rawBody: string, response: ServerResponse, id: string): ModelRequestSeen {
  const body = JSON.parse(rawBody === '' ? '{}' : rawBody) as RequestBody;
  const answer = createAnswer(response, id, body.stream === true);
  let isAborted = false;
  response.on('close', () => (isAborted = !response.writableEnded));
  const startSaying = (): Saying => {
    const said = { content: '', reasoning_content: '' };
    const add = (field: keyof typeof said) => (text: string): void => {
      said[field] += text;
      answer.piece({ [field]: text });
    };
    answer.begin();
    return {
      write: add('content'),
      think: add('reasoning_content'),
      finish: () => answer.end({ content: said.content, ...(said.reasoning_content === '' ? {} : { reasoning_content: said.reasoning_content }) }, 'stop'),
      cut: () => void response.destroy(),
    };
  };
  return {
    body, rawBody, startSaying,
    messages: body.messages ?? [],
    tools: (body.tools ?? []).map((tool) => tool.function.name),
    say(text) {
      const saying = startSaying();
      saying.write(text);
      saying.finish();
    },
    call(...calls) {
      const toolCalls = calls.map((call, index) => ({
        id: call.id ?? `${id}_${index}`, type: 'function', function: { name: call.name, arguments: typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments) },
      }));
      answer.begin();
      toolCalls.forEach((call, index) => answer.piece({ tool_calls: [{ index, ...call }] }));
      answer.end({ content: null, tool_calls: toolCalls }, 'tool_calls');
    },
    fail: (status, failure = { error: { message: 'failed by the test', type: 'server_error', code: null, param: null } }, headers = {}) => sendJson(response, status, failure, headers),
    isAborted: () => isAborted,
  };
}

export async function startOpenAiServer(): Promise<OpenAiServer> {
  const waiting: ModelRequestSeen[] = [];
  const takers: ((request: ModelRequestSeen) => void)[] = [];
  let automatic: ((request: ModelRequestSeen) => void) | undefined;
  let count = 0;

  const server = createServer((request, response) => {
    if (request.method === 'GET') {
      sendJson(response, 200, { object: 'list', data: [{ id: 'test-model', object: 'model', created: 1, owned_by: 'the test' }] });
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const seen = toSeen(Buffer.concat(chunks).toString('utf8'), response, `call_${++count}`);
      if (automatic !== undefined) automatic(seen);
      else {
        const taker = takers.shift();
        if (taker === undefined) waiting.push(seen);
        else taker(seen);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    next: () => new Promise((resolve) => {
      const request = waiting.shift();
      if (request === undefined) takers.push(resolve);
      else resolve(request);
    }),
    answerAll(answer) {
      automatic = answer;
      if (answer !== undefined) for (const request of waiting.splice(0)) answer(request);
    },
    count: () => count,
    close: () => new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    }),
  };
}
