// What every provider behind HTTP has to keep, run by each adapter's own test against recorded answers of its API.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { type AdapterUnderTest, type AnswerName, failureOf, never, serveAdapter, streamed, testKey, testRequest } from './adapter-under-test.cases.ts';
import type { ModelDelta, ModelResponse } from './language-model.ts';
import type { HttpAnswer } from './scripted-server.cases.ts';
import { describeStreaming } from './streaming.cases.ts';

/** What an answer means, whether it is streamed or, by a server that ignores `stream`, sent at once. */
function describeAnswers(name: string, adapter: AdapterUnderTest, mode: 'streamed' | 'sent at once'): void {
  describe(`${name}: an answer ${mode}`, () => {
    const under = serveAdapter(adapter);

    const deltas: ModelDelta[] = [];
    const ask = (answer: AnswerName, request = testRequest()): Promise<ModelResponse> => {
      deltas.length = 0;
      under.server.answerWith(mode === 'streamed' ? streamed(adapter, adapter.answers[answer]) : adapter.answers[answer]);
      return under.model.generate(request, { signal: never(), onDelta: (delta) => deltas.push(delta) });
    };
    const lastBody = (): string => JSON.stringify(under.server.asked.at(-1)?.body);
    const told = (channel: ModelDelta['channel']): string => deltas.filter((delta) => delta.channel === channel).map(({ text }) => text).join('');

    test('a text is a final answer with its usage, cached tokens counted within the input', async () => {
      const response = await ask('text');
      expect(response).toMatchObject({
        text: 'There are 47 tickets.', toolCalls: [], finishReason: 'stop', thought: undefined,
        usage: { inputTokens: 1200, outputTokens: 30, cachedInputTokens: 1024, reasoningTokens: 12 },
      });
      expect(response.rawUsage).toEqual((adapter.answers.text.body as { usage: unknown }).usage);
      expect(response.model).toBe((adapter.answers.text.body as { model: string }).model);
      expect(under.server.asked).toHaveLength(1);
      expect(under.server.asked[0]).toMatchObject({ path: adapter.path, body: { model: 'model-under-test' } });
      expect(lastBody()).toContain('"additionalProperties":false');
    });

    test('a tool call carries its id, name and parsed arguments', async () => {
      const response = await ask('tool_call');
      expect(response).toMatchObject({ text: '', finishReason: 'tool_calls', toolCalls: [{ id: 'call_one', name: 'run_sql', arguments: { data_source: 'support', query: 'select 1' } }] });
    });

    test('several calls in one answer keep their order, and the text beside them', async () => {
      const response = await ask('parallel');
      expect(response.text).toBe('Both at once.');
      expect(response.toolCalls.map(({ id, name: tool }) => [id, tool])).toEqual([['call_one', 'run_sql'], ['call_two', 'send_email']]);
    });

    test('thinking is readable and goes back as it came, with the call it led to', async () => {
      const first = await ask('thinking');
      expect(first.thought).toBe('I need the rows first.');
      const state = JSON.parse(JSON.stringify(first.providerState)) as typeof first.providerState;
      await ask('text', testRequest([
        { role: 'user', content: 'How many?' },
        { role: 'assistant', content: first.text, toolCalls: first.toolCalls, ...(state === undefined ? {} : { providerState: state }) },
        { role: 'tool', toolCallId: 'call_one', content: '[{"n":1}]', isError: false },
      ]));
      const thoughts = JSON.stringify(adapter.answers.thinking.body).match(/"(?:signature|data|reasoning_content)":"[^"]*"/g) ?? [];
      expect(thoughts.length).toBeGreaterThan(0);
      for (const thought of thoughts) expect(lastBody()).toContain(thought);
    });

    test('a refusal is a finish reason with its words, not an error', async () => {
      expect(await ask('refusal')).toMatchObject({ finishReason: 'refusal', text: "I'm sorry, I can't help with that." });
    });

    test('an answer cut at the token limit says so', async () => {
      expect(await ask('max_tokens')).toMatchObject({ finishReason: 'max_tokens', text: 'The tickets are about' });
    });

    test('a call cut at the token limit has no arguments, whatever could be read of them', async () => {
      const response = await ask('cut_tool_call');
      expect(response).toMatchObject({ finishReason: 'max_tokens', toolCalls: [{ name: 'run_sql', arguments: undefined }] });
    });

    test('usage that is not sent is unknown, not 0', async () => {
      expect((await ask('no_usage')).usage).toEqual({ inputTokens: undefined, outputTokens: undefined, cachedInputTokens: undefined, cacheWriteTokens: undefined, reasoningTokens: undefined });
    });

    test.each(['empty', 'empty_text'] as const)('an answer that says nothing (%s) is invalid and may be asked again', async (answer) => {
      const error = await failureOf(ask(answer));
      expect(error.code).toBe('LLM_RESPONSE_INVALID');
      expect(error.retryable).toBe(true);
    });

    test.each(['text', 'parallel', 'thinking', 'refusal', 'max_tokens'] as const)('what was told of %s is what the answer says', async (answer) => {
      const response = await ask(answer);
      expect(told('text')).toBe(response.text);
      expect(told('thought')).toBe(response.thought ?? '');
      expect(deltas.length).toBeGreaterThan(0);
    });
  });
}

