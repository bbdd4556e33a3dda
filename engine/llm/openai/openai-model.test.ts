import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ModelMessage, ModelRequest } from '../language-model.ts';
import { type AdapterUnderTest, failureOf, type RecordedAnswers, serveAdapter, testKey, testRequest } from '../adapter-under-test.cases.ts';
import { describeLanguageModel } from '../language-model.cases.ts';
import type { HttpAnswer } from '../scripted-server.cases.ts';
import { createOpenAiModel } from './openai-model.ts';
import { toEventStream } from './to-event-stream.cases.ts';

const answers = JSON.parse(readFileSync(new URL('__fixtures__/answers.json', import.meta.url), 'utf8')) as RecordedAnswers & { content_filter: HttpAnswer };

const completionOf = (message: unknown, finishReason: string | null): object => ({ ...(answers.text.body as object), choices: [{ index: 0, message, finish_reason: finishReason }] });

const adapter: AdapterUnderTest = {
  create: ({ baseUrl, ...options }) => createOpenAiModel({ ...options, baseUrl: `${baseUrl}/v1` }),
  path: '/v1/chat/completions',
  baseUrlSetting: 'OPENAI_BASE_URL',
  answers,
  toEventStream,
  textBody: (content) => completionOf({ role: 'assistant', content }, 'stop'),
  callsBody: (calls) => completionOf({ role: 'assistant', content: null, tool_calls: calls.map((json, position) => ({ id: `call_${position}`, type: 'function', function: { name: 'run_sql', arguments: json } })) }, 'tool_calls'),
  limits: {
    headers: {
      'x-ratelimit-limit-requests': '500', 'x-ratelimit-remaining-requests': '499', 'x-ratelimit-reset-requests': '120ms',
      'x-ratelimit-limit-tokens': '200000', 'x-ratelimit-remaining-tokens': '100000', 'x-ratelimit-reset-tokens': '6m0s',
    },
    expected: { requestsPerMinute: 500, remainingRequests: 499, requestsResetMs: 120, tokensPerMinute: undefined, remainingTokens: 100_000, tokensResetMs: 360_000 },
  },
  errorEvents: [
    { event: 'data: {"error":{"message":"The server had an error while processing your request.","type":"server_error","code":null}}\n\n', code: 'LLM_UNAVAILABLE', words: 'The server had an error' },
    { event: 'data: {"error":{"message":"Rate limit reached","type":"tokens","code":"rate_limit_exceeded"}}\n\n', code: 'LLM_RATE_LIMITED', words: 'Rate limit reached' },
    { event: 'data: {"error":{"message":"You exceeded your current quota","type":"insufficient_quota","code":"insufficient_quota"}}\n\n', code: 'LLM_QUOTA_EXHAUSTED', words: 'current quota' },
    { event: 'data: {"error":{"message":"Provider returned error","code":502},"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}]}\n\n', code: 'LLM_UNAVAILABLE', words: 'Provider returned error' },
    { event: 'event: error\ndata: {"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error","n_ctx":4096}}\n\n', code: 'LLM_CONTEXT_TOO_LONG', words: 'n_ctx: 4096' },
    { event: `data: {"error":"out of memory for ${testKey}"}\n\n`, code: 'LLM_UNAVAILABLE', words: 'out of memory for [key]' },
  ],
};

describeLanguageModel('OpenAI', adapter);

