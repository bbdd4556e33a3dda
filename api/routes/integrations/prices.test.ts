import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAuditEntries } from '../../../db/repositories/audit.repository.ts';
import { type ApiServer, startApiServer } from '../../../tests/support/api-server.ts';

let api: ApiServer;
let local: string;
beforeAll(async () => {
  api = await startApiServer({ env: { OPENAI_API_KEY: 'sk-of-the-tests' } });
  local = (await api.call('createConnection', { as: 'admin', body: { name: 'Local', api: 'openai', base_url: 'http://127.0.0.1:9/v1' } })).id;
});
afterAll(() => api.close());

const absent = '019a0000-0000-7000-8000-000000000000';
const body = (given: Record<string, unknown> = {}) => ({ provider: 'openai', model: 'llama3', input: 2_000_000, output: 6_000_000, source: 'Our own bill', as_of: '2026-11-24', ...given });
const set = (given: Record<string, unknown> = {}) => api.call('setPrice', { as: 'admin', body: body(given) });
const usage = { inputTokens: 1_000, outputTokens: 100, cachedInputTokens: undefined, cacheWriteTokens: undefined, reasoningTokens: undefined };
const costAt = async (connection: string | null, model: string) => (await api.deps.models.resolve({ llm_provider: 'openai', llm_connection: connection, llm_model: model })).costMicroUsd(usage);

describe('prices', () => {
  it('that are built in say where and when they were read', async () => {
    const { items } = await api.call('listPrices', { as: 'viewer' });
    expect(items.find((price) => price.model === 'gpt-6-sol')).toMatchObject({ id: 'openai:gpt-6-sol', is_built_in: true, input: 2_000_000, source: expect.stringContaining('https://') as string });
    expect(await api.refusal('deletePrice', { as: 'admin', params: { id: 'openai:gpt-6-sol' } })).toMatchObject({ status: 404, code: 'PRICE_NOT_FOUND' });
  });

  it('that an admin sets count at once, for one connection before all, until they are taken back', async () => {
    expect([await costAt(null, 'gpt-6-sol'), await costAt(local, 'gpt-6-sol')]).toEqual([3_000, undefined]);
    const all = await set({ model: 'gpt-6-sol', input: 1_000_000, output: 0 });
    expect(all).toMatchObject({ connection_id: null, is_built_in: false, updated_by: 'The admin', as_of: '2026-11-24', cached_input: null });
    expect([await costAt(null, 'gpt-6-sol'), await costAt(local, 'gpt-6-sol')]).toEqual([1_000, 1_000]);
    const own = await set({ model: 'gpt-6-sol', connection_id: local, input: 0, output: 0 });
    expect([await costAt(null, 'gpt-6-sol'), await costAt(local, 'gpt-6-sol')]).toEqual([1_000, 0]);
    for (const { id } of [all, own]) await api.call('deletePrice', { as: 'admin', params: { id } });
    expect([await costAt(null, 'gpt-6-sol'), await costAt(local, 'gpt-6-sol')]).toEqual([3_000, undefined]);
  });

  it('set anew replace the ones before; both are audited', async () => {
    const first = await set();
    const second = await set({ input: 5, cached_input: 1, as_of: '2026-11-23' });
    expect(second).toMatchObject({ id: first.id, input: 5, cached_input: 1, as_of: '2026-11-23' });
    expect((await api.call('listPrices', { as: 'viewer' })).items.filter((price) => price.model === 'llama3')).toEqual([second]);
    await api.call('deletePrice', { as: 'admin', params: { id: first.id } });
    expect(await listAuditEntries(api.database.db, { objectId: first.id, limit: 10 })).toMatchObject([
      { action: 'price.delete', before: { input: 5 } }, { action: 'price.set', before: { input: 2_000_000 }, after: { input: 5 } }, { action: 'price.set', before: null, after: { model: 'llama3', source: 'Our own bill' } },
    ]);
    expect(await api.refusal('deletePrice', { as: 'admin', params: { id: first.id } })).toMatchObject({ status: 404, code: 'PRICE_NOT_FOUND' });
  });

  it('are refused by field', async () => {
    const pathsOf = async (given: Record<string, unknown>): Promise<unknown> => {
      const refused = await api.refusal('setPrice', { as: 'admin', body: body(given) });
      expect(refused).toMatchObject({ status: 422 });
      return (refused.details['issues'] as { path: string }[]).map(({ path }) => path);
    };
    expect(await pathsOf({ input: -1 })).toEqual(['input']);
    expect(await pathsOf({ output: 0.5 })).toEqual(['output']);
    expect(await pathsOf({ source: ' ' })).toEqual(['source']);
    for (const day of ['yesterday', '0000-01-01', '2026-02-30']) expect(await pathsOf({ as_of: day })).toEqual(['as_of']);
    expect(await pathsOf({ provider: 'scripted' })).toEqual(['provider']);
    expect(await pathsOf({ connection_id: absent })).toEqual(['connection_id']);
    expect(await pathsOf({ connection_id: local, provider: 'anthropic' })).toEqual(['connection_id']);
    expect(await api.request('PUT', '/api/integrations/prices', { as: 'admin', body: '{' })).toMatchObject({ status: 400 });
  });

  it('are set by admins only', async () => {
    for (const role of ['viewer', 'operator', 'approver'] as const) {
      expect(await api.refusal('setPrice', { as: role, body: body() })).toMatchObject({ status: 403 });
      expect(await api.refusal('deletePrice', { as: role, params: { id: absent } })).toMatchObject({ status: 403 });
      expect((await api.call('listPrices', { as: role })).items.length).toBeGreaterThan(10);
    }
    for (const name of ['listPrices', 'setPrice', 'deletePrice'] as const) expect(await api.refusal(name, { params: { id: absent } })).toMatchObject({ status: 401 });
  });
});