/** The contract of {@link LanguageModel}, for an adapter that speaks HTTP. */
export function describeLanguageModel(name: string, adapter: AdapterUnderTest): void {
  describeAnswers(name, adapter, 'streamed');
  describeAnswers(name, adapter, 'sent at once');
  describeStreaming(name, adapter);

  describe(`${name}: what goes wrong`, () => {
    const under = serveAdapter(adapter);

    const ask = (answer: AnswerName | HttpAnswer, request = testRequest()): Promise<ModelResponse> => {
      under.server.answerWith(typeof answer === 'string' ? adapter.answers[answer] : answer);
      return under.model.generate(request, { signal: never() });
    };
    const lastBody = (): string => JSON.stringify(under.server.asked.at(-1)?.body);

    test.each<[AnswerName, string, boolean]>([
      ['bad_request', 'LLM_REQUEST_INVALID', false],
      ['context_too_long', 'LLM_CONTEXT_TOO_LONG', false],
      ['unauthorized', 'LLM_AUTHENTICATION', false],
      ['forbidden', 'LLM_AUTHENTICATION', false],
      ['not_found', 'LLM_MODEL_NOT_FOUND', false],
      ['request_timeout', 'LLM_UNAVAILABLE', true],
      ['conflict', 'LLM_UNAVAILABLE', true],
      ['unprocessable', 'LLM_REQUEST_INVALID', false],
      ['bad_gateway', 'LLM_UNAVAILABLE', true],
      ['too_large', 'LLM_CONTEXT_TOO_LONG', false],
      ['rate_limited', 'LLM_RATE_LIMITED', true],
      ['quota_exhausted', 'LLM_QUOTA_EXHAUSTED', false],
      ['server_error', 'LLM_UNAVAILABLE', true],
      ['unavailable', 'LLM_UNAVAILABLE', true],
      ['overloaded', 'LLM_UNAVAILABLE', true],
    ])('%s becomes %s (another attempt may help: %s), asked once, with the provider’s words and without the key', async (answer, code, isRetryable) => {
      const error = await failureOf(ask(answer));
      expect({ code: error.code, isRetryable: error.retryable }).toEqual({ code, isRetryable });
      expect(under.server.asked).toHaveLength(1);
      expect(error.message).toContain(`HTTP ${adapter.answers[answer].status}`);
      expect(error.message + JSON.stringify(error.details)).not.toContain(testKey);
      expect(error.details?.['retry_after_ms']).toBeUndefined();
    });

    test.each<[string, Record<string, string>, number]>([
      ['seconds', { 'retry-after': '7' }, 7_000],
      ['a fraction of seconds', { 'retry-after': '0.25' }, 250],
      ['milliseconds, which win', { 'retry-after-ms': '1500', 'retry-after': '9' }, 1_500],
    ])('429 with retry-after in %s carries that delay', async (_form, headers, delay) => {
      const error = await failureOf(ask({ ...adapter.answers.rate_limited, headers }));
      expect(error).toMatchObject({ code: 'LLM_RATE_LIMITED', details: { retry_after_ms: delay } });
    });

    test('429 with retry-after as a date carries the time until then', async () => {
      const error = await failureOf(ask({ ...adapter.answers.rate_limited, headers: { 'retry-after': new Date(Date.now() + 600_000).toUTCString() } }));
      const delay = error.details?.['retry_after_ms'];
      expect(delay).toBeGreaterThan(500_000);
      expect(delay).toBeLessThanOrEqual(600_000);
    });

    test('503 with retry-after carries its delay too', async () => {
      expect(await failureOf(ask({ ...adapter.answers.unavailable, headers: { 'retry-after': '3' } }))).toMatchObject({ code: 'LLM_UNAVAILABLE', details: { retry_after_ms: 3_000 } });
    });

    test.each<[string, HttpAnswer]>([
      ['is not JSON', { status: 200, raw: '{"id": "x", "cho' }],
      ['is empty', { status: 200, raw: '', headers: { 'content-length': '0' } }],
      ['is no answer of this API', { status: 200, body: [1, 2, 3] }],
    ])('a body that %s is LLM_RESPONSE_INVALID', async (_what, answer) => {
      expect((await failureOf(ask(answer))).code).toBe('LLM_RESPONSE_INVALID');
    });

    test('an error sent as a success is the error it says it is', async () => {
      const error = await failureOf(ask('error_as_200'));
      expect(error.code).toBe('LLM_UNAVAILABLE');
      expect(error.message).toContain('model is loading');
    });

    test.each<[string, number | undefined]>([
      ["This model's maximum context length is 8192 tokens. However, you requested 9000 tokens.", 8_192],
      ['prompt is too long: 215000 tokens > 200000 maximum', 200_000],
      ['input length and `max_tokens` exceed context limit: 190000 + 32000 > 200000, decrease input length', 200_000],
      ['request (5012 tokens) exceeds the available context size (4096 tokens), try increasing it', 4_096],
      ['the request exceeds the available context size. n_ctx = 4096', 4_096],
      ['Trying to keep the first 5000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens', 4_096],
      ['Your input exceeds the context window of this model.', undefined],
    ])('a conversation too long, worded "%s", carries the limit %s', async (message, limit) => {
      const template = adapter.answers.bad_request.body as { error: object };
      const error = await failureOf(ask({ status: 400, body: { ...template, error: { ...template.error, message } } }));
      expect(error.code).toBe('LLM_CONTEXT_TOO_LONG');
      expect(error.details?.['max_tokens']).toBe(limit);
    });

    test('a connection with a name and settings of its own is spoken of by them', async () => {
      const named = adapter.create({ baseUrl: under.server.url, apiKey: testKey, label: 'Team proxy', keySetting: "the connection's key", baseUrlSetting: "the connection's base URL" });
      under.server.answerWith(adapter.answers.unauthorized);
      expect((await failureOf(named.generate(testRequest(), { signal: never() }))).message).toMatch(/^Team proxy answered HTTP 401: .* Check the connection's key\.$/);
      under.server.answerWith({ status: 200, raw: '<!DOCTYPE html><html></html>', headers: { 'content-type': 'text/html' } });
      expect((await failureOf(named.generate(testRequest(), { signal: never() }))).message).toContain("Check the connection's base URL.");
    });

    test('a body whose connection breaks is LLM_UNAVAILABLE', async () => {
      expect((await failureOf(ask({ ...adapter.answers.text, isCut: true }))).code).toBe('LLM_UNAVAILABLE');
    });

    test('JSON sent as plain text is read all the same', async () => {
      expect((await ask({ status: 200, raw: JSON.stringify(adapter.answers.text.body), headers: { 'content-type': 'text/plain' } })).text).toBe('There are 47 tickets.');
    });

    const page = '<!DOCTYPE html><html><head><title>Welcome</title></head><body>Hello</body></html>';
    test.each<[string, HttpAnswer, string]>([
      ['a web page', { status: 200, raw: page, headers: { 'content-type': 'text/html' } }, 'LLM_REQUEST_INVALID'],
      ['a web page with 404', { status: 404, raw: page, headers: { 'content-type': 'text/html' } }, 'LLM_MODEL_NOT_FOUND'],
      ['a redirect', { status: 302, raw: '', headers: { location: 'https://elsewhere.example/' } }, 'LLM_REQUEST_INVALID'],
    ])('%s from a wrong base URL says which setting is wrong, and is final', async (_what, answer, code) => {
      const error = await failureOf(ask(answer));
      expect(error).toMatchObject({ code, retryable: false });
      expect(error.message).toContain(adapter.baseUrlSetting);
      expect(error.message).toContain(under.server.url);
      expect(error.message).not.toContain('<');
    });

    test('a web page from a gateway that cannot reach the provider may be asked again', async () => {
      expect((await failureOf(ask({ status: 502, raw: page, headers: { 'content-type': 'text/html' } }))).code).toBe('LLM_UNAVAILABLE');
    });

    test('a server that is not there is LLM_UNAVAILABLE and says where nobody answered', async () => {
      const gone = createServer();
      await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
      const baseUrl = `http://127.0.0.1:${(gone.address() as AddressInfo).port}`;
      await new Promise((resolve) => gone.close(resolve));
      const error = await failureOf(adapter.create({ baseUrl, apiKey: testKey }).generate(testRequest(), { signal: never() }));
      expect(error.code).toBe('LLM_UNAVAILABLE');
      expect(error.message).toContain(baseUrl);
      expect(error.message).toContain('ECONNREFUSED');
    });

    test.each<[string, Partial<HttpAnswer>]>([['headers', { hangsAt: 'headers' }], ['body', { hangsAt: 'body' }], ['next event', { hangsAfter: 'There' }]])('aborting while waiting for the %s gives the HTTP request up at once and throws the reason', async (_what, silence) => {
      under.server.answerWith({ ...(silence.hangsAfter === undefined ? adapter.answers.text : streamed(adapter, adapter.answers.text)), ...silence });
      const controller = new AbortController();
      const reason = new Error('the run was cancelled');
      const asking = under.model.generate(testRequest(), { signal: controller.signal }).then(() => undefined, (thrown: unknown) => thrown);
      await under.server.hung();
      controller.abort(reason);
      expect(await asking).toBe(reason);
      await under.server.abandoned();
    });

    test('an aborted signal sends nothing', async () => {
      under.server.answerWith(adapter.answers.text);
      await expect(under.model.generate(testRequest(), { signal: AbortSignal.abort(new Error('too late')) })).rejects.toThrow('too late');
      expect(under.server.asked).toHaveLength(0);
    });

    test('a made-up tool name or unreadable arguments in the conversation do not make the next request invalid', async () => {
      await ask('text', testRequest([
        { role: 'user', content: 'Go' },
        { role: 'assistant', content: '', toolCalls: [{ id: 'c1', name: 'make coffee! ☕', arguments: undefined, rawArguments: '{"cups":' }] },
        { role: 'tool', toolCallId: 'c1', content: 'TOOL_UNKNOWN: There is no such tool.', isError: true },
      ]));
      expect(lastBody()).toContain('"name":"make_coffee___"');
      expect(lastBody()).not.toContain('cups');
      expect(lastBody()).toContain('There is no such tool.');
    });
  });
}
