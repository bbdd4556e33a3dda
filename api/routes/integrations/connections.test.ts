import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CreateConnectionBody } from '../../../contracts/connections.ts';
import { listAuditEntries } from '../../../db/repositories/audit.repository.ts';
import { upsertPrice } from '../../../db/repositories/llm-prices.repository.ts';
import { createCircuits } from '../../../engine/llm/index.ts';
import { newId } from '../../../platform/ids.ts';
import { type ApiServer, startApiServer } from '../../../tests/support/api-server.ts';
import { until } from '../../../tests/support/until.ts';

let api: ApiServer;
beforeAll(async () => {
  api = await startApiServer();
});
afterAll(() => api.close());

const absent = '019a0000-0000-7000-8000-000000000000';
const key = 'sk-a-key-that-is-never-shown-a91f';
let count = 0;
const body = (given: Partial<CreateConnectionBody> = {}) => ({ name: `Connection ${++count}`, api: 'openai' as const, base_url: 'http://127.0.0.1:9/v1', ...given });
const create = (given: Partial<CreateConnectionBody> = {}) => api.call('createConnection', { as: 'admin', body: body(given) });
const find = async (id: string) => (await api.call('listConnections', { as: 'viewer' })).items.find((connection) => connection.id === id);
const eventsOf = async (id: string): Promise<unknown[]> => {
  const rows = await api.database.db.selectFrom('events').select('data').where('type', '=', 'connection-changed').orderBy('id').execute();
  return rows.map(({ data }) => data as { connection_id: string; change: string }).filter((data) => data.connection_id === id).map((data) => data.change);
};
const auditOf = (id: string) => listAuditEntries(api.database.db, { objectId: id, limit: 50 });

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}
/** An address where nothing listens any more. */
async function serveNothing(): Promise<string> {
  const base = await serve(() => undefined);
  await new Promise((resolve) => servers.pop()?.close(resolve));
  return base;
}
/** A server with one model; records the keys it was given. */
async function serveModels(keys: (string | undefined)[] = []): Promise<string> {
  return serve((request, response) => {
    keys.push(request.headers.authorization);
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json' });
    if (request.method === 'GET') response.end(JSON.stringify({ data: [{ id: 'llama3', max_model_len: 8_192 }] }));
    else response.end(JSON.stringify({ id: 'c', model: 'llama3', choices: [{ index: 0, message: { role: 'assistant', content: 'ok' }, finish_reason: 'stop' }], usage: { prompt_tokens: 3, completion_tokens: 1 } }));
  });
}

