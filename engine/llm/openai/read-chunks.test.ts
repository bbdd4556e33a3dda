import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createAnswerSink } from '../answer-sink.ts';
import type { ModelDelta, ModelResponse } from '../language-model.ts';
import { readChunks } from './read-chunks.ts';
import { toModelResponse } from './to-model-response.ts';

async function read(chunks: readonly unknown[]): Promise<{ response: ModelResponse; deltas: ModelDelta[]; isWhole: boolean }> {
  const deltas: ModelDelta[] = [];
  const sink = createAnswerSink((delta) => deltas.push(delta), () => undefined);
  const { completion, isWhole } = await readChunks((async function* () { yield* chunks; })(), sink);
  const response = toModelResponse(completion, 'model-under-test');
  sink.finish(response);
  return { response, deltas, isWhole };
}

/** One event for each delta, and one for the end. */
const chunksOf = (deltas: readonly unknown[], finishReason: string | null = 'tool_calls'): unknown[] => [
  ...deltas.map((delta) => ({ choices: [{ index: 0, delta, finish_reason: null }] })),
  { choices: [{ index: 0, delta: {}, finish_reason: finishReason }] },
];
const callsOf = async (deltas: readonly unknown[]) => (await read(chunksOf(deltas))).response.toolCalls.map(({ id, name, arguments: given }) => [id, name, given]);
const piece = (call: object): object => ({ tool_calls: [call] });

const recorded = (name: string): unknown[] =>
  readFileSync(new URL(`__fixtures__/${name}`, import.meta.url), 'utf8').split('\n').filter((line) => line.startsWith('data: {')).map((line) => JSON.parse(line.slice(6)) as unknown);

describe('recorded streams', () => {
  test('parallel calls with text beside them, usage in an event of its own', async () => {
    const { response, deltas } = await read(recorded('stream-parallel-calls.sse'));
    expect(response).toMatchObject({
      model: 'gpt-5.4-mini-2026-03-17', text: 'Both at once.', finishReason: 'tool_calls',
      toolCalls: [{ id: 'call_9dXwEfgIhK1', name: 'run_sql', arguments: { query: 'select count(*) from tickets' } }, { id: 'call_QmB2zTn7uYc', name: 'recall', arguments: { about: 'tickets' } }],
      usage: { inputTokens: 412, outputTokens: 58, cachedInputTokens: 256, reasoningTokens: 0 },
    });
    expect(deltas.map(({ text }) => text)).toEqual(['Both', ' at', ' once.']);
  });

  test('a local server: reasoning first, a call in one piece, no usage details', async () => {
    const { response } = await read(recorded('stream-local-reasoning.sse'));
    expect(response).toMatchObject({
      thought: 'The user wants a count.', text: '', finishReason: 'tool_calls',
      toolCalls: [{ id: 'hJ2mQ9', name: 'run_sql', arguments: { query: 'select 1' } }],
      usage: { inputTokens: 180, outputTokens: 42, cachedInputTokens: undefined },
      providerState: { reasoning_content: 'The user wants a count.' },
    });
  });
});

describe('pieces of calls', () => {
  test.each<[string, unknown[], unknown[]]>([
    ['interleaved by index', [piece({ index: 0, id: 'a', function: { name: 'f', arguments: '{"x":' } }), piece({ index: 1, id: 'b', function: { name: 'g', arguments: '{' } }), piece({ index: 0, function: { arguments: '1}' } }), piece({ index: 1, function: { arguments: '}' } })], [['a', 'f', { x: 1 }], ['b', 'g', {}]]],
    ['without an index, told apart by id', [piece({ id: 'a', function: { name: 'f', arguments: '{"x"' } }), piece({ id: 'a', function: { arguments: ':1}' } }), piece({ id: 'b', function: { name: 'g', arguments: '{}' } })], [['a', 'f', { x: 1 }], ['b', 'g', {}]]],
    ['without an index or an id after the first', [piece({ id: 'a', function: { name: 'f', arguments: '{"x"' } }), piece({ function: { arguments: ':1}' } })], [['a', 'f', { x: 1 }]]],
    ['without index and id, each begun by a name', [piece({ function: { name: 'f', arguments: '{"x":1}' } }), piece({ function: { name: 'g', arguments: '{}' } })], [['', 'f', { x: 1 }], ['', 'g', {}]]],
    ['several whole in one event, without index', [{ tool_calls: [{ id: 'a', function: { name: 'f', arguments: '{"x":1}' } }, { id: 'b', function: { name: 'f', arguments: '{"x":2}' } }] }], [['a', 'f', { x: 1 }], ['b', 'f', { x: 2 }]]],
    ['all with index 0 but ids of their own', [piece({ index: 0, id: 'a', function: { name: 'f', arguments: '{"x":1}' } }), piece({ index: 0, id: 'b', function: { name: 'g', arguments: '{"y"' } }), piece({ index: 0, function: { arguments: ':2}' } })], [['a', 'f', { x: 1 }], ['b', 'g', { y: 2 }]]],
    ['whose id comes late', [piece({ index: 0, function: { name: 'f', arguments: '{' } }), piece({ index: 0, id: 'a', function: { arguments: '}' } })], [['a', 'f', {}]]],
    ['whose id comes late, without an index', [piece({ function: { name: 'f' } }), piece({ id: 'a', function: { arguments: '{}' } })], [['a', 'f', {}]]],
    ['that repeat id and name', [piece({ index: 0, id: 'a', function: { name: 'f', arguments: '{"x"' } }), piece({ index: 0, id: 'a', function: { name: 'f', arguments: ':1}' } })], [['a', 'f', { x: 1 }]]],
    ['with arguments as an object', [piece({ index: 0, id: 'a', function: { name: 'f', arguments: { x: 1 } } })], [['a', 'f', { x: 1 }]]],
    ['with null arguments', [piece({ index: 0, id: 'a', function: { name: 'f', arguments: null } })], [['a', 'f', {}]]],
    ['in the form before tools', [{ function_call: { name: 'f', arguments: '{"x"' } }, { function_call: { arguments: ':1}' } }], [['', 'f', { x: 1 }]]],
    ['that begin with an index other than 0', [piece({ index: 1, id: 'a', function: { name: 'f', arguments: '{}' } })], [['a', 'f', {}]]],
  ])('%s make the calls that were meant', async (_how, deltas, expected) => {
    expect(await callsOf(deltas)).toEqual(expected);
  });

  test('cut arguments stay as they came', async () => {
    const { response } = await read(chunksOf([piece({ index: 0, id: 'a', function: { name: 'f', arguments: '{"x":' } })], 'length'));
    expect(response).toMatchObject({ finishReason: 'max_tokens', toolCalls: [{ arguments: undefined, rawArguments: '{"x":' }] });
  });
});

