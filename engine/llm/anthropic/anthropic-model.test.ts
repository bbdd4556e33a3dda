import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ErrorCode } from '../../../contracts/errors.ts';
import type { ModelMessage, ModelRequest } from '../language-model.ts';
import { type AdapterUnderTest, type RecordedAnswers, serveAdapter, testKey, testRequest } from '../adapter-under-test.cases.ts';
import { describeLanguageModel } from '../language-model.cases.ts';
import type { HttpAnswer } from '../scripted-server.cases.ts';
import { createAnthropicModel } from './anthropic-model.ts';
import { toEventStream } from './to-event-stream.cases.ts';

const answers = JSON.parse(readFileSync(new URL('__fixtures__/answers.json', import.meta.url), 'utf8')) as RecordedAnswers;

const messageOf = (content: unknown, stopReason: string): object => ({ ...(answers.text.body as object), content, stop_reason: stopReason });
const errorEvent = (type: string, words: string, code: ErrorCode) => ({ event: `event: error\ndata: ${JSON.stringify({ type: 'error', error: { type, message: words } })}\n\n`, code, words });

const adapter: AdapterUnderTest = {
  create: createAnthropicModel,
  path: '/v1/messages',
  baseUrlSetting: 'ANTHROPIC_BASE_URL',
  answers,
  toEventStream,
  textBody: (text) => messageOf([{ type: 'text', text }], 'end_turn'),
  callsBody: (calls) => messageOf(calls.map((json, position) => ({ type: 'tool_use', id: `toolu_${position}`, name: 'run_sql', input: JSON.parse(json) as unknown })), 'tool_use'),
  limits: {
    headers: {
      date: 'Tue, 24 Nov 2026 12:00:00 GMT',
      'anthropic-ratelimit-requests-limit': '50', 'anthropic-ratelimit-requests-remaining': '49', 'anthropic-ratelimit-requests-reset': '2026-11-24T12:00:01Z',
      'anthropic-ratelimit-tokens-limit': '90000', 'anthropic-ratelimit-tokens-remaining': '80000', 'anthropic-ratelimit-tokens-reset': '2026-11-24T12:00:30Z',
      'anthropic-ratelimit-input-tokens-limit': '50000', 'anthropic-ratelimit-input-tokens-remaining': '50000', 'anthropic-ratelimit-input-tokens-reset': '2026-11-24T12:00:00Z',
    },
    expected: { requestsPerMinute: 50, remainingRequests: 49, requestsResetMs: 1_000, tokensPerMinute: 90_000, remainingTokens: 80_000, tokensResetMs: 30_000 },
  },
  errorEvents: [
    errorEvent('overloaded_error', 'Overloaded', 'LLM_UNAVAILABLE'),
    errorEvent('api_error', 'Internal server error', 'LLM_UNAVAILABLE'),
    errorEvent('timeout_error', 'Request timed out', 'LLM_UNAVAILABLE'),
    errorEvent('rate_limit_error', 'This request would exceed your rate limit', 'LLM_RATE_LIMITED'),
    errorEvent('authentication_error', 'invalid x-api-key', 'LLM_AUTHENTICATION'),
    errorEvent('invalid_request_error', 'prompt is too long: 215000 tokens > 200000 maximum', 'LLM_CONTEXT_TOO_LONG'),
    { event: `event: error\ndata: upstream failed for ${testKey}\n\n`, code: 'LLM_UNAVAILABLE', words: 'upstream failed for [key]' },
  ],
};

describeLanguageModel('Anthropic', adapter);