describe('kept answers', () => {
  it('are counted, and forgotten by an admin', async () => {
    const agent = await api.call('createAgent', { as: 'operator', body: { name: 'Asker', purpose: 'Asks.', llm_provider: 'scripted', llm_model: 'support-ticket-analyzer' } });
    const keep = (key: string, agentId: string): Promise<unknown> => api.database.db.insertInto('llm_answers').values({ key, agent_id: agentId, connection_id: 'openai', model: 'm', answer: '{}', bytes: 10, hits: 2, saved_micro_usd: 700, expires_at: new Date(Date.now() + 60_000) }).execute();
    await keep('a', agent.id);
    await keep('b', absent);
    expect(await api.call('getAnswerCache', { as: 'viewer' })).toMatchObject({ entries: 2, bytes: 20, hits: 4, saved_micro_usd: 1_400, by_agent: expect.arrayContaining([expect.objectContaining({ agent_id: agent.id, agent_name: 'Asker', hits: 2 })]) as unknown });
    expect(await api.call('purgeAnswerCache', { as: 'admin', query: `?agent_id=${agent.id}` })).toEqual({ purged: 1 });
    expect(await api.call('purgeAnswerCache', { as: 'admin' })).toEqual({ purged: 1 });
    expect(await api.call('getAnswerCache', { as: 'viewer' })).toEqual({ entries: 0, bytes: 0, hits: 0, saved_micro_usd: 0, by_agent: [] });
    expect(await listAuditEntries(api.database.db, { action: 'answer_cache.purge', limit: 10 })).toMatchObject([{ object_id: 'all', after: { purged: 1 } }, { object_id: agent.id, after: { purged: 1 } }]);
  });

  it('are purged by admins only', async () => {
    for (const role of ['viewer', 'operator', 'approver'] as const) expect(await api.refusal('purgeAnswerCache', { as: role })).toMatchObject({ status: 403 });
    for (const name of ['getAnswerCache', 'purgeAnswerCache'] as const) expect(await api.refusal(name)).toMatchObject({ status: 401 });
    expect(await api.refusal('purgeAnswerCache', { as: 'admin', query: '?agent_id=x' })).toMatchObject({ status: 422 });
  });
});
