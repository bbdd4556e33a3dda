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

  test('an answer that comes late, while the next leader still asks, is kept; the next leader’s own no longer', async () => {
    await cache().take(question('late'));
    await sql`update llm_answers set lease_until = clock_timestamp() where key = ${key}`.execute(database.db);
    await cache().take(question('next'));
    await keep('late', { text: 'of the late one' });
    await keep('next', { text: 'of the next' });
    expect(await cache().take(question('c'))).toMatchObject({ answer: { text: 'of the late one' } });
  });

  test('who waits is told no longer than the lead lasts', async () => {
    await cache().take({ ...question('a'), leaseMs: 60_000 });
    expect(await cache().take(question('b'))).toEqual({ waitMs: 1_500 });
    await sql`update llm_answers set lease_until = clock_timestamp() + interval '700 milliseconds' where key = ${key}`.execute(database.db);
    const taken = await cache().take(question('b'));
    expect('lead' in taken || ('waitMs' in taken && taken.waitMs <= 700)).toBe(true);
  });

  test('each of leading, waiting and being answered is one statement', async () => {
    let statements = 0;
    const counting = createAnswerCache({ db: database.db.withPlugin({
      transformQuery({ node }) {
        statements += 1;
        return node;
      },
      transformResult: async ({ result }) => result,
    }) });
    await counting.take(question('a'));
    await counting.take(question('b'));
    await keep('a');
    expect(await counting.take(question('b'))).toMatchObject({ answer: { text: 'four' } });
    expect(statements).toBe(3);
  });

  test('an answer is no older than the agent who asks allows', async () => {
    await cache().take(question('a'));
    await cache().keep({ key, leader: 'a', answer, costMicroUsd: null, ttlSeconds: 3_600 });
    await sql`update llm_answers set created_at = created_at - interval '2 minutes' where key = ${key}`.execute(database.db);
    expect(await cache().take({ ...question('b'), ttlSeconds: 3_600 })).toMatchObject({ answer: { text: 'four' }, costMicroUsd: null });
    expect(await cache().take({ ...question('b'), ttlSeconds: 60 })).toEqual({ lead: true });
  });

  test('an answer from before its connection was changed is not used: it may be another server’s', async () => {
    const connectionId = crypto.randomUUID();
    const ask = () => cache().take({ ...question('a'), connectionId });
    await database.db.insertInto('llm_connections').values({ id: connectionId, name: connectionId, api: 'openai', base_url: null, api_key_sealed: null, api_key_hint: null, limits: '{}', created_by: null, updated_by: null, updated_at: new Date(0) }).execute();
    await ask();
    await keep('a');
    expect(await ask()).toMatchObject({ answer: { text: 'four' } });
    await sql`update llm_connections set base_url = 'http://127.0.0.1:1', updated_at = clock_timestamp() where id = ${connectionId}::uuid`.execute(database.db);
    expect(await ask()).toEqual({ lead: true });
  });

  test('what is too old, and questions of leaders long gone, are taken away as others are kept', async () => {
    const old = [key, crypto.randomUUID()];
    await cache().take(question('a'));
    await keep('a');
    await cache().take({ ...question('gone'), key: old[1] as string });
    await sql`update llm_answers set expires_at = clock_timestamp() - interval '2 minutes' where key in (${sql.join(old)})`.execute(database.db);
    key = crypto.randomUUID();
    await cache().take(question('b'));
    await keep('b');
    expect(await database.db.selectFrom('llm_answers').select('key').where('key', 'in', [...old, key]).execute()).toEqual([{ key }]);
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
    ['another parameter', { parameters: { seed: 1, top_p: 0.5 } }], ['a tool’s description', { tools: [{ name: 't', description: 'other', parameters: { type: 'object' } }] }],
    ['what was left out', { isShortened: true }], ['no temperature', { temperature: undefined }],
    ['the token limit', { maxOutputTokens: 5 }], ['the last turn', { mustAnswer: true }], ['the schema', { outputSchema: { type: 'object' } }], ['the conversation', { messages: [{ role: 'user', content: 'stop' }] }],
  ])('differs with %s', (_what, changed) => {
    expect(keyOf(changed)).not.toBe(keyOf());
  });

  test.each<[string, (messages: ModelRequest['messages']) => unknown]>([
    ['a result', (messages) => Object.assign(messages[2] as object, { content: 'failed' })],
    ['a result that is an error', (messages) => Object.assign(messages[2] as object, { isError: true })],
    ['what was said beside a call', (messages) => Object.assign(messages[1] as object, { content: 'well' })],
    ['arguments', (messages) => Object.assign(messages[1] as object, { toolCalls: [{ id: 'call_1', name: 't', arguments: { a: 2 }, rawArguments: '{"a":2}' }] })],
    ['kept thinking', (messages) => Object.assign(messages[1] as object, { providerState: { blocks: [{ type: 'thinking', signature: 'x' }] } })],
  ])('differs with %s', (_what, change) => {
    const { messages } = request('call_1');
    change(messages);
    expect(keyOf({ messages })).not.toBe(keyOf());
  });

  test('tells which of two results belongs to which call', () => {
    const messages = (first: string, second: string): ModelRequest['messages'] => [
      { role: 'assistant', content: '', toolCalls: ['a', 'b'].map((id) => ({ id, name: 't', arguments: {}, rawArguments: '{}' })) },
      { role: 'tool', toolCallId: first, content: 'one', isError: false },
      { role: 'tool', toolCallId: second, content: 'two', isError: false },
    ];
    expect(keyOf({ messages: messages('a', 'b') })).not.toBe(keyOf({ messages: messages('b', 'a') }));
  });

  test('is made of any text, halves of characters and NUL among it', () => {
    expect(keyOf({ system: 'half \ud83d and \u0000' })).toMatch(/^[0-9a-f]{64}$/);
  });

  test('differs with the connection', () => {
    expect(keyOf({}, 'other')).not.toBe(keyOf());
  });
});
