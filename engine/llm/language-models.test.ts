import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { modelProviderSchema, type ModelTarget } from '../../contracts/agents.ts';
import type { ConnectionApi } from '../../contracts/connections.ts';
import { type NewConnection, insertConnection, saveKnownModels } from '../../db/repositories/llm-connections.repository.ts';
import { upsertPrice } from '../../db/repositories/llm-prices.repository.ts';
import { newId } from '../../platform/ids.ts';
import { createSecretBox } from '../../platform/secret-box.ts';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database.ts';
import { keyOwner } from './connection-access.ts';
import { createLanguageModels, type LanguageModels } from './index.ts';

const none = { apiKey: undefined, baseUrl: undefined };
const notConfigured = { openai: none, anthropic: none };
const usage = (inputTokens: number, outputTokens: number) => ({ inputTokens, outputTokens, cachedInputTokens: undefined, cacheWriteTokens: undefined, reasoningTokens: undefined });
const target = (llm_provider: ModelTarget['llm_provider'], llm_model: string, llm_connection: string | null = null): ModelTarget => ({ llm_provider, llm_connection, llm_model });

describe('connections of the configuration', () => {
  test('without a key are listed with what to set, and asking for one is LLM_NOT_CONFIGURED', async () => {
    const models = createLanguageModels({ config: notConfigured });
    const openai = (await models.list()).find(({ provider }) => provider === 'openai');
    expect(openai).toMatchObject({ connection: null, is_configured: false, is_scripted: false, configuration_hint: expect.stringContaining('OPENAI_API_KEY') as string });
    expect(openai?.models).toContain('gpt-6.1-sol');
    for (const provider of ['openai', 'anthropic'] as const) await expect(models.resolve(target(provider, 'm'))).rejects.toMatchObject({ code: 'LLM_NOT_CONFIGURED' });
  });

  test('need a key, or the base URL of a server that wants none', async () => {
    const models = createLanguageModels({ config: { openai: { apiKey: undefined, baseUrl: 'http://127.0.0.1:1/v1' }, anthropic: { apiKey: 'k', baseUrl: undefined } } });
    expect(await models.resolve(target('openai', 'm'))).toMatchObject({ connectionId: 'openai', model: 'm', isScripted: false, contextWindow: 32_000 });
    expect((await models.list()).map(({ is_configured, configuration_hint }) => [is_configured, configuration_hint])).toEqual([[true, null], [true, null], [true, null]]);
  });

  test('have built-in prices only where the provider itself is asked', async () => {
    const costAt = async (baseUrl: string | undefined): Promise<unknown[]> => {
      const model = await createLanguageModels({ config: { openai: { apiKey: 'k', baseUrl }, anthropic: none } }).resolve(target('openai', 'gpt-6-sol'));
      return [model.costMicroUsd(usage(1_000, 100)), model.estimateCostMicroUsd(1_000, 100)];
    };
    expect(await costAt(undefined)).toEqual([3_000, 3_000]);
    expect(await costAt('https://api.openai.com/v1')).toEqual([3_000, 3_000]);
    expect(await costAt('http://127.0.0.1:1/v1')).toEqual([undefined, undefined]);
    const compatible = (await createLanguageModels({ config: { openai: { apiKey: undefined, baseUrl: 'http://127.0.0.1:1/v1' }, anthropic: none } }).list())[0];
    expect(compatible?.models).toEqual([]);
  });

  test('the scripted one says what it is and offers the demo; scripts for tests are there when asked for', async () => {
    const models = createLanguageModels({ config: notConfigured });
    const scripted = (await models.list()).find(({ provider }) => provider === 'scripted');
    expect(scripted).toMatchObject({ is_scripted: true, is_configured: true, label: 'Scripted (no model is called)' });
    expect(scripted?.models).toContain('support-ticket-analyzer');
    expect(scripted?.models).not.toContain('echo');
    expect((await models.list({ withHidden: true })).find(({ provider }) => provider === 'scripted')?.models).toContain('echo');
    for (const provider of await models.list()) expect(modelProviderSchema.parse(provider)).toEqual(provider);
    const resolved = await models.resolve(target('scripted', 'echo'));
    expect([resolved.isScripted, resolved.costMicroUsd(usage(1_000, 100))]).toEqual([true, 0]);
    await expect(models.resolve(target('scripted', 'echo', newId()))).rejects.toMatchObject({ code: 'LLM_CONNECTION_OFF' });
  });
});

