// What the contract suite needs to know of an adapter, and the requests it makes.
import { afterAll, beforeAll } from 'vitest';
import { AppError, type ErrorCode } from '../../contracts/errors.ts';
import type { ConnectionOptions } from './endpoint.ts';
import type { LanguageModel, ModelMessage, ModelRequest, ProviderLimits } from './language-model.ts';
import { type HttpAnswer, type ScriptedServer, startScriptedServer } from './scripted-server.cases.ts';

const answerNames = [
  'text', 'tool_call', 'parallel', 'thinking', 'refusal', 'max_tokens', 'cut_tool_call', 'no_usage', 'empty', 'empty_text', 'error_as_200', 'bad_request', 'conflict', 'unprocessable', 'bad_gateway', 'context_too_long',
  'unauthorized', 'forbidden', 'not_found', 'request_timeout', 'too_large', 'rate_limited', 'quota_exhausted', 'server_error', 'unavailable', 'overloaded',
] as const;
export type AnswerName = (typeof answerNames)[number];
export type RecordedAnswers = Record<AnswerName, HttpAnswer>;

export interface AdapterUnderTest {
  /** `baseUrl` is that of the scripted server, without a path. */
  create(options: ConnectionOptions & { baseUrl: string }): LanguageModel;
  path: string;
  baseUrlSetting: string;
  answers: RecordedAnswers;
  /** A body as the events the API streams it in. */
  toEventStream(body: unknown): string;
  /** A body that says this, and one that makes a call for each of these arguments. */
  textBody(text: string): unknown;
  callsBody(argumentsJson: string[]): unknown;
  limits: { headers: Record<string, string>; expected: ProviderLimits };
  /** Errors that come within a stream; `event` as it is sent. */
  errorEvents: { event: string; code: ErrorCode; words: string }[];
}

/** The adapter before a server of a group of tests, both there while its tests run. */
export function serveAdapter(adapter: Pick<AdapterUnderTest, 'create'>): { readonly server: ScriptedServer; readonly model: LanguageModel } {
  let server: ScriptedServer;
  let model: LanguageModel;
  beforeAll(async () => {
    server = await startScriptedServer();
    model = adapter.create({ baseUrl: server.url, apiKey: testKey });
  });
  afterAll(() => server.close());
  return {
    get server() {
      return server;
    },
    get model() {
      return model;
    },
  };
}

/** Part of some recorded answers, which no error may repeat. */
export const testKey = 'test-key-5f2c';

export const testRequest = (messages: ModelMessage[] = [{ role: 'user', content: 'How many tickets?' }], more: Partial<ModelRequest> = {}): ModelRequest => ({
  model: 'model-under-test',
  system: 'You are a test.',
  messages,
  tools: [{ name: 'run_sql', description: 'Reads.', parameters: { type: 'object', properties: { query: { type: 'string' } }, required: ['query'], additionalProperties: false } }],
  ...more,
});

export const never = (): AbortSignal => new AbortController().signal;
export const failureOf = async (work: Promise<unknown>): Promise<AppError> => {
  const error = await work.then(() => undefined, (thrown: unknown) => thrown);
  if (!(error instanceof AppError)) throw new Error('expected an AppError', { cause: error });
  return error;
};

/** A recorded success as a stream of events. */
export const streamed = (adapter: Pick<AdapterUnderTest, 'toEventStream'>, answer: HttpAnswer): HttpAnswer => ({
  ...answer, raw: adapter.toEventStream(answer.body), headers: { 'content-type': 'text/event-stream; charset=utf-8', ...answer.headers },
});
