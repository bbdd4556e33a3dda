import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.ts';
import type { ModelRequest, ModelResponse } from '../language-model.ts';
import { createAnswerCache } from './index.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.close());

const agentId = crypto.randomUUID();
let key: string;
beforeEach(() => {
  key = crypto.randomUUID();
});
const cache = () => createAnswerCache({ db: database.db });
const answer: ModelResponse = {
  model: 'm', text: 'four', thought: undefined, toolCalls: [], finishReason: 'stop', rawUsage: null,
  usage: { inputTokens: 1, outputTokens: 1, cachedInputTokens: undefined, cacheWriteTokens: undefined, reasoningTokens: undefined },
};
const question = (leader: string) => ({ key, agentId, connectionId: 'openai', model: 'm', ttlSeconds: 60, leader, leaseMs: 60_000 });
const keep = (leader: string, more: Partial<ModelResponse> = {}) => cache().keep({ key, leader, answer: { ...answer, ...more }, costMicroUsd: 700, ttlSeconds: 60 });

describe('the answer cache', () => {
  test('of many who ask the same at once one leads; the others get its answer and what it cost', async () => {
    const taken = await Promise.all(Array.from({ length: 8 }, (_, index) => cache().take(question(`run ${index}`))));
    const leader = taken.findIndex((one) => 'lead' in one);
    expect(taken.filter((one) => 'lead' in one)).toHaveLength(1);
    expect(taken.filter((one) => 'waitMs' in one)).toHaveLength(7);
    await keep(`run ${leader}`);
    expect(await cache().take(question('another'))).toMatchObject({ answer: { text: 'four' }, costMicroUsd: 700 });
    await cache().take(question('one more'));
    expect((await cache().figures()).by_agent.find((agent) => agent.agent_id === agentId)).toMatchObject({ entries: 1, hits: 2, saved_micro_usd: 1_400 });
  });

  test('whoever leads and asks again still leads', async () => {
    expect(await cache().take(question('a'))).toEqual({ lead: true });
    expect(await cache().take(question('a'))).toEqual({ lead: true });
  });

  test('a leader that is gone loses the lead after its lease, and its late answer replaces nothing', async () => {
    await cache().take(question('gone'));
    await sql`update llm_answers set lease_until = clock_timestamp() where key = ${key}`.execute(database.db);
    expect(await cache().take(question('next'))).toEqual({ lead: true });
    await keep('next', { text: 'of the next' });
    await keep('gone', { text: 'of the one gone' });
    expect(await cache().take(question('c'))).toMatchObject({ answer: { text: 'of the next' } });
  });

  test('an abandoned question is somebody else’s at once', async () => {
    await cache().take(question('a'));
    await cache().abandon({ key, leader: 'a' });
    expect(await cache().take(question('b'))).toEqual({ lead: true });
  });

  test('an answer that is too old is asked for anew', async () => {
    await cache().take(question('a'));
    await keep('a');
    await sql`update llm_answers set expires_at = clock_timestamp() where key = ${key}`.execute(database.db);
    expect(await cache().take(question('b'))).toEqual({ lead: true });
  });

  test.each<[string, Partial<ModelResponse>]>([['was cut', { finishReason: 'max_tokens' }], ['is a refusal', { finishReason: 'refusal' }], ['is too large', { text: 'x'.repeat(1_100_000) }]])('an answer that %s is not kept', async (_what, more) => {
    await cache().take(question('a'));
    await keep('a', more);
    expect(await cache().take(question('b'))).toEqual({ lead: true });
  });

  test('purging forgets one agent’s answers, and not a question under way', async () => {
    await cache().take(question('a'));
    await keep('a');
    const kept = key;
    key = crypto.randomUUID();
    await cache().take(question('under way'));
    expect(await cache().purge({ agentId: crypto.randomUUID() })).toBe(0);
    expect(await cache().purge({ agentId })).toBeGreaterThan(0);
    expect(await cache().take(question('b'))).toMatchObject({ waitMs: expect.any(Number) });
    key = kept;
    expect(await cache().take(question('b'))).toEqual({ lead: true });
  });
});

describe('the key of a request', () => {
  const request = (id: string): ModelRequest => ({
    model: 'm', system: 's', tools: [{ name: 't', description: 'd', parameters: { type: 'object' } }], temperature: 0.5, parameters: { seed: 1 },
    messages: [
      { role: 'user', content: 'go' },
      { role: 'assistant', content: '', toolCalls: [{ id, name: 't', arguments: { a: 1 }, rawArguments: '{"a":1}' }], providerState: { blocks: [{ type: 'tool_use', id }] } },
      { role: 'tool', toolCallId: id, content: 'ok', isError: false },
    ],
  });
  const keyOf = (changed: Partial<ModelRequest> = {}, connection = 'openai', id = 'call_1'): string => cache().keyOf(connection, { ...request(id), ...changed });

  test('is the same whatever ids the provider gave to calls', () => {
    expect(keyOf({}, 'openai', 'toolu_9')).toBe(keyOf());
  });

  test.each<[string, Partial<ModelRequest>]>([
    ['model', { model: 'n' }], ['system', { system: 'z' }], ['tools', { tools: [] }], ['temperature', { temperature: 0.6 }], ['a parameter', { parameters: { seed: 2 } }],
    ['the token limit', { maxOutputTokens: 5 }], ['the last turn', { mustAnswer: true }], ['the schema', { outputSchema: { type: 'object' } }], ['the conversation', { messages: [{ role: 'user', content: 'stop' }] }],
  ])('differs with %s', (_what, changed) => {
    expect(keyOf(changed)).not.toBe(keyOf());
  });

  test('differs with the connection', () => {
    expect(keyOf({}, 'other')).not.toBe(keyOf());
  });
});