describe('connections an admin made', () => {
  let database: TestDatabase;
  const secretBox = createSecretBox('ab'.repeat(32));
  let models: LanguageModels;
  const servers: Server[] = [];
  beforeAll(async () => {
    database = await createTestDatabase();
    models = createLanguageModels({ config: notConfigured, db: database.db, secretBox });
  });
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });
  afterAll(() => database.close());

  let count = 0;
  async function connect(given: Partial<Omit<NewConnection, 'id' | 'apiKeySealed'>> & { apiKey?: string } = {}): Promise<string> {
    const id = newId();
    const { apiKey, ...rest } = given;
    await insertConnection(database.db, {
      id, name: `Connection ${++count}`, api: 'openai', baseUrl: 'http://127.0.0.1:1/v1', apiKeyHint: null, limits: { requests_per_minute: 60, tokens_per_minute: null }, isEnabled: true, createdBy: null,
      apiKeySealed: apiKey === undefined ? null : secretBox.seal(apiKey, keyOwner(id)), ...rest,
    });
    return id;
  }
  /** A server that lists `entries` and answers any call; tells how often it was asked for its list. */
  async function serve(entries: unknown[]): Promise<{ baseUrl: string; seen: { path: string; key: string | undefined }[] }> {
    const seen: { path: string; key: string | undefined }[] = [];
    const server = createServer((request, response) => {
      seen.push({ path: request.url ?? '', key: request.headers.authorization });
      request.resume();
      response.writeHead(200, { 'content-type': 'application/json' });
      if (request.method === 'GET') response.end(JSON.stringify({ data: entries }));
      else response.end(JSON.stringify({ id: 'c', model: 'm', choices: [{ index: 0, message: { role: 'assistant', content: 'ok' }, finish_reason: 'stop' }], usage: { prompt_tokens: 1, completion_tokens: 1 } }));
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, seen };
  }
  const setPrice = (connectionId: string | null, provider: ConnectionApi, model: string, input: number): Promise<string> =>
    upsertPrice(database.db, { id: newId(), connection_id: connectionId, provider, model, input, output: 0, cached_input: null, cache_write: null, source: 'contract', as_of: '2026-11-24', updatedBy: null });

  test('are resolved with their key, name and limits, and ask their own server', async () => {
    const { baseUrl, seen } = await serve([]);
    const id = await connect({ name: 'Company proxy', baseUrl, apiKey: 'sk-stored-key' });
    const resolved = await models.resolve(target('openai', 'm', id));
    expect(resolved).toMatchObject({ connectionId: id, connectionName: 'Company proxy', limits: { requests_per_minute: 60, tokens_per_minute: null }, isScripted: false });
    await resolved.languageModel.generate({ model: 'm', system: '', messages: [{ role: 'user', content: 'hi' }], tools: [] }, { signal: new AbortController().signal });
    expect(seen.at(-1)).toEqual({ path: '/v1/chat/completions', key: 'Bearer sk-stored-key' });
    expect((await models.resolve(target('openai', 'm', id))).languageModel).toBe(resolved.languageModel);
  });

  test('that are off, gone, or of the other API are LLM_CONNECTION_OFF', async () => {
    const off = await connect({ isEnabled: false, name: 'Old server' });
    await expect(models.resolve(target('openai', 'm', off))).rejects.toMatchObject({ code: 'LLM_CONNECTION_OFF', message: expect.stringContaining('Old server is switched off') as string });
    for (const gone of [newId(), 'openai', "x'; drop table runs"]) await expect(models.resolve(target('openai', 'm', gone))).rejects.toMatchObject({ code: 'LLM_CONNECTION_OFF' });
    await expect(models.resolve(target('anthropic', 'm', await connect()))).rejects.toMatchObject({ code: 'LLM_CONNECTION_OFF' });
  });

  test('whose key was sealed with another encryption key, or that have none where one is needed, are LLM_NOT_CONFIGURED', async () => {
    const id = await connect({ apiKey: 'sk-stored-key' });
    const rotated = createLanguageModels({ config: notConfigured, db: database.db, secretBox: createSecretBox('cd'.repeat(32)) });
    const refusal = rotated.resolve(target('openai', 'm', id));
    await expect(refusal).rejects.toMatchObject({ code: 'LLM_NOT_CONFIGURED', message: expect.stringContaining('MAESTRO_ENCRYPTION_KEY') as string });
    await expect(refusal).rejects.not.toThrow('sk-stored-key');
    await expect(models.resolve(target('anthropic', 'm', await connect({ api: 'anthropic', baseUrl: null })))).rejects.toMatchObject({ code: 'LLM_NOT_CONFIGURED' });
  });

  test('read what their server says it reads, asked once and kept; else a careful guess', async () => {
    const { baseUrl, seen } = await serve([{ id: 'qwen3', max_model_len: 16_384 }, { id: 'plain' }]);
    const id = await connect({ baseUrl });
    const windowOf = async (model: string): Promise<number> => (await models.resolve(target('openai', model, id))).contextWindow;
    expect(await Promise.all([windowOf('qwen3'), windowOf('qwen3')])).toEqual([16_384, 16_384]);
    expect(await windowOf('plain')).toBe(32_000);
    expect(await windowOf('not-listed')).toBe(32_000);
    expect(seen.map(({ path }) => path)).toEqual(['/v1/models']);
    const silent = await connect();
    expect((await models.resolve(target('openai', 'gpt-6-sol', silent))).contextWindow).toBe(922_000);
  });

  test('cost what was set for them, most specific first; a compatible server has no price of its own', async () => {
    const id = await connect();
    const official = await connect({ baseUrl: null, apiKey: 'sk-stored-key' });
    const costOf = async (connection: string, model: string): Promise<number | undefined> => (await models.resolve(target('openai', model, connection))).costMicroUsd(usage(1_000_000, 0));
    expect([await costOf(id, 'gpt-6-sol'), await costOf(official, 'gpt-6-luna')]).toEqual([undefined, 200_000]);
    await setPrice(null, 'openai', 'gpt-6-luna', 7_000_000);
    await setPrice(null, 'anthropic', 'gpt-6-luna', 1);
    expect([await costOf(id, 'gpt-6-luna'), await costOf(official, 'gpt-6-luna-2026-01-01')]).toEqual([7_000_000, 7_000_000]);
    await setPrice(id, 'openai', 'gpt-6-luna', 3_000_000);
    expect([await costOf(id, 'gpt-6-luna'), await costOf(official, 'gpt-6-luna')]).toEqual([3_000_000, 7_000_000]);
    await setPrice(id, 'openai', 'gpt-6-luna', 0);
    expect(await costOf(id, 'gpt-6-luna')).toBe(0);
  });

  test('are offered with the models their server lists, usable or not', async () => {
    const id = await connect({ name: 'Local' });
    const off = await connect({ name: 'Off', isEnabled: false });
    const official = await connect({ name: 'Official', api: 'anthropic', baseUrl: null, apiKey: 'sk-ant-stored' });
    await saveKnownModels(database.db, id, { models: [{ id: 'llama3', context_window: null, max_output_tokens: null }, { id: 'nomic-embed-text', context_window: null, max_output_tokens: null }] });
    await saveKnownModels(database.db, official, { models: [{ id: 'claude-new', context_window: 1, max_output_tokens: null }] });
    const offered = new Map((await models.list()).map((provider) => [provider.connection, modelProviderSchema.parse(provider)]));
    expect(offered.get(id)).toMatchObject({ provider: 'openai', label: 'Local', is_configured: true, configuration_hint: null, models: ['llama3'] });
    expect(offered.get(off)).toMatchObject({ is_configured: false, configuration_hint: 'The connection is switched off.', models: [] });
    expect(offered.get(official)?.models).toEqual(expect.arrayContaining(['claude-new', 'claude-opus-5-5']));
    expect(JSON.stringify([...offered.values()])).not.toContain('stored');
  });

  test('are described for whoever defines an agent', async () => {
    const id = await connect({ name: 'Described', isEnabled: false });
    expect(await models.describe(target('openai', '', id))).toMatchObject({ label: 'Described', isEnabled: false, isOfficial: false });
    expect(await models.describe(target('anthropic', '', id))).toBeUndefined();
    expect(await models.describe(target('openai', ''))).toMatchObject({ isEnabled: true, isOfficial: true });
  });
});