describe('connections', () => {
  it('of the configuration are shown with what to set, and cannot be changed here', async () => {
    const { items } = await api.call('listConnections', { as: 'viewer' });
    expect(items.slice(0, 3)).toMatchObject([
      { id: 'openai', is_built_in: true, state: 'not_configured', configuration_hint: expect.stringContaining('OPENAI_API_KEY') as string, base_url: 'https://api.openai.com/v1', api_key_hint: null },
      { id: 'anthropic', is_built_in: true, state: 'not_configured' },
      { id: 'scripted', api: 'scripted', state: 'healthy', base_url: null },
    ]);
    for (const id of ['openai', 'anthropic', 'scripted']) {
      expect(await api.refusal('updateConnection', { as: 'admin', params: { id }, body: { name: 'Mine', version: 1 } })).toMatchObject({ status: 409, code: 'CONNECTION_BUILT_IN' });
      expect(await api.refusal('deleteConnection', { as: 'admin', params: { id } })).toMatchObject({ status: 409, code: 'CONNECTION_BUILT_IN' });
    }
  });

  it('are added by an admin; the key is sealed, shown as a hint, and said nowhere', async () => {
    const response = await api.request('POST', '/api/integrations/connections', { as: 'admin', body: body({ name: 'Company proxy', api_key: key, limits: { requests_per_minute: 60, tokens_per_minute: null } }) });
    expect(response.status).toBe(201);
    const text = await response.text();
    const { id } = JSON.parse(text) as { id: string };
    expect(response.headers.get('location')).toBe(`/api/integrations/connections/${id}`);
    expect(await find(id)).toMatchObject({ name: 'Company proxy', api_key_hint: '…a91f', state: 'untested', is_configured: true, version: 1, updated_by: 'The admin', limits: { requests_per_minute: 60 }, used_by_agents: [], open_runs: 0 });
    const everything = JSON.stringify([text, await auditOf(id), await api.call('listConnections', { as: 'admin' }), await api.database.db.selectFrom('llm_connections').selectAll().execute(), await api.database.db.selectFrom('events').select('data').execute()]);
    expect(everything).not.toContain(key);
    expect(await auditOf(id)).toMatchObject([{ action: 'connection.create', actor: { name: 'The admin' }, after: { name: 'Company proxy', has_key: true } }]);
    expect(await eventsOf(id)).toEqual(['created']);
  });

  it('are refused by field', async () => {
    const issuesOf = async (given: Record<string, unknown>): Promise<unknown> => {
      const refused = await api.refusal('createConnection', { as: 'admin', body: { ...body(), ...given } });
      expect(refused).toMatchObject({ status: 422, code: 'VALIDATION_FAILED' });
      return (refused.details['issues'] as { path: string }[]).map(({ path }) => path);
    };
    expect(await issuesOf({ name: ' ' })).toEqual(['name']);
    expect(await issuesOf({ api: 'telepathy' })).toEqual(['api']);
    for (const url of ['127.0.0.1:11434', 'ftp://x', 'https://user:secret@x/v1', 'http://x/v1?key=1', 'http://x/v1#a']) expect(await issuesOf({ base_url: url }), url).toContain('base_url');
    expect(await issuesOf({ api_key: 'two words' })).toEqual(['api_key']);
    expect(await issuesOf({ limits: { requests_per_minute: 0, tokens_per_minute: null } })).toEqual(['limits.requests_per_minute']);
    expect(await issuesOf({ colour: 'red' })).toEqual(['colour']);
    expect(await api.request('POST', '/api/integrations/connections', { as: 'admin', body: '{' })).toMatchObject({ status: 400 });
  });

  it('share no name', async () => {
    const { id } = await create({ name: 'The one' });
    expect(await api.refusal('createConnection', { as: 'admin', body: body({ name: 'the ONE' }) })).toMatchObject({ status: 409, code: 'CONNECTION_NAME_TAKEN', details: { issues: [{ path: 'name' }] } });
    const other = await create();
    expect(await api.refusal('updateConnection', { as: 'admin', params: { id: other.id }, body: { name: 'The One', version: 1 } })).toMatchObject({ status: 409, code: 'CONNECTION_NAME_TAKEN' });
    expect(await api.call('updateConnection', { as: 'admin', params: { id }, body: { name: 'THE ONE', version: 1 } })).toMatchObject({ name: 'THE ONE', version: 2 });
  });

  it('change into the next version, unless somebody was faster or nothing changed', async () => {
    const { id } = await create({ api_key: key });
    const params = { id };
    expect(await api.call('updateConnection', { as: 'admin', params, body: { limits: { requests_per_minute: 5, tokens_per_minute: null }, is_enabled: false, version: 1 } })).toMatchObject({ version: 2, state: 'off', api_key_hint: '…a91f' });
    expect(await api.refusal('updateConnection', { as: 'admin', params, body: { is_enabled: true, version: 1 } })).toMatchObject({ status: 409, code: 'CONNECTION_CHANGED', details: { version: 2 } });
    expect(await api.call('updateConnection', { as: 'admin', params, body: { is_enabled: false, base_url: 'http://127.0.0.1:9/v1/', version: 2 } })).toMatchObject({ version: 2 });
    expect(await api.call('updateConnection', { as: 'admin', params, body: { api_key: 'sk-another-key-of-it-b0b0', version: 2 } })).toMatchObject({ version: 3, api_key_hint: '…b0b0' });
    expect(await api.call('updateConnection', { as: 'admin', params, body: { api_key: null, version: 3 } })).toMatchObject({ version: 4, api_key_hint: null });
    expect((await auditOf(id)).map(({ action, before, after }) => [action, before, after])).toMatchObject([
      ['connection.update', { has_key: true }, { has_key: false }],
      ['connection.update', { has_key: true }, { has_key: true, key_replaced: true }],
      ['connection.update', { is_enabled: true }, { is_enabled: false }],
      ['connection.create', null, {}],
    ]);
    expect(await eventsOf(id)).toEqual(['created', 'updated', 'updated', 'updated']);
  });

  it('lose their key when they move to another host, and keep it when only the path changes', async () => {
    const { id } = await create({ api_key: key });
    const params = { id };
    expect(await api.call('updateConnection', { as: 'admin', params, body: { base_url: 'http://127.0.0.1:9/other/v1', version: 1 } })).toMatchObject({ api_key_hint: '…a91f' });
    expect(await api.call('updateConnection', { as: 'admin', params, body: { base_url: 'http://attacker.example:9/v1', version: 2 } })).toMatchObject({ api_key_hint: null });
    expect(await api.call('updateConnection', { as: 'admin', params, body: { base_url: null, api_key: key, version: 3 } })).toMatchObject({ api_key_hint: '…a91f', base_url: 'https://api.openai.com/v1' });
    expect(await api.call('updateConnection', { as: 'admin', params, body: { base_url: 'https://api.openai.com/v1', version: 4 } })).toMatchObject({ version: 4 });
    expect(await api.call('updateConnection', { as: 'admin', params, body: { base_url: 'http://api.openai.com/v1', version: 4 } })).toMatchObject({ api_key_hint: null });
  });

  it('forget what was learned of a server that is no longer behind them', async () => {
    const { id } = await create({ base_url: await serveModels() });
    await api.call('testConnection', { as: 'admin', params: { id } });
    expect(await find(id)).toMatchObject({ state: 'healthy', last_test: { passed: true } });
    expect(await api.call('updateConnection', { as: 'admin', params: { id }, body: { base_url: 'http://127.0.0.1:9/v1', version: 1 } })).toMatchObject({ state: 'untested', last_test: null });
  });

  it('in use are deleted only by name, and are gone with key and prices', async () => {
    const { id, name } = await create({ api_key: key });
    const priceId = await upsertPrice(api.database.db, { id: newId(), connection_id: id, provider: 'openai', model: 'llama3', input: 1, output: 1, cached_input: null, cache_write: null, source: 'x', as_of: '2026-11-24', updatedBy: null });
    const agent = await api.call('createAgent', { as: 'operator', body: { name: 'User of it', purpose: 'Uses it.', llm_provider: 'scripted', llm_model: 'support-ticket-analyzer', fallbacks: [{ llm_provider: 'openai', llm_connection: id, llm_model: 'llama3' }] } });
    await api.call('createRun', { as: 'operator', body: { agent_id: agent.id, inputs: { goal: 'Go.' } } });
    expect(await find(id)).toMatchObject({ used_by_agents: [{ id: agent.id, name: 'User of it' }], open_runs: 1 });
    const params = { id };
    expect(await api.refusal('deleteConnection', { as: 'admin', params })).toMatchObject({ status: 409, code: 'CONNECTION_IN_USE', details: { agents: [{ id: agent.id }], open_runs: 1 } });
    expect(await api.refusal('deleteConnection', { as: 'admin', params, query: '?name=Another' })).toMatchObject({ status: 422, details: { issues: [{ path: 'name' }] } });
    await api.call('deleteConnection', { as: 'admin', params, query: `?name=${encodeURIComponent(name)}` });
    expect(await find(id)).toBeUndefined();
    expect((await api.call('listPrices', { as: 'viewer' })).items.find((price) => price.id === priceId)).toBeUndefined();
    expect(await auditOf(id)).toMatchObject([{ action: 'connection.delete', before: { name, has_key: true } }, {}]);
    expect(await eventsOf(id)).toEqual(['created', 'deleted']);
    const idle = await create();
    await api.call('deleteConnection', { as: 'admin', params: { id: idle.id } });
    expect(await find(idle.id)).toBeUndefined();
  });

  it('nobody has are CONNECTION_NOT_FOUND at every address', async () => {
    for (const id of [absent, 'no-id', 'No Id']) {
      for (const name of ['updateConnection', 'deleteConnection', 'testConnection', 'closeCircuit', 'listConnectionModels'] as const) {
        expect(await api.refusal(name, { as: 'admin', params: { id }, ...(name === 'updateConnection' ? { body: { version: 1 } } : {}) }), `${name} ${id}`).toMatchObject({ status: 404, code: 'CONNECTION_NOT_FOUND' });
      }
    }
    expect(await api.refusal('testConnectionDraft', { as: 'admin', body: { api: 'openai', connection_id: absent } })).toMatchObject({ status: 404, code: 'CONNECTION_NOT_FOUND' });
  });

  it('are changed by admins only, and read by everyone who is signed in', async () => {
    const { id } = await create();
    for (const role of ['viewer', 'operator', 'approver'] as const) {
      for (const name of ['createConnection', 'updateConnection', 'deleteConnection', 'testConnection', 'testConnectionDraft', 'closeCircuit'] as const) {
        expect(await api.refusal(name, { as: role, params: { id }, body: {} }), `${role} ${name}`).toMatchObject({ status: 403, code: 'FORBIDDEN' });
      }
    }
    for (const name of ['listConnections', 'listConnectionModels', 'createConnection', 'testConnection'] as const) expect(await api.refusal(name, { params: { id } })).toMatchObject({ status: 401 });
  });
});

