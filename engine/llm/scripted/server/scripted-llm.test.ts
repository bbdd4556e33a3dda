import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AppError } from '../../../../contracts/errors.ts';
import { fitContext } from '../../../context/index.ts';
import { toLastTurnNote } from '../../../reasoning/prompts.ts';
import { createAnthropicModel } from '../../anthropic/anthropic-model.ts';
import type { GenerateOptions, LanguageModel, ModelMessage, ModelRequest } from '../../language-model.ts';
import { createOpenAiModel } from '../../openai/openai-model.ts';
import { findNotes } from './read-conversation.ts';
import { type ScriptedLlm, startScriptedLlm } from './start-scripted-llm.ts';

let server: ScriptedLlm;
let openai: OpenAI;
let anthropic: Anthropic;
beforeAll(async () => {
  server = await startScriptedLlm({ host: '127.0.0.1', port: 0, key: 'the-key' });
  openai = new OpenAI({ apiKey: 'the-key', baseURL: server.openAiBaseUrl, maxRetries: 0 });
  anthropic = new Anthropic({ apiKey: 'the-key', baseURL: server.anthropicBaseUrl, maxRetries: 0 });
});
afterAll(() => server.close());

type ChatMessage = OpenAI.Chat.ChatCompletionMessageParam;
const chat = (model: string, ...messages: ChatMessage[]) => ({ model, messages: messages.length === 0 ? [{ role: 'user' as const, content: 'Hello there.' }] : messages });
const ask = (model: string, ...messages: Anthropic.MessageParam[]) => ({ model, max_tokens: 1000, messages: messages.length === 0 ? [{ role: 'user' as const, content: 'Hello there.' }] : messages });

