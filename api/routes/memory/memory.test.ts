import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMemory } from '../../../engine/memory/index.ts';
import { insertTestAgent } from '../../../tests/support/agents.ts';
import { type ApiServer, startApiServer } from '../../../tests/support/api-server.ts';
import { recordTurn } from '../../../tests/support/run-records.ts';

let api: ApiServer;
let agentId: string;
beforeAll(async () => {
  api = await startApiServer();
  agentId = await insertTestAgent(api.deps);
});
afterAll(() => api.close());

const absent = '019a0000-0000-7000-8000-000000000000';
async function remember(text: string, memory = api.deps.memory): Promise<void> {
  const { run_id: runId } = await api.call('createRun', { as: 'operator', body: { agent_id: agentId, inputs: { goal: 'Go.' } } });
  const [toolCallId = ''] = await recordTurn(api.deps.db, { runId, iteration: 1, calls: [{ toolName: 'run_sql', arguments: {} }] });
  await memory.remember({ agentId, runId, toolCallId, iteration: 1, toolName: 'run_sql', text });
}

describe('the memory of an agent', () => {
  it('is listed newest first, searched by words and meaning, and says how it was searched', async () => {
    await remember('refunds are late in spring');
    await remember('the warehouse has 12 forklifts');
    const page = await api.call('listMemory', { as: 'viewer', params: { id: agentId } });
    expect(page.items.map((item) => item.text)).toEqual(['the warehouse has 12 forklifts', 'refunds are late in spring']);
    const response = await api.request('GET', `/api/agents/${agentId}/memory`, { as: 'viewer', query: '?query=late+refund' });
    expect(response.headers.get('x-memory-search')).toBe('hybrid');
    const found = await api.call('listMemory', { as: 'viewer', params: { id: agentId }, query: '?query=late+refund' });
    expect(found.items[0]).toMatchObject({ text: 'refunds are late in spring', embedding_state: 'ready', embedding_model: 'local-lexical-1', score: expect.any(Number) });
  });

  it('forgets one entry once, for operators only', async () => {
    await remember('to be forgotten');
    const memoryId = (await api.call('listMemory', { as: 'viewer', params: { id: agentId }, query: '?limit=1' })).items[0]?.id ?? '';
    const params = { id: agentId, memory_id: memoryId };
    expect(await api.refusal('deleteMemory', { as: 'viewer', params })).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    await api.call('deleteMemory', { as: 'operator', params });
    expect(await api.refusal('deleteMemory', { as: 'operator', params })).toMatchObject({ status: 404, code: 'MEMORY_NOT_FOUND' });
    const other = await insertTestAgent(api.deps);
    await remember('kept');
    const kept = (await api.call('listMemory', { as: 'viewer', params: { id: agentId }, query: '?limit=1' })).items[0]?.id ?? '';
    expect(await api.refusal('deleteMemory', { as: 'operator', params: { id: other, memory_id: kept } })).toMatchObject({ status: 404, code: 'MEMORY_NOT_FOUND' });
  });

  it('of an agent nobody has is AGENT_NOT_FOUND; bad queries are refused by field', async () => {
    for (const id of [absent, 'no-id']) expect(await api.refusal('listMemory', { as: 'viewer', params: { id } })).toMatchObject({ status: 404, code: 'AGENT_NOT_FOUND' });
    expect(await api.refusal('listMemory', { as: 'viewer', params: { id: agentId }, query: '?kind=dream&run_id=x' })).toMatchObject({ status: 422, details: { issues: [{ path: 'kind' }, { path: 'run_id' }] } });
    expect(await api.refusal('listMemory', { as: 'viewer', params: { id: agentId }, query: '?cursor=x' })).toMatchObject({ status: 400, code: 'CURSOR_INVALID' });
    expect(await api.refusal('listMemory', { params: { id: agentId } })).toMatchObject({ status: 401 });
  });

  it('can be read and searched by words while the vector store is away', async () => {
    const { db, logger } = api.deps;
    const cut = await startApiServer({ memory: createMemory({ db, logger, config: { embedding: undefined, chromaUrl: 'http://127.0.0.1:9' } }) });
    try {
      await remember('kept while the store is away', createMemory({ db, config: { embedding: undefined, chromaUrl: 'http://127.0.0.1:9' } }));
      const response = await cut.request('GET', `/api/agents/${agentId}/memory`, { as: 'viewer', query: '?query=away' });
      expect(response.status).toBe(200);
      expect(response.headers.get('x-memory-search')).toBe('full_text');
      expect(await response.json()).toMatchObject({ items: [{ text: 'kept while the store is away', embedding_state: 'missing' }] });
    } finally {
      await cut.close();
    }
  });
});