describe('a test of a connection', () => {
  it('of stored values keeps its result and the models that were listed', async () => {
    const { id } = await create({ base_url: await serveModels(), api_key: key });
    const result = await api.call('testConnection', { as: 'admin', params: { id } });
    expect(result).toMatchObject({ passed: true, model: 'llama3', models_found: 1, failure: null });
    expect(await find(id)).toMatchObject({ state: 'healthy', last_test: { passed: true, tested_at: result.tested_at } });
    expect(await api.call('listConnectionModels', { as: 'viewer', params: { id } })).toMatchObject({ items: [{ id: 'llama3', context_window: 8_192, max_output_tokens: null }], error: null });
    expect(await eventsOf(id)).toEqual(['created', 'tested']);
    expect(await auditOf(id)).toMatchObject([{ action: 'connection.test', after: { passed: true } }, {}]);
  });

  it('that fails makes the connection failing, with stage, cause and fix; a mistyped model does not', async () => {
    const { id } = await create();
    expect(await api.call('testConnection', { as: 'admin', params: { id } })).toMatchObject({ passed: false, failure: { stage: 'connect', code: 'PORT_CLOSED', status: null } });
    expect(await find(id)).toMatchObject({ state: 'failing', last_test: { failure: { stage: 'connect' } } });
    const base = await serve((request, response) => response.writeHead(request.method === 'GET' ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(request.method === 'GET' ? { data: [{ id: 'a' }] } : { error: { message: 'The model does not exist' } })));
    const typo = await create({ base_url: base });
    expect(await api.call('testConnection', { as: 'admin', params: { id: typo.id }, body: { model: 'b' } })).toMatchObject({ failure: { code: 'MODEL_NOT_FOUND' } });
    expect(await find(typo.id)).toMatchObject({ state: 'degraded' });
  });

  it('of scripts says that there is nothing to call', async () => {
    expect(await api.call('testConnection', { as: 'admin', params: { id: 'scripted' } })).toMatchObject({ passed: true, stages: expect.arrayContaining([expect.objectContaining({ outcome: 'skipped' })]) as unknown });
  });

  it('before saving takes the stored key to the stored address only, and keeps nothing but its audit entry', async () => {
    const [keys, elsewhere]: (string | undefined)[][] = [[], []];
    const [base, other] = [await serveModels(keys), await serveModels(elsewhere)];
    const { id } = await create({ base_url: base, api_key: key });
    const draft = (given: object) => api.call('testConnectionDraft', { as: 'admin', body: { api: 'openai', connection_id: id, ...given } });
    expect(await draft({ base_url: base })).toMatchObject({ passed: true });
    expect(new Set(keys)).toEqual(new Set([`Bearer ${key}`]));
    keys?.splice(0);
    await draft({ base_url: base, api_key: null });
    await draft({ base_url: other });
    await draft({ base_url: base.replace('127.0.0.1', 'localhost') });
    await draft({ base_url: base, api: 'anthropic' });
    expect([...(keys ?? []), ...(elsewhere ?? [])].filter((seen) => seen?.includes(key) === true)).toEqual([]);
    await draft({ base_url: other, api_key: 'sk-typed-in-by-hand' });
    expect(elsewhere?.at(-1)).toBe('Bearer sk-typed-in-by-hand');
    expect(await find(id)).toMatchObject({ state: 'untested', last_test: null });
    expect((await auditOf(id)).filter(({ action }) => action === 'connection.test')).toHaveLength(6);
    expect(JSON.stringify(await auditOf(id))).not.toMatch(/sk-/);
  });

  it('needs no connection at all', async () => {
    expect(await api.call('testConnectionDraft', { as: 'admin', body: { api: 'openai', base_url: await serveModels() } })).toMatchObject({ passed: true });
    expect(await api.refusal('testConnectionDraft', { as: 'admin', body: { api: 'openai', base_url: 'nowhere' } })).toMatchObject({ status: 422, details: { issues: [{ path: 'base_url' }] } });
  });

  it('ends when whoever asked has gone', async () => {
    let isCut = false;
    const asked = Promise.withResolvers<void>();
    const base = await serve((request) => {
      request.socket.once('close', () => (isCut = true));
      asked.resolve();
    });
    const controller = new AbortController();
    const request = fetch(`${api.baseUrl}/api/integrations/connections/test`, {
      method: 'POST', signal: controller.signal, body: JSON.stringify({ api: 'openai', base_url: base }), headers: { 'content-type': 'application/json', authorization: `Bearer ${api.tokenOf('admin')}` },
    }).catch(() => undefined);
    await asked.promise;
    controller.abort();
    await request;
    await until('the request to the model to be cut', async () => isCut || undefined);
  });
});

