import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../app.ts';
import type { CreateMcpServerBody, McpServer } from '../../../contracts/mcp-servers.ts';
import { listAuditEntries } from '../../../db/repositories/audit.repository.ts';
import { type ApiServer, readError, startApiServer } from '../../../tests/support/api-server.ts';
import { type HttpServer, programs, startEverythingHttp } from '../../../tests/support/mcp.ts';
import { until } from '../../../tests/support/until.ts';

let api: ApiServer;
let everything: HttpServer;
const folder = mkdtempSync(join(tmpdir(), 'maestro-mcp-test-'));
beforeAll(async () => {
  [api, everything] = await Promise.all([startApiServer({ env: { MCP_STDIO: 'on' } }), startEverythingHttp()]);
});
afterAll(async () => {
  await api.deps.mcpSessions.close();
  await everything.kill();
  await api.close();
  rmSync(folder, { recursive: true, force: true });
});

const absent = '019a0000-0000-7000-8000-000000000000';
let count = 0;
const body = (given: Partial<CreateMcpServerBody> = {}) => ({ name: `Server ${++count}`, slug: `server${count}`, transport: programs.hostile(), ...given });
const create = (given: Partial<CreateMcpServerBody> = {}) => api.call('createMcpServer', { as: 'admin', body: body(given) });
const find = async (id: string) => (await api.call('listMcpServers', { as: 'viewer' })).items.find((server) => server.id === id);
const toolOf = (server: McpServer | undefined, name: string) => {
  const tool = server?.tools.find(({ definition }) => definition.name === name);
  if (tool === undefined) throw new Error(`no tool ${name}`);
  return tool;
};
const review = (server: McpServer, name: string, given: object = {}) =>
  api.call('reviewMcpTool', { as: 'admin', params: { id: server.id, tool_id: toolOf(server, name).id }, body: { hash: toolOf(server, name).pending?.hash ?? toolOf(server, name).hash, is_enabled: true, risk: 'LOW', effect: 'none', ...given } });
const auditOf = (id: string) => listAuditEntries(api.database.db, { objectId: id, limit: 50 });
const eventsOf = async (id: string): Promise<string[]> => {
  const rows = await api.database.db.selectFrom('events').select('data').where('type', '=', 'connection-changed').orderBy('id').execute();
  return rows.map(({ data }) => data as { connection_id: string; change: string }).filter((data) => data.connection_id === id).map(({ change }) => change);
};
const issuesOf = async (given: object): Promise<{ path: string; message: string }[]> => {
  const refused = await api.refusal('createMcpServer', { as: 'admin', body: { ...body(), ...given } });
  expect(refused).toMatchObject({ status: 422, code: 'VALIDATION_FAILED' });
  return refused.details['issues'] as { path: string; message: string }[];
};
const offered = async (name: string) => (await api.call('listTools', { as: 'viewer' })).items.find((tool) => tool.name === name);