describe('OpenAI: its own ways', () => {
  const under = serveAdapter(adapter);
  const ask = (answer: HttpAnswer, messages?: ModelMessage[], more?: Partial<ModelRequest>) => {
    under.server.answerWith(answer);
    return under.model.generate(testRequest(messages, more), { signal: new AbortController().signal });
  };
  const completion = (message: unknown, finishReason: string | null): HttpAnswer => ({ status: 200, body: completionOf(message, finishReason) });

  test('a whole conversation as a compatible server gets it: no null content, no tool_choice, max_tokens, errors as text', async () => {
    await ask(answers.text, [
      { role: 'user', content: 'Count.' },
      { role: 'assistant', content: '', toolCalls: [{ id: 'a', name: 'run_sql', arguments: { query: 'select 1' }, rawArguments: '{ "query": "select 1" }' }, { id: 'b', name: 'run_sql', arguments: {}, rawArguments: '{}' }] },
      { role: 'tool', toolCallId: 'a', content: '{"rows":[]}', isError: false },
      { role: 'tool', toolCallId: 'b', content: 'TOOL_FAILED: no', isError: true },
      { role: 'user', content: 'Hurry.' },
    ], { maxOutputTokens: 500, temperature: 0.2, mustAnswer: true });
    expect(under.server.asked[0]?.headers.authorization).toBe(`Bearer ${testKey}`);
    expect(under.server.asked[0]?.body).toEqual({
      model: 'model-under-test',
      messages: [
        { role: 'system', content: 'You are a test.' },
        { role: 'user', content: 'Count.' },
        { role: 'assistant', content: '', tool_calls: [
          { id: 'a', type: 'function', function: { name: 'run_sql', arguments: '{"query":"select 1"}' } },
          { id: 'b', type: 'function', function: { name: 'run_sql', arguments: '{}' } },
        ] },
        { role: 'tool', tool_call_id: 'a', content: '{"rows":[]}' },
        { role: 'tool', tool_call_id: 'b', content: 'Error: TOOL_FAILED: no' },
        { role: 'user', content: 'Hurry.' },
      ],
      tools: [{ type: 'function', function: { name: 'run_sql', description: 'Reads.', parameters: { type: 'object', properties: { query: { type: 'string' } }, required: ['query'], additionalProperties: false } } }],
      max_tokens: 500,
      temperature: 0.2,
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  test('without tools none are sent', async () => {
    await ask(answers.text, undefined, { tools: [] });
    expect(under.server.asked[0]?.body).not.toHaveProperty('tools');
  });

  test("the provider's content filter is told apart from a refusal and from an empty answer", async () => {
    expect(await ask(answers.content_filter)).toMatchObject({ finishReason: 'content_filter', text: '' });
  });

  test('thinking that used up the token limit is a cut answer, not an invalid one', async () => {
    expect(await ask(completion({ role: 'assistant', content: null }, 'length'))).toMatchObject({ finishReason: 'max_tokens', text: '' });
  });

  test.each<[string, unknown, unknown]>([
    ['an object', { query: 'select 1' }, { query: 'select 1' }],
    ['nothing', null, {}],
    ['an empty text', '', {}],
    ['text that is no JSON', 'select 1', undefined],
    ['a list', '[1]', undefined],
    ['a bare number', 7, undefined],
  ])('arguments given as %s', async (_form, given, expected) => {
    const response = await ask(completion({ role: 'assistant', content: null, tool_calls: [{ id: 'x', type: 'function', function: { name: 'run_sql', arguments: given } }] }, 'stop'));
    expect(response.finishReason).toBe('tool_calls');
    expect(response.toolCalls[0]?.arguments).toEqual(expected);
  });

  test('a call without an id, a null finish reason and content in parts are read', async () => {
    const response = await ask(completion({ role: 'assistant', content: [{ type: 'text', text: 'Look' }, { type: 'text', text: 'ing.' }], tool_calls: [{ function: { name: 'run_sql', arguments: '{}' } }] }, null));
    expect(response).toMatchObject({ text: 'Looking.', finishReason: 'tool_calls', toolCalls: [{ id: '', name: 'run_sql' }] });
  });

  test.each([400, 422])('a server that refuses stream_options by name (%s) is quietly asked again without them, and from then on', async (status) => {
    const fresh = createOpenAiModel({ baseUrl: `${under.server.url}/v1`, apiKey: testKey });
    const refusal: HttpAnswer = { status, body: { error: { message: 'Unrecognized request argument supplied: stream_options', type: 'invalid_request_error', param: null, code: null } } };
    const told: string[] = [];
    const generate = () => fresh.generate(testRequest(), { signal: new AbortController().signal, onRequest: ({ body }) => told.push(body) });
    under.server.answerInTurn([refusal, answers.text]);
    expect((await generate()).text).toBe('There are 47 tickets.');
    expect(under.server.asked.map(({ body }) => 'stream_options' in body)).toEqual([true, false]);
    expect(told).toEqual(under.server.asked.map(({ text }) => text));
    under.server.answerWith(answers.text);
    await generate();
    expect(under.server.asked.map(({ body }) => 'stream_options' in body)).toEqual([false]);
  });

  test('a server that refuses everything is asked no more than once for each thing it names', async () => {
    under.server.answerWith({ status: 400, body: { error: { message: 'stream_options: not permitted', type: 'invalid_request_error' } } });
    expect((await failureOf(createOpenAiModel({ baseUrl: `${under.server.url}/v1` }).generate(testRequest(), { signal: new AbortController().signal }))).code).toBe('LLM_REQUEST_INVALID');
    expect(under.server.asked).toHaveLength(2);
  });

  test('reasoning details go back where they were, with the call they led to', async () => {
    const details = [{ type: 'reasoning.text', text: 'Rows first.', signature: 'c2ln', index: 0 }, { type: 'reasoning.encrypted', data: 'ZW5j', index: 1 }];
    const first = await ask(completion({ role: 'assistant', content: '', reasoning: 'Rows first.', reasoning_details: details, tool_calls: [{ id: 'a', type: 'function', function: { name: 'run_sql', arguments: '{}' } }] }, 'tool_calls'));
    expect(first.thought).toBe('Rows first.');
    await ask(answers.text, [
      { role: 'user', content: 'Go' },
      { role: 'assistant', content: first.text, toolCalls: first.toolCalls, ...(first.providerState === undefined ? {} : { providerState: first.providerState }) },
      { role: 'tool', toolCallId: 'a', content: '[]', isError: false },
    ]);
    expect(under.server.asked[0]?.body).toMatchObject({ messages: [{}, {}, { reasoning_details: details }, {}] });
  });

  test('a budget for thinking is refused in words before the server is asked', async () => {
    const error = await failureOf(ask(answers.text, undefined, { parameters: { thinking_budget_tokens: 2_048 } }));
    expect(error).toMatchObject({ code: 'LLM_REQUEST_INVALID', details: { issues: [{ path: 'parameters.thinking_budget_tokens' }] } });
    expect(under.server.asked).toHaveLength(0);
  });

  test('a server that wants no key can be asked without one', async () => {
    under.server.answerWith({ status: 500, body: { error: { message: 'none of your business' } } });
    const keyless = createOpenAiModel({ baseUrl: `${under.server.url}/v1` });
    await expect(keyless.generate(testRequest(), { signal: new AbortController().signal })).rejects.toThrow('none of your business');
  });
});