describe('the models of a connection', () => {
  it('say why there are none, each time differently', async () => {
    expect(await api.call('listConnectionModels', { as: 'viewer', params: { id: 'openai' } })).toMatchObject({ items: [], error: { code: 'LLM_NOT_CONFIGURED' } });
    expect(await api.call('listConnectionModels', { as: 'viewer', params: { id: 'scripted' } })).toMatchObject({ items: [], error: { code: 'NOT_LISTED' } });
    expect(await api.call('listConnectionModels', { as: 'viewer', params: { id: (await create({ base_url: await serveNothing() })).id } })).toMatchObject({ items: [], fetched_at: expect.any(String) as string, error: { code: 'LLM_UNAVAILABLE', message: expect.stringContaining('ECONNREFUSED') as string } });
  });

  it('are asked for once in ten minutes and offered to agents', async () => {
    const keys: (string | undefined)[] = [];
    const { id } = await create({ base_url: await serveModels(keys) });
    expect((await api.call('listModels', { as: 'viewer' })).items.find(({ connection }) => connection === id)).toMatchObject({ models: ['llama3'], is_configured: true });
    for (const _ of [1, 2]) await api.call('listConnectionModels', { as: 'viewer', params: { id } });
    expect(keys).toHaveLength(1);
  });
});