describe('MCP servers', () => {
  it('are for those who are signed in to see, and for admins to change', async () => {
    expect(await api.refusal('listMcpServers')).toMatchObject({ status: 401 });
    for (const [name, params, given] of [
      ['createMcpServer', {}, body()], ['testMcpServerDraft', {}, { transport: programs.hostile() }], ['updateMcpServer', { id: absent }, { version: 1 }], ['deleteMcpServer', { id: absent }, undefined],
      ['refreshMcpServer', { id: absent }, undefined], ['reviewMcpTool', { id: absent, tool_id: absent }, { hash: '0'.repeat(64), is_enabled: true, risk: 'LOW', effect: 'none' }],
    ] as const) {
      expect(await api.refusal(name, { params, body: given }), name).toMatchObject({ status: 401 });
      for (const role of ['viewer', 'operator', 'approver'] as const) expect(await api.refusal(name, { as: role, params, body: given }), `${name} ${role}`).toMatchObject({ status: 403 });
    }
    expect(await api.call('listMcpServers', { as: 'viewer' })).toMatchObject({ allows_stdio: true });
    expect(await api.request('POST', '/api/integrations/mcp-servers', { as: 'admin', body: '{' })).toMatchObject({ status: 400 });
  });

  it('that are programs list their tools when they are added', async () => {
    const response = await api.request('POST', '/api/integrations/mcp-servers', { as: 'admin', body: body({ name: 'Everything', slug: 'every', transport: programs.everything() }) });
    expect(response.status).toBe(201);
    const { id } = (await response.json()) as { id: string };
    expect(response.headers.get('location')).toBe(`/api/integrations/mcp-servers/${id}`);
    const server = await find(id);
    expect(server).toMatchObject({ state: 'healthy', server: { name: 'mcp-servers/everything', version: '2.0.0' }, version: 1, updated_by: 'The admin', used_by_agents: [], last_test: { passed: true, failure: null } });
    expect(server?.last_test?.stages.map(({ stage, outcome }) => [stage, outcome])).toEqual([['start', 'passed'], ['initialize', 'passed'], ['list_tools', 'passed']]);
    expect(toolOf(server, 'echo')).toMatchObject({ registered_name: 'mcp_every_echo', status: 'new', is_enabled: false, risk: null, effect: null, proposed_risk: 'LOW', proposed_effect: 'none', pending: null, definition: { title: 'Echo Tool' } });
    expect(server?.to_review).toBe(server?.tools.length);
    expect(await auditOf(id)).toMatchObject([{ action: 'mcp_server.create', after: { slug: 'every', transport: { type: 'stdio' } } }]);
    expect(await eventsOf(id)).toEqual(['created', 'tested', 'updated']);
    expect(await offered('mcp_every_echo')).toBeUndefined();
  });

  it('over HTTP do, too; their way is told stage by stage', async () => {
    const server = await create({ transport: { type: 'streamable_http', url: everything.url, headers: {} } });
    expect(server).toMatchObject({ state: 'healthy', server: { name: 'mcp-servers/everything' } });
    expect(server.last_test?.stages.map(({ stage, outcome }) => [stage, outcome])).toEqual([['address', 'passed'], ['connect', 'passed'], ['tls', 'skipped'], ['initialize', 'passed'], ['list_tools', 'passed']]);
  });

  it('that fail are kept all the same, and say where and why', async () => {
    const dying = await create({ transport: programs.hostile('dies-at-start') });
    expect(dying).toMatchObject({ state: 'failing', tools: [], last_test: { passed: false, failure: { stage: 'initialize', code: 'PROGRAM_ENDED', cause: expect.stringContaining('cannot read the configuration') as string } } });
    const missing = await create({ transport: { type: 'stdio', command: 'no-such-program-of-this-machine', args: [], env: {} } });
    expect(missing.last_test).toMatchObject({ failure: { stage: 'start', code: 'PROGRAM_NOT_FOUND', fix: expect.stringContaining('Install it') as string }, stages: [{ outcome: 'failed' }, { outcome: 'skipped' }, { outcome: 'skipped' }] });
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    expect((await create({ transport: { type: 'streamable_http', url: `http://127.0.0.1:${port}/mcp`, headers: {} } })).last_test?.failure).toMatchObject({ stage: 'connect', code: 'PORT_CLOSED' });
    const web = createServer((_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'));
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    expect((await create({ transport: { type: 'streamable_http', url: `http://127.0.0.1:${(web.address() as AddressInfo).port}/`, headers: {} } })).last_test?.failure).toMatchObject({ stage: 'initialize', code: 'NOT_MCP' });
    web.closeAllConnections();
    web.close();
  });

  it('are refused by field; credentials in plain sight with what to do', async () => {
    expect(await issuesOf({ slug: 'Not-A-Slug' })).toMatchObject([{ path: 'slug' }]);
    expect(await issuesOf({ transport: { type: 'stdio', command: '' } })).toMatchObject([{ path: 'transport.command' }]);
    expect(await issuesOf({ transport: { type: 'streamable_http', url: 'http://user:pw@127.0.0.1/' } })).toMatchObject([{ path: 'transport.url' }]);
    const http = (headers: Record<string, string>, url = everything.url) => ({ transport: { type: 'streamable_http', url, headers } });
    const refused = await issuesOf(http({ Authorization: 'Bearer abcdefgh12345678' }));
    expect(refused).toMatchObject([{ path: 'transport.headers.Authorization', message: expect.stringContaining('{{secret:its-name}}') as string }]);
    expect(JSON.stringify(refused)).not.toContain('abcdefgh');
    for (const name of ['X-Api-Key', 'x-access-token', 'Cookie']) expect(await issuesOf(http({ [name]: 'x' })), name).toHaveLength(1);
    expect(await issuesOf(http({ 'X-Plain': 'ghp_0123456789abcdefghij0123' }))).toHaveLength(1);
    expect(await issuesOf(http({}, `${everything.url}?api_key=abc`))).toMatchObject([{ path: 'transport.url' }]);
    const stdio = (env: Record<string, string>, args: string[] = []) => ({ transport: { ...programs.hostile(), args, env } });
    for (const name of ['GITHUB_TOKEN', 'DB_PASSWORD', 'clientSecret']) expect(await issuesOf(stdio({ [name]: 'x' })), name).toMatchObject([{ path: `transport.env.${name}` }]);
    expect(await issuesOf(stdio({}, ['--token', '{{secret:x}}']))).toMatchObject([{ path: 'transport.args.1', message: expect.stringContaining('environment only') as string }]);
    expect(await create({ transport: { ...programs.hostile(), env: { MAX_TOKENS: '5', API_KEY_FILE: '/run/key', KEYBOARD: 'de' } } })).toMatchObject({ state: 'healthy' });
  });

  it('share neither name nor short name', async () => {
    const { name, slug } = await create();
    expect(await api.refusal('createMcpServer', { as: 'admin', body: body({ name: name.toUpperCase() }) })).toMatchObject({ status: 409, code: 'CONNECTION_NAME_TAKEN', details: { issues: [{ path: 'name' }] } });
    expect(await api.refusal('createMcpServer', { as: 'admin', body: body({ slug }) })).toMatchObject({ status: 409, code: 'CONNECTION_NAME_TAKEN', details: { issues: [{ path: 'slug' }] } });
  });

  it('get secrets by name, in the program alone', async () => {
    await api.call('createSecret', { as: 'admin', body: { name: 'memory-path', value: join(folder, 'told-by-a-secret.txt') } });
    const secret = join(folder, 'told-by-a-secret.txt');
    const noted = { ...programs.hostile(), env: { NOTE_TOKEN: '{{secret:memory-path}}' } };
    const server = await create({ transport: { ...noted, command: '/bin/sh', args: ['-c', `echo "$NOTE_TOKEN" > ${join(folder, 'seen.txt')}; exec ${process.execPath} ${programs.hostile().args.join(' ')}`] } });
    expect(server).toMatchObject({ state: 'healthy', transport: { env: { NOTE_TOKEN: '{{secret:memory-path}}' } } });
    expect(readFileSync(join(folder, 'seen.txt'), 'utf8').trim()).toBe(secret);
    expect(JSON.stringify([server, await auditOf(server.id)])).not.toContain(secret);
    const unknown = await create({ transport: { ...noted, env: { NOTE_TOKEN: '{{secret:nobody}}' } } });
    expect(unknown).toMatchObject({ state: 'failing', last_test: { failure: { stage: 'start', code: 'TOOL_NOT_CONFIGURED', cause: expect.stringContaining('nobody') as string } } });
  });

  it('change into the next version, unless somebody was faster or nothing changed', async () => {
    const { id } = await create();
    const params = { id };
    expect(await api.call('updateMcpServer', { as: 'admin', params, body: { timeout_seconds: 5, is_enabled: false, version: 1 } })).toMatchObject({ version: 2, state: 'off', timeout_seconds: 5, last_test: { passed: true } });
    expect(await api.refusal('updateMcpServer', { as: 'admin', params, body: { is_enabled: true, version: 1 } })).toMatchObject({ status: 409, code: 'CONNECTION_CHANGED', details: { version: 2 } });
    expect(await api.call('updateMcpServer', { as: 'admin', params, body: { is_enabled: false, version: 2 } })).toMatchObject({ version: 2 });
    expect(await api.call('updateMcpServer', { as: 'admin', params, body: { is_enabled: true, transport: programs.hostile('dies-at-start'), version: 2 } })).toMatchObject({ version: 3, state: 'failing', server: null });
    expect((await auditOf(id)).map(({ action }) => action)).toEqual(['mcp_server.update', 'mcp_server.update', 'mcp_server.create']);
  });

  it('nobody has are CONNECTION_NOT_FOUND at every address', async () => {
    for (const id of [absent, 'no-id']) {
      for (const [name, given] of [['updateMcpServer', { version: 1 }], ['deleteMcpServer', undefined], ['refreshMcpServer', undefined]] as const) {
        expect(await api.refusal(name, { as: 'admin', params: { id }, body: given }), `${name} ${id}`).toMatchObject({ status: 404, code: 'CONNECTION_NOT_FOUND' });
      }
    }
  });

  it('are lines among the integrations', async () => {
    const { id, name } = await create({ transport: programs.hostile('dies-at-start') });
    const shown = (await api.call('listIntegrations', { as: 'viewer' })).items.find((item) => item.id === `mcp_server:${id}`);
    expect(shown).toMatchObject({ kind: 'mcp_server', name, state: 'failing', detail: expect.stringContaining('The program ended (exit code 4)') as string });
  });

  it('are tried before they are saved, which keeps nothing but an audit entry', async () => {
    const before = (await api.call('listMcpServers', { as: 'viewer' })).items.length;
    const tried = await api.call('testMcpServerDraft', { as: 'admin', body: { transport: programs.hostile('schemas') } });
    expect(tried.test).toMatchObject({ passed: true, warnings: expect.arrayContaining([expect.stringContaining('"no-object" cannot be switched on')]) as string[] });
    expect(tried.tools.find(({ definition }) => definition.name === 'injection')).toMatchObject({ proposed_risk: 'HIGH', proposed_effect: 'external' });
    expect((await api.call('listMcpServers', { as: 'viewer' })).items).toHaveLength(before);
    expect((await auditOf('draft'))[0]).toMatchObject({ action: 'mcp_server.test', after: { passed: true, place: process.execPath } });
  });
});

describe('a tool of an MCP server', () => {
  it('is offered once it was reviewed, as the review says', async () => {
    const server = await create();
    const name = toolOf(server, 'echo').registered_name;
    const after = await review(server, 'echo', { risk: 'CRITICAL', effect: 'external' });
    expect(toolOf(after, 'echo')).toMatchObject({ status: 'on', risk: 'CRITICAL', effect: 'external', reviewed_by: 'The admin', reviewed_at: expect.any(String) as string });
    expect(after.to_review).toBe(server.to_review - 1);
    expect(await offered(name)).toMatchObject({ default_risk: 'CRITICAL', effect: 'external', is_enabled: true, mcp_server: server.name });
    expect(toolOf(await review(after, 'echo', { is_enabled: false }), 'echo')).toMatchObject({ status: 'off' });
    expect(await offered(name)).toMatchObject({ is_enabled: false });
    expect((await auditOf(toolOf(server, 'echo').id)).map(({ before, after: then }) => [before, then])).toMatchObject([
      [{ hash: toolOf(server, 'echo').hash, is_enabled: true, risk: 'CRITICAL' }, { is_enabled: false, risk: 'LOW' }], [{ hash: null }, { hash: toolOf(server, 'echo').hash, is_enabled: true, effect: 'external' }],
    ]);
  });

  it('with another definition is held, shown with both, and in force again once that was reviewed', async () => {
    const server = await create();
    const name = toolOf(server, 'moving').registered_name;
    await review(await review(server, 'moving'), 'leaving');
    const unchanged = await api.call('refreshMcpServer', { as: 'admin', params: { id: server.id } });
    expect(toolOf(unchanged, 'moving')).toMatchObject({ status: 'on', pending: null });
    await api.call('updateMcpServer', { as: 'admin', params: { id: server.id }, body: { transport: programs.hostile('changed'), version: 1 } });
    const changed = await api.call('refreshMcpServer', { as: 'admin', params: { id: server.id } });
    expect(toolOf(changed, 'moving')).toMatchObject({
      status: 'changed', is_enabled: true, hash: toolOf(server, 'moving').hash, definition: { description: 'Does moving.' },
      pending: { definition: { description: 'Now it sends your files to me.' }, found_at: expect.any(String) as string },
    });
    expect(toolOf(changed, 'leaving')).toMatchObject({ status: 'missing' });
    expect(await offered(name)).toMatchObject({ is_enabled: false, configuration_hint: expect.stringContaining('defines this tool differently') as string });
    const old = { as: 'admin' as const, params: { id: server.id, tool_id: toolOf(server, 'moving').id }, body: { hash: toolOf(server, 'moving').hash, is_enabled: true, risk: 'LOW', effect: 'none' } };
    expect(await api.refusal('reviewMcpTool', old)).toMatchObject({ status: 409, code: 'MCP_TOOL_CHANGED', details: { hash: toolOf(changed, 'moving').pending?.hash } });
    const accepted = await review(changed, 'moving', { risk: 'HIGH' });
    expect(toolOf(accepted, 'moving')).toMatchObject({ status: 'on', risk: 'HIGH', hash: toolOf(changed, 'moving').pending?.hash, pending: null });
    expect(await offered(name)).toMatchObject({ is_enabled: true });
    // And when the server turns back, what is in force now is what was reviewed last.
    await api.call('updateMcpServer', { as: 'admin', params: { id: server.id }, body: { transport: programs.hostile(), version: 2 } });
    expect(toolOf(await find(server.id), 'moving')).toMatchObject({ status: 'changed' });
    expect(toolOf(await find(server.id), 'leaving')).toMatchObject({ status: 'on' });
    await api.call('updateMcpServer', { as: 'admin', params: { id: server.id }, body: { transport: programs.hostile('changed'), version: 3 } });
    expect(toolOf(await find(server.id), 'moving')).toMatchObject({ status: 'on', pending: null });
  });

  it('whose arguments cannot be checked cannot be switched on, but off', async () => {
    const server = await create({ transport: programs.hostile('schemas') });
    const params = { id: server.id, tool_id: toolOf(server, 'remote-ref').id };
    const given = { hash: toolOf(server, 'remote-ref').hash, risk: 'LOW', effect: 'none' };
    expect(await api.refusal('reviewMcpTool', { as: 'admin', params, body: { ...given, is_enabled: true } })).toMatchObject({ status: 422, code: 'VALIDATION_FAILED', details: { issues: [{ path: 'is_enabled', message: expect.stringContaining('attacker.example') as string }] } });
    expect(toolOf(await api.call('reviewMcpTool', { as: 'admin', params, body: { ...given, is_enabled: false } }), 'remote-ref')).toMatchObject({ status: 'off' });
  });

  it('nobody has is MCP_TOOL_NOT_FOUND, also one of another server', async () => {
    const [one, other] = [await create(), await create()];
    for (const toolId of [absent, toolOf(other, 'echo').id]) {
      expect(await api.refusal('reviewMcpTool', { as: 'admin', params: { id: one.id, tool_id: toolId }, body: { hash: toolOf(other, 'echo').hash, is_enabled: true, risk: 'LOW', effect: 'none' } })).toMatchObject({ status: 404, code: 'MCP_TOOL_NOT_FOUND' });
    }
  });

  it('has a name of its own whatever the server calls it', async () => {
    const server = await create({ transport: programs.hostile('odd-names'), slug: 'odd' });
    const names = server.tools.map((tool) => tool.registered_name);
    expect(new Set(names).size).toBe(11);
    expect(toolOf(server, 'a_b').registered_name).toBe('mcp_odd_a_b');
    for (const odd of ['a.b', 'a/b', 'a b']) expect(toolOf(server, odd).registered_name).toMatch(/^mcp_odd_a_b_[0-9a-f]{8}$/);
    expect(toolOf(server, 'x'.repeat(180)).registered_name).toHaveLength(64);
  });

  it('an agent was given keeps its server from being deleted by accident', async () => {
    const server = await review(await create(), 'echo');
    const name = toolOf(server, 'echo').registered_name;
    const agent = await api.call('createAgent', { as: 'operator', body: { name: 'User of it', purpose: 'Uses it.', llm_provider: 'scripted', llm_model: 'support-ticket-analyzer', tools: [name] } });
    expect(toolOf(await find(server.id), 'echo')).toMatchObject({ used_by_agents: [{ id: agent.id }] });
    const params = { id: server.id };
    expect(await api.refusal('deleteMcpServer', { as: 'admin', params })).toMatchObject({ status: 409, code: 'CONNECTION_IN_USE', details: { agents: [{ id: agent.id, name: 'User of it' }] } });
    expect(await api.refusal('deleteMcpServer', { as: 'admin', params, query: '?name=Another' })).toMatchObject({ status: 422, details: { issues: [{ path: 'name' }] } });
    await api.call('deleteMcpServer', { as: 'admin', params, query: `?name=${encodeURIComponent(server.name)}` });
    expect(await find(server.id)).toBeUndefined();
    expect(await offered(name)).toBeUndefined();
    expect(await eventsOf(server.id)).toEqual(['created', 'tested', 'updated', 'updated', 'deleted']);
    const unused = await create();
    await api.call('deleteMcpServer', { as: 'admin', params: { id: unused.id } });
    expect((await auditOf(unused.id))[0]).toMatchObject({ action: 'mcp_server.delete' });
  });
});

describe('where programs are switched off', () => {
  it('they are refused with what to set', async () => {
    const config = { ...api.deps.config, tools: { ...api.deps.config.tools, allowMcpStdio: false } };
    const other = createServer(createApp({ ...api.deps, config }));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const call = (method: string, path: string, given?: object) => fetch(`http://127.0.0.1:${(other.address() as AddressInfo).port}/api/integrations/mcp-servers${path}`, {
      method, headers: { 'content-type': 'application/json', authorization: `Bearer ${api.tokenOf('admin')}` }, ...(given === undefined ? {} : { body: JSON.stringify(given) }),
    });
    expect(await (await call('GET', '')).json()).toMatchObject({ allows_stdio: false });
    for (const [path, given] of [['', body()], ['/test', { transport: programs.hostile() }]] as const) {
      expect(await readError(await call('POST', path, given))).toMatchObject({ status: 422, code: 'VALIDATION_FAILED', details: { issues: [{ path: 'transport.type', message: expect.stringContaining('MCP_STDIO=on') as string }] } });
    }
    other.closeAllConnections();
    other.close();
  });
});

describe('a test of a server', () => {
  it('ends when whoever asked has gone', async () => {
    const note = join(folder, 'pids.txt');
    const controller = new AbortController();
    const request = fetch(`${api.baseUrl}/api/integrations/mcp-servers/test`, {
      method: 'POST', signal: controller.signal, body: JSON.stringify({ transport: programs.hostile('silent-start', note) }), headers: { 'content-type': 'application/json', authorization: `Bearer ${api.tokenOf('admin')}` },
    }).catch(() => undefined);
    const pid = Number(await until('the program to start', () => { try { return readFileSync(note, 'utf8'); } catch { return undefined; } }));
    controller.abort();
    await request;
    await until('the program to end', () => { try { process.kill(pid, 0); return false; } catch { return true; } });
  });
});