describe('Anthropic: its own ways', () => {
  const under = serveAdapter(adapter);
  const ask = (answer: HttpAnswer, messages?: ModelMessage[], more?: Partial<ModelRequest>) => {
    under.server.answerWith(answer);
    return under.model.generate(testRequest(messages, more), { signal: new AbortController().signal });
  };
  const sent = () => under.server.asked[0]?.body as { messages: { role: string; content: { type: string; [key: string]: unknown }[] }[]; [key: string]: unknown };

  test('a whole conversation: roles alternate, results open the next message, the stable parts are marked for the cache', async () => {
    await ask(answers.text, [
      { role: 'user', content: 'Count.' },
      { role: 'assistant', content: 'Let me see.', toolCalls: [{ id: 'a', name: 'run_sql', arguments: { query: 'select 1' }, rawArguments: '{"query":"select 1"}' }, { id: 'b', name: 'run_sql', arguments: {}, rawArguments: '{}' }] },
      { role: 'tool', toolCallId: 'a', content: '{"rows":[]}', isError: false },
      { role: 'tool', toolCallId: 'b', content: 'TOOL_FAILED: no', isError: true },
      { role: 'user', content: 'Hurry.' },
      { role: 'assistant', content: '', toolCalls: [] },
      { role: 'user', content: 'Your answer was empty.' },
    ], { maxOutputTokens: 500, mustAnswer: true });
    expect(under.server.asked[0]?.headers).toMatchObject({ authorization: `Bearer ${testKey}`, 'x-api-key': testKey, 'anthropic-version': '2026-10-21' });
    expect(sent()).toEqual({
      model: 'model-under-test',
      max_tokens: 500,
      system: [{ type: 'text', text: 'You are a test.', cache_control: { type: 'ephemeral' } }],
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'Count.', cache_control: { type: 'ephemeral' } }] },
        { role: 'assistant', content: [
          { type: 'text', text: 'Let me see.' },
          { type: 'tool_use', id: 'a', name: 'run_sql', input: { query: 'select 1' } },
          { type: 'tool_use', id: 'b', name: 'run_sql', input: {} },
        ] },
        { role: 'user', content: [
          { type: 'tool_result', tool_use_id: 'a', content: '{"rows":[]}' },
          { type: 'tool_result', tool_use_id: 'b', content: 'TOOL_FAILED: no', is_error: true },
          { type: 'text', text: 'Hurry.' },
          { type: 'text', text: 'Your answer was empty.', cache_control: { type: 'ephemeral' } },
        ] },
      ],
      tools: [{ name: 'run_sql', description: 'Reads.', input_schema: { type: 'object', properties: { query: { type: 'string' } }, required: ['query'], additionalProperties: false }, cache_control: { type: 'ephemeral' } }],
      tool_choice: { type: 'none' },
      stream: true,
    });
  });

  const thoughtful = async (): Promise<ModelMessage[]> => {
    const first = await ask(answers.thinking);
    return [
      { role: 'user', content: 'How many?' },
      { role: 'assistant', content: first.text, toolCalls: first.toolCalls.map((call) => ({ ...call, id: 'renamed_1' })), ...(first.providerState === undefined ? {} : { providerState: first.providerState }) },
      { role: 'tool', toolCallId: 'renamed_1', content: '[]', isError: false },
    ];
  };

  test('thinking blocks go back in order and unchanged; a call the run renamed keeps its new id', async () => {
    await ask(answers.text, await thoughtful());
    const original = (answers.thinking.body as { content: unknown[] }).content;
    expect(sent().messages[1]?.content).toEqual([original[0], original[1], { type: 'tool_use', id: 'renamed_1', name: 'run_sql', input: { data_source: 'support', query: 'select 1' } }]);
  });

  test('thinking of another model stays out: it is bound to the one that thought', async () => {
    await ask(answers.text, await thoughtful(), { model: 'another-model' });
    expect(sent().messages[1]?.content.map((block) => block.type)).toEqual(['tool_use']);
  });

  test('under a budget no thinking is asked for where calls without thoughts wait for results, and again afterwards', async () => {
    const under = { maxOutputTokens: 8_000, parameters: { thinking_budget_tokens: 2_048 } };
    await ask(answers.text, await thoughtful(), under);
    expect(sent()['thinking']).toEqual({ type: 'enabled', budget_tokens: 2_048, display: 'summarized' });
    await ask(answers.text, await thoughtful(), { ...under, isShortened: true });
    expect(sent()).not.toHaveProperty('thinking');
  });

  test('once turns were left out, thinking bound to the whole conversation stays out too', async () => {
    await ask(answers.text, await thoughtful(), { isShortened: true });
    expect(sent().messages[1]?.content.map((block) => block.type)).toEqual(['tool_use']);
  });

  test('thinking that was cut before any word leaves no message of thinking alone', async () => {
    await ask(answers.text, [
      { role: 'user', content: 'Go' },
      { role: 'assistant', content: '', toolCalls: [], providerState: { blocks: [{ type: 'thinking', thinking: 'Hm', signature: '' }] } },
      { role: 'user', content: 'Your answer was cut off.' },
    ]);
    expect(sent().messages).toHaveLength(1);
  });

  test.each([['claude-sonnet-5-5', { type: 'adaptive', display: 'summarized' }, 32_000], ['claude-haiku-4-5', undefined, 8_192], ['some-local-model', undefined, 8_192]])(
    '%s: readable thinking where the model thinks by itself, and room for it', async (name, thinking, maxTokens) => {
      await ask(answers.text, undefined, { model: name });
      expect(sent()['thinking']).toEqual(thinking);
      expect(sent()['max_tokens']).toBe(maxTokens);
    },
  );

  test('a limit so large that the client would insist on streaming is sent all the same', async () => {
    await ask(answers.text, undefined, { maxOutputTokens: 128_000 });
    expect(sent()['max_tokens']).toBe(128_000);
  });

  test('a temperature is refused in words before Anthropic is asked, and sent to a compatible server', async () => {
    const official = createAnthropicModel({ apiKey: testKey });
    await expect(official.generate(testRequest(undefined, { temperature: 0.2 }), { signal: new AbortController().signal })).rejects.toMatchObject({ code: 'LLM_REQUEST_INVALID' });
    await ask(answers.text, undefined, { temperature: 0.2 });
    expect(sent()['temperature']).toBe(0.2);
  });

  test('a stream whose events have no names is read by what they say', async () => {
    const raw = toEventStream(answers.text.body).replaceAll(/^event: .*\n/gm, '');
    expect(await ask({ status: 200, raw, headers: { 'content-type': 'text/event-stream' } })).toMatchObject({ text: 'There are 47 tickets.', finishReason: 'stop' });
  });

  test('tokens written to the cache count as input and are told apart', async () => {
    expect((await ask(answers.text)).usage).toEqual({ inputTokens: 1200, outputTokens: 30, cachedInputTokens: 1024, cacheWriteTokens: 76, reasoningTokens: 12 });
  });
});