describe('the health of models', () => {
  const modelHealth = async () => {
    // Checks are shared for a while; another api has made none yet.
    const other = await startApiServer({ db: api.database.db });
    try {
      const response = await fetch(`${other.baseUrl}/api/observability/health`, { headers: { authorization: `Bearer ${api.tokenOf('viewer')}` } });
      return ((await response.json()) as { services: { service: string; state: string; detail: string }[] }).services.find(({ service }) => service === 'model');
    } finally {
      await other.close();
    }
  };

  it('is down while a connection fails that agents use, and says which', async () => {
    for (const { id, name, is_built_in: isBuiltIn } of (await api.call('listConnections', { as: 'viewer' })).items) {
      if (!isBuiltIn) await api.call('deleteConnection', { as: 'admin', params: { id }, query: `?name=${encodeURIComponent(name)}` });
    }
    expect(await modelHealth()).toMatchObject({ state: 'up', detail: expect.stringContaining('Only the scripted model') as string });
    await create({ name: 'Good', base_url: await serveModels() });
    const { id } = await create({ name: 'Broken', base_url: await serveNothing() });
    expect(await modelHealth()).toMatchObject({ state: 'up', detail: 'Configured: Broken, Good. Failing, but used by no agent: Broken.' });
    await api.call('createAgent', { as: 'operator', body: { name: 'User of the broken', purpose: 'Waits.', llm_provider: 'openai', llm_connection: id, llm_model: 'm' } });
    expect(await modelHealth()).toMatchObject({ state: 'down', detail: expect.stringMatching(/^Failing: Broken\. .*nothing listens/) as string });
  });
});

