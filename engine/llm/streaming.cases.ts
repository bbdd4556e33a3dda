// What every streaming provider has to keep; part of the contract suite.
import { describe, expect, test, vi } from 'vitest';
import { maxAnswerCharacters } from './answer-sink.ts';
import type { ModelDelta, ModelResponse, ProviderLimits } from './language-model.ts';
import { type AdapterUnderTest, failureOf, never, serveAdapter, streamed, testKey, testRequest } from './adapter-under-test.cases.ts';
import type { HttpAnswer } from './scripted-server.cases.ts';

export function describeStreaming(name: string, adapter: AdapterUnderTest): void {
  describe(`${name}: streaming`, () => {
    const under = serveAdapter(adapter);

    const text = streamed(adapter, adapter.answers.text);
    const events = text.raw as string;
    const ask = (answer: HttpAnswer, who = under.model): Promise<ModelResponse> => {
      under.server.answerWith(answer);
      return who.generate(testRequest(), { signal: never() });
    };

    test('each piece is told when it arrives, not when the answer is whole', async () => {
      under.server.answerWith({ ...text, hangsAfter: 'There' });
      const controller = new AbortController();
      const first = Promise.withResolvers<ModelDelta>();
      const asking = under.model.generate(testRequest(), { signal: controller.signal, onDelta: first.resolve }).catch((error: unknown) => error);
      const delta = await first.promise;
      expect(delta.channel).toBe('text');
      expect('There are 47 tickets.'.startsWith(delta.text)).toBe(true);
      controller.abort(new Error('seen enough'));
      expect(await asking).toMatchObject({ message: 'seen enough' });
      await under.server.abandoned();
    });

    test('the request is told byte for byte as it was sent, without credentials', async () => {
      under.server.answerWith(text);
      const told: { url: string; body: string }[] = [];
      await under.model.generate(testRequest(), { signal: never(), onRequest: (request) => told.push(request) });
      expect(told).toEqual([{ url: under.server.url + adapter.path, body: under.server.asked[0]?.text }]);
      expect(under.server.asked[0]?.body['stream']).toBe(true);
      expect(JSON.stringify(told)).not.toContain(testKey);
    });

    test('limits in the headers are told, of an error answer too', async () => {
      for (const answer of [text, adapter.answers.rate_limited]) {
        under.server.answerWith({ ...answer, headers: { ...answer.headers, ...adapter.limits.headers } });
        const told: ProviderLimits[] = [];
        await under.model.generate(testRequest(), { signal: never(), onLimits: (limits) => told.push(limits) }).catch(() => undefined);
        expect(told).toEqual([adapter.limits.expected]);
      }
      const none: ProviderLimits[] = [];
      under.server.answerWith(text);
      await under.model.generate(testRequest(), { signal: never(), onLimits: (limits) => none.push(limits) });
      expect(none).toEqual([]);
    });

    test('a connection is used again after a stream', async () => {
      const ports: (number | undefined)[] = [];
      // The next call may come before the last bytes of the one before.
      await vi.waitFor(async () => {
        await ask(text);
        ports.push(under.server.asked[0]?.port);
        expect(new Set(ports).size).toBeLessThan(ports.length);
      });
    });

    test.each<[string, string]>([
      ['with CRLF', events.replaceAll('\n', '\r\n')],
      ['with comments and empty lines between', `: keep-alive\n\n\n${events.replaceAll('\n\n', '\n\n: ping\n\n')}`],
      ['without a space after the colon', events.replaceAll('data: ', 'data:')],
      ['after a byte order mark', `\uFEFF${events}`],
      ['whose last line does not end', events.trimEnd()],
    ])('a stream %s is read', async (_how, raw) => {
      expect(await ask({ ...text, raw })).toMatchObject({ text: 'There are 47 tickets.', finishReason: 'stop', usage: { inputTokens: 1200 } });
    });

    test.each(['text/plain', 'application/json'])('a stream that calls itself %s is read', async (type) => {
      expect((await ask({ status: 200, raw: events, headers: { 'content-type': type } })).text).toBe('There are 47 tickets.');
    });

    test('a stream cut by a broken connection is LLM_UNAVAILABLE', async () => {
      expect((await failureOf(ask({ ...text, isCut: true }))).code).toBe('LLM_UNAVAILABLE');
    });

    test.each([0.3, 0.6, 0.7])('a stream that just ends (after %s of it) is LLM_UNAVAILABLE, whatever had arrived', async (share) => {
      const error = await failureOf(ask({ ...text, raw: events.slice(0, Math.floor(events.length * share)) }));
      expect(error.code).toBe('LLM_UNAVAILABLE');
      expect(error.message).toContain('broke off');
    });

    test('a tool call that was cut with its stream is no call', async () => {
      const { raw = '' } = streamed(adapter, adapter.answers.tool_call);
      const upToArguments = raw.slice(0, raw.indexOf('data_source'));
      expect((await failureOf(ask({ ...text, raw: `${upToArguments.slice(0, upToArguments.lastIndexOf('\n\n'))}\n\n` }))).code).toBe('LLM_UNAVAILABLE');
    });

    test('malformed JSON in an event is LLM_RESPONSE_INVALID', async () => {
      const malformed = events.replace('"There', '"There\u0001{{');
      expect((await failureOf(ask({ ...text, raw: malformed.replace('{{', '",{') }))).code).toBe('LLM_RESPONSE_INVALID');
    });

    test.each<[string, 'firstTokenMs' | 'betweenBytesMs', Partial<HttpAnswer>]>([
      ['before the first byte', 'firstTokenMs', { hangsAt: 'headers' }],
      ['before the first token', 'firstTokenMs', { hangsAt: 'body' }],
      ['within its answer', 'betweenBytesMs', { hangsAfter: 'There' }],
    ])('a server that goes silent %s is LLM_UNAVAILABLE, says how long, and is hung up on', async (_when, limit, silence) => {
      const impatient = adapter.create({ baseUrl: under.server.url, apiKey: testKey, timeouts: { firstTokenMs: 60_000, betweenBytesMs: 60_000, [limit]: 50 } });
      const error = await failureOf(ask({ ...text, ...silence }, impatient));
      expect(error.code).toBe('LLM_UNAVAILABLE');
      expect(error.message).toContain('sent nothing for 0.05 seconds');
      await under.server.abandoned();
    });

    test('an answer that takes too long as a whole is LLM_UNAVAILABLE', async () => {
      const impatient = adapter.create({ baseUrl: under.server.url, apiKey: testKey, timeouts: { wholeMs: 50 } });
      expect((await failureOf(ask({ ...text, hangsAfter: 'There' }, impatient))).message).toContain('did not finish its answer within 0.05 seconds');
    });

    test.each(adapter.errorEvents)('the error event $event within a stream is $code', async ({ event, code, words }) => {
      const begun = events.slice(0, events.indexOf('\n\n', events.indexOf('There')) + 2);
      const error = await failureOf(ask({ ...text, raw: begun + event }));
      expect(error.code).toBe(code);
      expect(error.message).toContain(words);
      expect(error.message).not.toContain(testKey);
    });

    test('text without end is cut at the bound, and the request given up', async () => {
      let told = 0;
      // Its first half is already too long; the server keeps the connection open after it.
      under.server.answerWith({ ...text, raw: adapter.toEventStream(adapter.textBody('x'.repeat(2 * maxAnswerCharacters + 2))), hangsAfter: 'xxx' });
      const response = await under.model.generate(testRequest(), { signal: never(), onDelta: (delta) => { told += delta.text.length; } });
      expect(response.finishReason).toBe('max_tokens');
      expect(response.text).toHaveLength(maxAnswerCharacters);
      expect(told).toBe(maxAnswerCharacters);
      await under.server.abandoned();
    });

    test('control characters and halves of characters pass as text', async () => {
      const odd = 'a\u0000b\u001b[31m\uD83D and \u{1F600}';
      const pieces: string[] = [];
      under.server.answerWith({ ...text, raw: adapter.toEventStream(adapter.textBody(odd)) });
      const response = await under.model.generate(testRequest(), { signal: never(), onDelta: (delta) => pieces.push(delta.text) });
      expect(response.text).toBe(odd.toWellFormed());
      expect(pieces.join('')).toBe(odd.toWellFormed());
    });

    test('a character that arrives in two halves is told whole', async () => {
      const pieces: string[] = [];
      under.server.answerWith({ ...text, raw: adapter.toEventStream(adapter.textBody('a\u{1F600}b')) });
      await under.model.generate(testRequest(), { signal: never(), onDelta: (delta) => pieces.push(delta.text) });
      expect(pieces.length).toBeGreaterThan(1);
      expect(pieces.every((piece) => piece.isWellFormed())).toBe(true);
      expect(pieces.join('')).toBe('a\u{1F600}b');
    });

    test('bytes that are no UTF-8 do not end the answer', async () => {
      under.server.answerWith({ ...text, bytes: Buffer.from(events.replace('There are', 'There\u00FFare'), 'latin1') });
      expect((await under.model.generate(testRequest(), { signal: never() })).text).toBe('There\uFFFDare 47 tickets.');
    });

    test('of 200 calls in one answer 64 are kept, and it counts as cut', async () => {
      const response = await ask({ ...text, raw: adapter.toEventStream(adapter.callsBody(Array.from({ length: 200 }, () => '{"query":"select 1"}'))) });
      expect(response.toolCalls).toHaveLength(64);
      expect(response.finishReason).toBe('max_tokens');
      expect(response.toolCalls.at(-1)?.arguments).toEqual({ query: 'select 1' });
    });

    test('arguments of more than 1 MB are unreadable, with their start kept', async () => {
      const response = await ask({ ...text, raw: adapter.toEventStream(adapter.callsBody([JSON.stringify({ query: 'x'.repeat(1_100_000) }), '{"query":"select 1"}'])) });
      expect(response.toolCalls.map((call) => call.arguments)).toEqual([undefined, { query: 'select 1' }]);
      expect(response.toolCalls[0]?.rawArguments.slice(0, 12)).toBe('{"query":"xx');
      expect(response.toolCalls[0]?.rawArguments.length).toBeLessThan(20_000);
    });

    test('an error answer without end is not read to its end', async () => {
      const error = await failureOf(ask({ status: 500, raw: 'x'.repeat(20_000_000), headers: { 'content-type': 'text/plain' } }));
      expect(error.code).toBe('LLM_UNAVAILABLE');
      expect(error.message.length).toBeLessThan(1_000);
    });
  });
}
