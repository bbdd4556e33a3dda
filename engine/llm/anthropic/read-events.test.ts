import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createAnswerSink } from '../answer-sink.ts';
import type { ModelDelta, ModelResponse } from '../language-model.ts';
import { readEvents } from './read-events.ts';
import { toModelResponse } from './to-model-response.ts';

async function read(events: readonly unknown[]): Promise<{ response: ModelResponse; deltas: ModelDelta[]; isWhole: boolean }> {
  const deltas: ModelDelta[] = [];
  const sink = createAnswerSink((delta) => deltas.push(delta), () => undefined);
  const { body, isWhole } = await readEvents((async function* () { yield* events; })(), sink);
  const response = toModelResponse(body, 'model-under-test');
  sink.finish(response);
  return { response, deltas, isWhole };
}

const told = (deltas: readonly ModelDelta[], channel: ModelDelta['channel']): string => deltas.filter((delta) => delta.channel === channel).map(({ text }) => text).join('');
const start = { type: 'message_start', message: { model: 'm', content: [], usage: { input_tokens: 10, cache_read_input_tokens: 4, output_tokens: 1 } } };
const block = (index: number, contentBlock: object, ...deltas: object[]): unknown[] => [
  { type: 'content_block_start', index, content_block: contentBlock },
  ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
  { type: 'content_block_stop', index },
];
const end = (stopReason = 'end_turn', usage: object = { output_tokens: 7 }): unknown[] => [{ type: 'message_delta', delta: { stop_reason: stopReason, stop_sequence: null }, usage }, { type: 'message_stop' }];
const json = (text: string): object => ({ type: 'input_json_delta', partial_json: text });
const toolUse = { type: 'tool_use', id: 'toolu_1', name: 'run_sql', input: {} };

describe('streams of messages', () => {
  test('recorded: thinking with its signature, redacted thinking, text and calls', async () => {
    const events = readFileSync(new URL('__fixtures__/stream-thinking-calls.sse', import.meta.url), 'utf8').split('\n').filter((line) => line.startsWith('data: ')).map((line) => JSON.parse(line.slice(6)) as unknown);
    const { response, deltas, isWhole } = await read(events);
    expect(isWhole).toBe(true);
    expect(response).toMatchObject({
      model: 'claude-sonnet-5-5', thought: 'I need the rows first.', text: 'Let me look.', finishReason: 'tool_calls',
      toolCalls: [{ id: 'toolu_01T1x1fJ', name: 'run_sql', arguments: { query: 'select 1' } }, { id: 'toolu_01W2a', name: 'list_tables', arguments: {} }],
      usage: { inputTokens: 2460, outputTokens: 89, cachedInputTokens: 2048, cacheWriteTokens: 0, reasoningTokens: 21 },
      providerState: { blocks: [
        { type: 'thinking', thinking: 'I need the rows first.', signature: 'EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrkzLoky3dl1pk' },
        { type: 'redacted_thinking', data: 'EmwKAhgBEgy3va3pzix' },
        { type: 'text' }, { type: 'tool_use' }, { type: 'tool_use' },
      ] },
    });
    expect(told(deltas, 'thought')).toBe('I need the rows first.');
    expect(told(deltas, 'text')).toBe('Let me look.');
  });

  test('counts of later events replace earlier ones, and what they leave out stays', async () => {
    const { response } = await read([start, ...block(0, { type: 'text', text: '' }, { type: 'text_delta', text: 'Hi.' }), ...end('end_turn', { output_tokens: 7, cache_read_input_tokens: null })]);
    expect(response.usage).toMatchObject({ inputTokens: 14, cachedInputTokens: 4, outputTokens: 7 });
    expect(response.rawUsage).toEqual({ input_tokens: 10, cache_read_input_tokens: 4, output_tokens: 7 });
  });

  test.each<[string, string[], string, unknown, string]>([
    ['cut by the token limit within its JSON', ['{"query":"sel'], 'max_tokens', undefined, '{"query":"sel'],
    ['cut before its JSON began', [''], 'max_tokens', undefined, '{}'],
    ['whole when the limit came', ['{"query":', '"select 1"}'], 'max_tokens', { query: 'select 1' }, '{"query":"select 1"}'],
    ['that is no JSON though it ended', ['{"query":'], 'tool_use', undefined, '{"query":'],
    ['without arguments', [''], 'tool_use', {}, '{}'],
  ])('a call %s', async (_what, pieces, stopReason, expected, raw) => {
    const { response } = await read([start, ...block(0, toolUse, ...pieces.map(json)), ...end(stopReason)]);
    expect(response.toolCalls).toEqual([{ id: 'toolu_1', name: 'run_sql', arguments: expected, rawArguments: raw }]);
  });

  test('a server that sends the whole input when a call begins', async () => {
    const { response } = await read([start, ...block(0, { ...toolUse, input: { query: 'select 1' } }), ...end('tool_use')]);
    expect(response.toolCalls[0]?.arguments).toEqual({ query: 'select 1' });
  });

  test('thoughts in separate blocks are separate paragraphs, told as they are kept', async () => {
    const thinking = (text: string): [object, object, object] => [{ type: 'thinking', thinking: '', signature: '' }, { type: 'thinking_delta', thinking: text }, { type: 'signature_delta', signature: 's' }];
    const { response, deltas } = await read([start, ...block(0, ...thinking('First.')), ...block(1, ...thinking('Then.')), ...block(2, { type: 'text', text: '' }, { type: 'text_delta', text: 'So.' }), ...end()]);
    expect(response.thought).toBe('First.\n\nThen.');
    expect(told(deltas, 'thought')).toBe(response.thought);
  });

  test('kinds of events, deltas and blocks that are not known are passed over', async () => {
    const { response } = await read([start, { type: 'tomorrow', index: 'x' }, ...block(0, { type: 'server_thing', x: 1 }), ...block(1, { type: 'text', text: '' }, { type: 'new_delta' }, { type: 'text_delta', text: 'Hi.' }), ...end()]);
    expect(response.text).toBe('Hi.');
  });

  test('without message_stop the stream is unfinished', async () => {
    expect((await read([start, ...block(0, { type: 'text', text: '' }, { type: 'text_delta', text: 'Hi.' }), ...end().slice(0, 1)])).isWhole).toBe(false);
  });

  test('an event of another shape is LLM_RESPONSE_INVALID', async () => {
    await expect(read([start, { type: 'content_block_delta', index: 'first', delta: {} }])).rejects.toMatchObject({ code: 'LLM_RESPONSE_INVALID' });
  });

  test('a refusal in the middle keeps what was said before it', async () => {
    const { response } = await read([start, ...block(0, { type: 'text', text: '' }, { type: 'text_delta', text: 'First, ' }), ...end('refusal')]);
    expect(response).toMatchObject({ finishReason: 'refusal', text: 'First, ' });
  });
});