describe('quirks', () => {
  test('a role with every delta, null content and unknown fields do no harm', async () => {
    expect((await read(chunksOf([{ role: 'assistant', content: null, audio: null }, { role: 'assistant', content: 'Hel', x: 1 }, { role: 'assistant', content: 'lo.' }], 'stop'))).response.text).toBe('Hello.');
  });

  test('content in parts', async () => {
    expect((await read(chunksOf([{ content: [{ type: 'text', text: 'Hel' }] }, { content: [{ type: 'text', text: 'lo.' }] }], 'stop'))).response.text).toBe('Hello.');
  });

  test('a reason to finish that never comes leaves the stream unfinished, but what was said stands', async () => {
    const { response, isWhole } = await read(chunksOf([{ content: 'Hello.' }], null));
    expect(isWhole).toBe(false);
    expect(response).toMatchObject({ text: 'Hello.', finishReason: 'stop' });
  });

  test('of several choices the first that speaks counts', async () => {
    const { response } = await read([
      { choices: [{ index: 1, delta: { content: 'one' } }, { index: 0, delta: { content: 'zero' } }] },
      { choices: [{ index: 0, delta: {}, finish_reason: 'length' }] },
      { choices: [{ index: 1, delta: {}, finish_reason: 'stop' }] },
    ]);
    expect(response).toMatchObject({ text: 'one', finishReason: 'stop' });
  });

  test('usage with the last choice, or with every event: the last counts', async () => {
    const { response } = await read([
      { choices: [{ index: 0, delta: { content: 'Hi' } }], usage: { prompt_tokens: 5, completion_tokens: 1 } },
      { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage: { prompt_tokens: 5, completion_tokens: 2 } },
      { choices: null, usage: null },
    ]);
    expect(response.usage).toMatchObject({ inputTokens: 5, outputTokens: 2 });
  });

  test('a whole message in one event', async () => {
    expect((await read([{ choices: [{ index: 0, message: { role: 'assistant', content: 'Hello.' }, finish_reason: 'stop' }] }])).response.text).toBe('Hello.');
  });

  test('the same reasoning in two fields is told once', async () => {
    const { response, deltas } = await read(chunksOf([{ reasoning_content: 'Hm', reasoning: 'Hm' }, { reasoning_content: '.', reasoning: '.' }, { content: 'Yes.' }], 'stop'));
    expect(response.thought).toBe('Hm.');
    expect(deltas.filter(({ channel }) => channel === 'thought').map(({ text }) => text)).toEqual(['Hm', '.']);
  });

  test('reasoning details are put together as a whole answer would carry them', async () => {
    const { response } = await read(chunksOf([
      { reasoning_details: [{ type: 'reasoning.text', index: 0, text: 'Rows ', signature: null }] },
      { reasoning_details: [{ type: 'reasoning.text', index: 0, text: 'first.' }] },
      { reasoning_details: [{ type: 'reasoning.text', index: 0, signature: 'c2ln' }] },
      { reasoning_details: [{ type: 'reasoning.encrypted', index: 1, data: 'ZW5j' }] },
      piece({ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }),
    ]));
    expect(response.thought).toBe('Rows first.');
    expect(response.providerState).toEqual({
      reasoning_details: [{ type: 'reasoning.text', index: 0, text: 'Rows first.', signature: 'c2ln' }, { type: 'reasoning.encrypted', index: 1, data: 'ZW5j' }],
    });
  });

  test('events without a single choice are no answer', async () => {
    await expect(read([{ choices: [], usage: { prompt_tokens: 5 } }])).rejects.toMatchObject({ code: 'LLM_RESPONSE_INVALID' });
  });

  test.each([['a number', 7], ['choices that are none', { choices: 'many' }]])('an event that is %s is LLM_RESPONSE_INVALID', async (_what, data) => {
    await expect(read([data])).rejects.toMatchObject({ code: 'LLM_RESPONSE_INVALID' });
  });
});
