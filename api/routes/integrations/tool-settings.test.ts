import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insertTestAgent } from '../../../tests/support/agents.ts';
import { listAuditEntries } from '../../../db/repositories/audit.repository.ts';
import { type ApiServer, startApiServer } from '../../../tests/support/api-server.ts';

let api: ApiServer;
beforeAll(async () => {
  api = await startApiServer();
});
afterAll(() => api.close());

const of = async (name: string) => {
  const found = (await api.call('listToolSettings', { as: 'viewer' })).items.find((tool) => tool.name === name);
  return found ?? expect.unreachable(`no settings of ${name}`);
};
const change = (name: string, body: Record<string, unknown>) => api.call('updateToolSettings', { as: 'admin', params: { name }, body });
const refusal = (name: string, body: Record<string, unknown>) => api.refusal('updateToolSettings', { as: 'admin', params: { name }, body });

describe('settings of tools', () => {
  it('are read by everybody and changed by admins alone', async () => {
    expect((await api.refusal('listToolSettings', {})).status).toBe(401);
    for (const as of ['viewer', 'operator', 'approver'] as const) {
      expect((await api.call('listToolSettings', { as })).items.length).toBeGreaterThan(4);
      expect(await api.refusal('updateToolSettings', { as, params: { name: 'run_sql' }, body: { version: 0, is_enabled: false } })).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    }
  });

  it('say the default, who uses the tool, and the form of its own settings', async () => {
    const agentId = await insertTestAgent(api.deps, { tools: ['http_request'] });
    expect(await of('http_request')).toMatchObject({
      is_enabled: true, version: 0, timeout_seconds: null, default_timeout_seconds: expect.any(Number), max_concurrent: null, calls_per_minute: null, running: 0, mcp_server: null,
      options: { allow_private_hosts: [], only_hosts: [], deny_hosts: [] }, options_schema: { type: 'object', properties: { deny_hosts: { type: 'array' } } }, used_by_agents: [{ id: agentId }],
    });
    expect(await of('execute_python')).toMatchObject({ options: null, options_schema: null });
  });

  it('count at once, make a version each and are audited; saying nothing new makes none', async () => {
    const first = await change('web_search', { version: 0, max_concurrent: 3, options: { provider: 'searxng', base_url: 'http://127.0.0.1:8888' } });
    expect(first).toMatchObject({ version: 1, max_concurrent: 3, options: { provider: 'searxng', api_key_secret: null }, updated_by: 'The admin', is_configured: true });
    expect((await api.deps.tools.current()).setupOf('web_search')).toMatchObject({ maxConcurrent: 3 });
    expect(await change('web_search', { version: 1, max_concurrent: 3 })).toMatchObject({ version: 1 });
    expect(await change('web_search', { version: 1, max_concurrent: null, is_enabled: false })).toMatchObject({ version: 2, max_concurrent: null, is_enabled: false });
    expect((await api.call('listTools', { as: 'operator' })).items.find(({ name }) => name === 'web_search')).toMatchObject({ is_enabled: false, configuration_hint: expect.stringContaining('switched') });
    const [entry] = await listAuditEntries(api.deps.db, { limit: 1, action: 'tool.update' });
    expect(entry).toMatchObject({ object_id: 'web_search', before: { is_enabled: true, max_concurrent: 3 }, after: { is_enabled: false, max_concurrent: null } });
  });

  it('of two admins the second is told', async () => {
    await change('send_email', { version: 0, calls_per_minute: 10 });
    expect(await refusal('send_email', { version: 0, calls_per_minute: 20 })).toMatchObject({ status: 409, code: 'TOOL_SETTINGS_CHANGED', details: { version: 1 } });
    const both = await Promise.allSettled([change('run_sql', { version: 0, max_concurrent: 1 }), change('run_sql', { version: 0, max_concurrent: 2 })]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  it.each([
    ['no such tool', 'rm_rf', { version: 0 }, 422, 'TOOL_UNKNOWN', undefined],
    ['a tool that comes with others', 'read_result', { version: 0 }, 422, 'TOOL_UNKNOWN', undefined],
    ['a time-out of nothing', 'run_sql', { version: 0, timeout_seconds: 0 }, 422, 'VALIDATION_FAILED', 'timeout_seconds'],
    ['settings of a tool that has none', 'execute_python', { version: 0, options: {} }, 422, 'VALIDATION_FAILED', 'options'],
    ['a setting that is unknown', 'http_request', { version: 0, options: { allow_everything: true } }, 422, 'VALIDATION_FAILED', 'options.allow_everything'],
    ['a host that is none', 'http_request', { version: 0, options: { deny_hosts: ['http://evil.example/'] } }, 422, 'VALIDATION_FAILED', 'options.deny_hosts.0'],
  ])('%s is refused at its field', async (_what, name, body, status, code, path) => {
    const refused = await refusal(name, body);
    expect(refused).toMatchObject({ status, code });
    if (path !== undefined) expect((refused.details['issues'] as { path: string }[]).map((issue) => issue.path)).toContain(path);
  });
});
