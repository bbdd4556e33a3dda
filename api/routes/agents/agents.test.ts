import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreateAgentInput } from '../../../contracts/agents.ts';
import { type ApiServer, startApiServer } from '../../../tests/support/api-server.ts';

let api: ApiServer;
beforeAll(async () => {
  api = await startApiServer();
});
afterAll(() => api.close());

const absent = '019a0000-0000-7000-8000-000000000000';
let counter = 0;
const body = (given: Partial<CreateAgentInput> = {}): CreateAgentInput => ({ name: `Agent ${++counter}`, purpose: 'Helps.', llm_provider: 'openai', llm_model: 'gpt-test', tools: ['run_sql', 'send_email'], ...given });
const create = (given: Partial<CreateAgentInput> = {}) => api.call('createAgent', { as: 'operator', body: body(given) });

describe('agents', () => {
  it('are created with 201, their address and their maker, and read back the same', async () => {
    const response = await api.request('POST', '/api/agents', { as: 'operator', body: body() });
    expect(response.status).toBe(201);
    const { id } = (await response.json()) as { id: string };
    expect(response.headers.get('location')).toBe(`/api/agents/${id}`);
    expect(await api.call('getAgent', { as: 'viewer', params: { id } })).toMatchObject({ id, status: 'ready', version: 1, created_by: 'The operator' });
  });

  it('with tools or fields that do not exist are refused by field', async () => {
    const refused = await api.refusal('createAgent', { as: 'operator', body: { ...body(), tools: ['run_sql', 'read_minds'], limits: { max_iterations: 0 }, colour: 'red' } });
    expect(refused).toMatchObject({ status: 422, code: 'VALIDATION_FAILED' });
    expect((refused.details['issues'] as { path: string }[]).map((issue) => issue.path).toSorted()).toEqual(['colour', 'limits.max_iterations']);
    // Which tools there are is no matter of form: they come and go.
    expect(await api.refusal('createAgent', { as: 'operator', body: body({ tools: ['run_sql', 'read_minds'] }) })).toMatchObject({ status: 422, code: 'TOOL_UNKNOWN', details: { issues: [{ path: 'tools.1' }] } });
    expect(await api.refusal('createAgent', { as: 'operator', body: body({ tools: ['read minds'] }) })).toMatchObject({ status: 422, code: 'VALIDATION_FAILED', details: { issues: [{ path: 'tools.0' }] } });
    expect(await api.refusal('createAgent', { as: 'operator', body: body({ llm_provider: 'scripted', llm_model: 'unwritten' }) })).toMatchObject({ status: 422, details: { issues: [{ path: 'llm_model' }] } });
    expect(await api.refusal('createAgent', { as: 'operator', body: body({ tools: ['run_sql', 'run_sql'] }) })).toMatchObject({ status: 422, details: { issues: [{ path: 'tools' }] } });
    expect(await api.refusal('createAgent', { as: 'operator', body: body({ name: '   ' }) })).toMatchObject({ status: 422, details: { issues: [{ path: 'name', message: 'Give the agent a name.' }] } });
  });

  it('share no name', async () => {
    const agent = await create({ name: 'The one' });
    expect(await api.refusal('createAgent', { as: 'admin', body: body({ name: 'THE ONE' }) })).toMatchObject({ status: 409, code: 'AGENT_NAME_TAKEN', details: { agent_id: agent.id } });
  });

  it('change into new versions, unless somebody was faster', async () => {
    const agent = await create();
    const params = { id: agent.id };
    expect(await api.call('updateAgent', { as: 'admin', params, body: { purpose: 'Helps more.', version: 1 } })).toMatchObject({ version: 2, purpose: 'Helps more.' });
    expect(await api.refusal('updateAgent', { as: 'operator', params, body: { purpose: 'Helps less.', version: 1 } })).toMatchObject({ status: 409, code: 'AGENT_CHANGED', details: { version: 2 } });
    const { items } = await api.call('listAgentVersions', { as: 'viewer', params });
    expect(items).toMatchObject([{ version: 2, created_by: 'The admin' }, { version: 1, created_by: 'The operator', purpose: 'Helps.' }]);
  });

  it('are deleted once nothing of theirs runs', async () => {
    const agent = await create();
    const params = { id: agent.id };
    const { run_id: runId } = await api.call('createRun', { as: 'operator', body: { agent_id: agent.id, inputs: { goal: 'Go.' } } });
    expect(await api.refusal('deleteAgent', { as: 'operator', params })).toMatchObject({ status: 409, code: 'AGENT_HAS_OPEN_RUNS', details: { run_ids: [runId] } });
    const idle = await create();
    await api.call('deleteAgent', { as: 'operator', params: { id: idle.id } });
    for (const refused of [api.refusal('getAgent', { as: 'viewer', params: { id: idle.id } }), api.refusal('createRun', { as: 'operator', body: { agent_id: idle.id, inputs: { goal: 'Go.' } } })]) {
      expect(await refused).toMatchObject({ status: 404, code: 'AGENT_NOT_FOUND' });
    }
  });

  it('are found by text, model and tool, page by page', async () => {
    const made = [await create({ llm_model: 'listed', name: 'Alpha' }), await create({ llm_model: 'listed', name: 'Beta', tools: [] })];
    const first = await api.call('listAgents', { as: 'viewer', query: '?llm_model=listed&limit=1' });
    expect(first.items).toEqual([made[1]]);
    const second = await api.call('listAgents', { as: 'viewer', query: `?llm_model=listed&limit=1&cursor=${first.next_cursor}` });
    expect(second).toEqual({ items: [made[0]], next_cursor: null });
    expect((await api.call('listAgents', { as: 'viewer', query: '?llm_model=listed&tool=send_email' })).items).toEqual([made[0]]);
    expect((await api.call('listAgents', { as: 'viewer', query: '?text=bet' })).items).toEqual([made[1]]);
    expect(await api.refusal('listAgents', { as: 'viewer', query: '?cursor=x' })).toMatchObject({ status: 400, code: 'CURSOR_INVALID' });
    expect((await api.call('listAgents', { as: 'viewer', query: '?tool=read_minds' })).items).toEqual([]);
    expect(await api.refusal('listAgents', { as: 'viewer', query: '?tool=read%20minds' })).toMatchObject({ status: 422 });
  });

  it('nobody has are AGENT_NOT_FOUND at every address', async () => {
    for (const id of [absent, 'no-id']) {
      for (const name of ['getAgent', 'updateAgent', 'deleteAgent', 'listAgentVersions'] as const) {
        expect(await api.refusal(name, { as: 'operator', params: { id }, ...(name === 'updateAgent' ? { body: {} } : {}) })).toMatchObject({ status: 404, code: 'AGENT_NOT_FOUND' });
      }
    }
  });

  it('are written by operators and admins only', async () => {
    for (const role of ['viewer', 'approver'] as const) expect(await api.refusal('createAgent', { as: role, body: body() })).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    expect(await api.refusal('createAgent', { body: body() })).toMatchObject({ status: 401 });
  });
});