describe('a circuit', () => {
  it('that is open is shown, lets integrations say so, and is closed by an admin', async () => {
    const { id, name } = await create({ base_url: await serveModels() });
    const circuits = createCircuits({ db: api.database.db });
    for (let failure = 0; failure < 5; failure++) await circuits.failed(id, { code: 'LLM_UNAVAILABLE', message: 'The server answered HTTP 503.' });
    expect(await find(id)).toMatchObject({ state: 'failing', circuit: { state: 'open', failures_in_row: 5, retry_at: expect.any(String) as string, last_error: { code: 'LLM_UNAVAILABLE' } } });
    const shown = (await api.call('listIntegrations', { as: 'viewer' })).items.find((item) => item.id === `model_provider:${id}`);
    expect(shown).toMatchObject({ name, state: 'failing', detail: expect.stringMatching(/^Resting until \d\d:\d\d:\d\d UTC, after 5 failures in a row\. Last: The server answered HTTP 503\.$/) as string });
    expect(await api.call('closeCircuit', { as: 'admin', params: { id } })).toMatchObject({ state: 'untested', circuit: { state: 'closed', failures_in_row: 0 } });
    expect(await auditOf(id)).toMatchObject([{ action: 'connection.close_circuit' }, {}]);
    expect(await api.call('closeCircuit', { as: 'admin', params: { id } })).toMatchObject({ circuit: { state: 'closed' } });
    expect(await auditOf(id)).toHaveLength(2);
  });

  it('closes with a test that went through', async () => {
    const { id } = await create({ base_url: await serveModels() });
    const circuits = createCircuits({ db: api.database.db });
    for (let failure = 0; failure < 5; failure++) await circuits.failed(id, { code: 'LLM_UNAVAILABLE', message: 'down' });
    await api.call('testConnection', { as: 'admin', params: { id } });
    expect(await find(id)).toMatchObject({ state: 'healthy', circuit: { state: 'closed', last_success_at: expect.any(String) as string } });
  });
});
