// An OpenAI-shaped server under a test's control: each request waits until the test answers it, so that a test can hold a model
// call for as long as it needs without sleeping.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface ChatMessage {
  role: string;
  content: string | null;
  tool_call_id?: string;
  tool_calls?: { id: string; function: { name: string; arguments: string } }[];
}

export interface ModelRequestSeen {
  messages: ChatMessage[];
  tools: string[];
  /** Answers with a final text. */
  say(text: string): void;
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

export async function startOpenAiServer(): Promise<OpenAiServer> {
  const waiting: ModelRequestSeen[] = [];
  const takers: ((request: ModelRequestSeen) => void)[] = [];
  let automatic: ((request: ModelRequestSeen) => void) | undefined;
  let count = 0;

  const completion = (message: unknown, finishReason: string) => ({
    id: `chatcmpl-${count}`, object: 'chat.completion', created: 1, model: 'test-model',
    choices: [{ index: 0, message, finish_reason: finishReason, logprobs: null }],
    usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120, prompt_tokens_details: { cached_tokens: 0 } },
  });
  const send = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };

  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      count++;
      const body = JSON.parse(text === '' ? '{}' : text) as { messages?: ChatMessage[]; tools?: { function: { name: string } }[] };
      let isAborted = false;
      response.on('close', () => (isAborted = !response.writableEnded));
      const seen: ModelRequestSeen = {
        messages: body.messages ?? [],
        tools: (body.tools ?? []).map((tool) => tool.function.name),
        say: (content) => send(response, 200, completion({ role: 'assistant', content, refusal: null }, 'stop')),
        call: (...calls) =>
          send(response, 200, completion({
            role: 'assistant', content: null, refusal: null,
            tool_calls: calls.map((call, index) => ({ id: call.id ?? `call_${count}_${index}`, type: 'function', function: { name: call.name, arguments: typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments) } })),
          }, 'tool_calls')),
        fail: (status, failure = { error: { message: 'failed by the test', type: 'server_error', code: null, param: null } }, headers = {}) => send(response, status, failure, headers),
        isAborted: () => isAborted,
      };
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