describe('with the OpenAI client', () => {
  test('a whole answer has text, thought and usage', async () => {
    const completion = await openai.chat.completions.create(chat('echo'));
    expect(completion).toMatchObject({ model: 'echo', choices: [{ finish_reason: 'stop', message: { role: 'assistant', content: 'You asked: Hello there.', refusal: null, reasoning_content: expect.stringContaining('(scripted)') as string } }] });
    expect(completion.usage?.prompt_tokens).toBeGreaterThan(0);
    expect(completion.usage?.total_tokens).toBe((completion.usage?.prompt_tokens ?? 0) + (completion.usage?.completion_tokens ?? 0));
  });

  test('a streamed answer comes in pieces, is the same, and ends with the usage that was asked for', async () => {
    const whole = await openai.chat.completions.create(chat('echo'));
    const pieces: string[] = [];
    const stream = openai.chat.completions.stream({ ...chat('echo'), stream: true, stream_options: { include_usage: true } });
    stream.on('content', (delta) => pieces.push(delta));
    const streamed = await stream.finalChatCompletion();
    expect(pieces).toEqual(['You ', 'asked: ', 'Hello ', 'there.']);
    expect(streamed.choices[0]?.message.content).toBe(whole.choices[0]?.message.content);
    expect(streamed.usage).toEqual(whole.usage);
    for await (const chunk of await openai.chat.completions.create({ ...chat('echo'), stream: true })) expect(chunk.usage ?? null).toBeNull();
  });

  test('calls have ids, and their results lead on, failures among them', async () => {
    const first = await openai.chat.completions.stream({ ...chat('parallel-tools'), stream: true }).finalChatCompletion();
    const message = first.choices[0]?.message;
    expect(first.choices[0]?.finish_reason).toBe('tool_calls');
    expect(message?.tool_calls).toMatchObject([{ id: 'call_1_both_1', type: 'function', function: { name: 'run_sql' } }, { id: 'call_1_both_2', function: { name: 'send_email' } }]);
    expect(JSON.parse(message?.tool_calls?.[0]?.type === 'function' ? message.tool_calls[0].function.arguments : '')).toMatchObject({ data_source: 'support' });
    const second = await openai.chat.completions.create(chat('parallel-tools', { role: 'user', content: 'Hello there.' }, message as ChatMessage,
      { role: 'tool', tool_call_id: 'call_1_both_1', content: '{"rows":[]}' }, { role: 'tool', tool_call_id: 'call_1_both_2', content: 'Error: TOOL_REFUSED: No. Reason: no' }));
    expect(second.choices[0]?.message.content).toBe('run_sql succeeded, send_email refused.');
  });

  test('a refusal has its own field', async () => {
    const refusal = { content: null, refusal: 'I cannot help with that.' };
    expect((await openai.chat.completions.create(chat('faults/refusal'))).choices[0]).toMatchObject({ finish_reason: 'stop', message: refusal });
    expect((await openai.chat.completions.stream({ ...chat('faults/refusal'), stream: true }).finalChatCompletion()).choices[0]?.message.refusal).toBe(refusal.refusal);
  });

  test('every script is listed', async () => {
    const ids: string[] = [];
    for await (const model of openai.models.list()) ids.push(model.id);
    expect(ids).toEqual(expect.arrayContaining(['support-ticket-analyzer', 'echo', 'faults/html']));
  });

  test.each<[string, () => Promise<unknown>, Record<string, unknown>]>([
    ['an unknown model', () => openai.chat.completions.create(chat('gpt-9')), { status: 404, code: 'model_not_found', type: 'invalid_request_error', message: expect.stringContaining('gpt-9') }],
    ['a wrong key', () => openai.withOptions({ apiKey: 'another' }).chat.completions.create(chat('echo')), { status: 401, code: 'invalid_api_key' }],
    ['a body without messages', () => openai.chat.completions.create({ model: 'echo' } as never), { status: 400, message: expect.stringContaining('messages') }],
    ['a result nobody asked for', () => openai.chat.completions.create(chat('echo', { role: 'user', content: 'x' }, { role: 'tool', tool_call_id: 'stray', content: 'x' })), { status: 400, message: expect.stringContaining('stray') }],
    ['a call without its result', () => openai.chat.completions.create(chat('echo', { role: 'user', content: 'x' }, { role: 'assistant', tool_calls: [{ id: 'lonely', type: 'function', function: { name: 'f', arguments: '{}' } }] }, { role: 'user', content: 'y' })), { status: 400, message: expect.stringContaining('lonely') }],
    ['a path that does not exist', () => openai.embeddings.create({ model: 'echo', input: 'x' }), { status: 404, message: expect.stringContaining('/v1/embeddings') }],
    ['a fault with a delay', () => openai.chat.completions.create(chat('faults/rate-limited-with-delay')), { status: 429, code: 'rate_limit_exceeded', type: 'requests' }],
  ])('%s is an error of the API’s own shape', async (_what, work, shape) => {
    const error = await work().then(() => undefined, (thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OpenAI.APIError);
    expect(error).toMatchObject({ ...shape, requestID: expect.stringMatching(/^scripted_\d+$/) as string });
  });
});

describe('with the Anthropic client', () => {
  test('a whole answer has text, signed thought and usage', async () => {
    const message = await anthropic.messages.create(ask('echo'));
    expect(message).toMatchObject({ type: 'message', role: 'assistant', model: 'echo', stop_reason: 'end_turn', content: [{ type: 'thinking', signature: expect.stringMatching(/.{20}/) as string }, { type: 'text', text: 'You asked: Hello there.' }] });
    expect(message.usage.input_tokens).toBeGreaterThan(0);
  });

  test('a streamed answer comes in pieces and is the same', async () => {
    const whole = await anthropic.messages.create(ask('echo'));
    const [pieces, thoughts]: [string[], string[]] = [[], []];
    const stream = anthropic.messages.stream(ask('echo'));
    stream.on('text', (delta) => pieces.push(delta)).on('thinking', (delta) => thoughts.push(delta));
    const streamed = await stream.finalMessage();
    expect(pieces).toEqual(['You ', 'asked: ', 'Hello ', 'there.']);
    expect(thoughts.length).toBeGreaterThan(1);
    expect(streamed.content).toMatchObject(whole.content);
    expect(streamed.usage.output_tokens).toBe(whole.usage.output_tokens);
  });

  test('calls have ids, thought goes back with them, and their results lead on', async () => {
    const first = await anthropic.messages.stream(ask('thinking')).finalMessage();
    expect(first).toMatchObject({ stop_reason: 'tool_use', content: [{ type: 'thinking' }, { type: 'tool_use', id: 'call_1_query', name: 'run_sql', input: { data_source: 'support' } }] });
    const content = first.content as Anthropic.ContentBlockParam[];
    const rest: Anthropic.MessageParam = { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_1_query', content: [{ type: 'text', text: '{"rows":[]}' }] }] };
    const second = await anthropic.messages.create(ask('thinking', { role: 'user', content: 'Hello there.' }, { role: 'assistant', content }, rest));
    expect(second.content.at(-1)).toMatchObject({ type: 'text', text: 'I thought twice about “Hello there.”.' });
    const changed = content.map((block) => (block.type === 'thinking' ? { ...block, thinking: 'Something else.' } : block));
    await expect(anthropic.messages.create(ask('thinking', { role: 'user', content: 'Hello there.' }, { role: 'assistant', content: changed }, rest))).rejects.toMatchObject({ status: 400, message: expect.stringContaining('signature') as string });
  });

  test('a refusal and a cut answer are stop reasons', async () => {
    expect((await anthropic.messages.create(ask('faults/refusal'))).stop_reason).toBe('refusal');
    expect((await anthropic.messages.stream(ask('faults/cut-at-limit')).finalMessage()).stop_reason).toBe('max_tokens');
  });

  test('every script is listed', async () => {
    const ids: string[] = [];
    for await (const model of anthropic.models.list()) ids.push(model.id);
    expect(ids).toEqual(expect.arrayContaining(['support-ticket-analyzer', 'echo', 'faults/html']));
  });

  test.each<[string, () => Promise<unknown>, number, string]>([
    ['an unknown model', () => anthropic.messages.create(ask('claude-9')), 404, 'not_found_error'],
    ['a wrong key', () => anthropic.withOptions({ apiKey: 'another' }).messages.create(ask('echo')), 401, 'authentication_error'],
    ['a body without max_tokens', () => anthropic.messages.create({ model: 'echo', messages: [{ role: 'user', content: 'x' }] } as never), 400, 'invalid_request_error'],
    ['an overloaded server', () => anthropic.messages.create(ask('faults/overloaded-then-fine')), 529, 'overloaded_error'],
  ])('%s is an error of the API’s own shape', async (_what, work, status, type) => {
    const error = await work().then(() => undefined, (thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Anthropic.APIError);
    expect(error).toMatchObject({ status, type, requestID: expect.stringMatching(/^scripted_\d+$/) as string, error: { type: 'error' } });
  });
});

describe.each<[string, (timeouts?: { firstTokenMs: number; betweenBytesMs: number }) => LanguageModel]>([
  ['OpenAI', (timeouts) => createOpenAiModel({ apiKey: 'the-key', baseUrl: server.openAiBaseUrl, timeouts })],
  ['Anthropic', (timeouts) => createAnthropicModel({ apiKey: 'the-key', baseUrl: server.anthropicBaseUrl, timeouts })],
])('with Maestro’s own %s adapter', (api, create) => {
  const generate = (model: string, goal: string, { timeouts, ...options }: Partial<GenerateOptions> & { timeouts?: { firstTokenMs: number; betweenBytesMs: number } } = {}, more: Partial<ModelRequest> = {}) =>
    create(timeouts).generate({ model, system: 'You are scripted.', messages: [{ role: 'user', content: goal }], tools: [], ...more }, { signal: new AbortController().signal, ...options });
  const failureOf = (work: Promise<unknown>): Promise<AppError> => work.then(() => Promise.reject(new Error('it did not fail')), (error: unknown) => error as AppError);

  test('a script leads a whole conversation, thought and all', async () => {
    const messages: ModelMessage[] = [{ role: 'user', content: 'Think.' }];
    const first = await generate('thinking', '', {}, { messages });
    expect(first).toMatchObject({ finishReason: 'tool_calls', thought: expect.stringContaining('I need the rows first.') as string, toolCalls: [{ id: 'call_1_query' }] });
    messages.push({ role: 'assistant', content: first.text, toolCalls: first.toolCalls, ...(first.providerState === undefined ? {} : { providerState: first.providerState }) }, { role: 'tool', toolCallId: 'call_1_query', content: 'TOOL_FAILED: no', isError: true });
    expect(await generate('thinking', '', {}, { messages })).toMatchObject({ finishReason: 'stop', thought: expect.stringContaining('The query failed.') as string, text: 'I thought twice about “Think.”.' });
  });

  test.each<[string, string, Record<string, unknown>]>([
    ['faults/overloaded-then-fine', 'LLM_UNAVAILABLE', { status: 529 }],
    ['faults/rate-limited-with-delay', 'LLM_RATE_LIMITED', { retry_after_ms: 1000 }],
    ['faults/context-too-long', 'LLM_CONTEXT_TOO_LONG', { status: 400 }],
    ['faults/cut-then-fine', 'LLM_UNAVAILABLE', {}],
    ['faults/malformed-then-fine', 'LLM_RESPONSE_INVALID', {}],
    ['faults/html', 'LLM_REQUEST_INVALID', {}],
  ])('%s is the same %s as in-process', async (script, code, details) => {
    const error = await failureOf(generate(script, `${api} and ${script}`));
    expect(error).toMatchObject({ code });
    expect(error.details ?? {}).toMatchObject(details);
  });

  test.each(['faults/hangs', 'faults/stalls'])('%s ends by the adapter’s own patience', async (script) => {
    expect(await failureOf(generate(script, `${api} waits`, { timeouts: { firstTokenMs: 60, betweenBytesMs: 60 } }))).toMatchObject({ code: 'LLM_UNAVAILABLE' });
  });

  test('a cut answer was heard in part, and the next attempt is whole', async () => {
    const goal = `${api} is heard in part`;
    let heard = '';
    await failureOf(generate('faults/cut-then-fine', goal, { onDelta: ({ text }) => (heard += text) }));
    expect(heard).toMatch(/^After some/);
    expect((await generate('faults/cut-then-fine', goal)).text).toBe(`After some trouble I answer “${goal}”.`);
  });

  test('what was asked for by mistake arrives as it was sent, within bounds', async () => {
    expect((await generate('faults/many-calls', 'Go.')).toolCalls.length).toBe(64);
    expect((await generate('faults/duplicate-call-ids', 'Go.')).toolCalls.map(({ id }) => id)).toEqual(['call_1_twins_1', 'call_1_twins_1']);
    expect((await generate('faults/control-characters', 'Go.')).toolCalls[0]?.name).toBe('nul\u0000bell\u0007tool');
    expect(await generate('faults/huge-text', 'Go.')).toMatchObject({ finishReason: 'max_tokens' });
  });

  test('giving up in the middle of an answer ends it at once with the reason given', async () => {
    const controller = new AbortController();
    const reason = new Error('cancelled');
    await expect(generate('long-speech', 'Go.', { signal: controller.signal, onDelta: () => controller.abort(reason) })).rejects.toBe(reason);
  });
});

test('notes that are Maestro’s own are told from what people say', () => {
  const turn = (n: number): ModelMessage[] => [{ role: 'assistant', content: 'x'.repeat(400), toolCalls: [] }, { role: 'user', content: `${n}` }];
  const { messages, droppedTurns } = fitContext({ system: '', tools: [], messages: [{ role: 'user', content: 'Goal' }, ...[1, 2, 3, 4, 5, 6].flatMap(turn)], budgetTokens: 300 });
  expect(droppedTurns).toBeGreaterThan(0);
  expect(findNotes(messages)).toEqual({ isShortened: true, mustAnswer: false });
  expect(findNotes([{ role: 'user', content: 'Goal' }, ...turn(1), { role: 'user', content: toLastTurnNote({ output_schema: null }) }])).toEqual({ isShortened: false, mustAnswer: true });
});

test('it is served on this machine only', async () => {
  await expect(startScriptedLlm({ host: '0.0.0.0' as never, port: 0 })).rejects.toThrow('this machine only');
});

test('without a key of its own, the server looks at none', async () => {
  const open = await startScriptedLlm({ host: '127.0.0.1', port: 0 });
  expect((await fetch(`${open.openAiBaseUrl}/models`)).status).toBe(200);
  await open.close();
});
