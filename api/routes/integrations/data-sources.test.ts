import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CreateDataSourceBody } from '../../../contracts/data-sources.ts';
import { endpoints } from '../../../contracts/endpoints.ts';
import { listAuditEntries } from '../../../db/repositories/audit.repository.ts';
import { listDataSources, testDataSourceDraft } from '../../../engine/integrations/index.ts';
import { loadDataSources } from '../../../engine/tools/index.ts';
import { createSecretBox } from '../../../platform/secret-box.ts';
import { type ApiServer, startApiServer } from '../../../tests/support/api-server.ts';
import { createCertificate } from '../../../tests/support/certificate.ts';
import { startPostgresWithRoles } from '../../../tests/support/postgres-with-roles.ts';
import type { RealPostgres } from '../../../tests/support/real-postgres.ts';

const password = 'hunter2 is never shown, %41 or not';
let api: ApiServer;
let real: RealPostgres;
/** Host and port of the real server. */
let at: string;

beforeAll(async () => {
  real = await startPostgresWithRoles(password);
  at = new URL(real.connectionString).host;
  api = await startApiServer({ env: { MAESTRO_DATA_SOURCES: `support=postgres://postgres:${encodeURIComponent(password)}@${at}/postgres` } });
});
afterAll(async () => {
  await api.close();
  await real.stop();
});

const absent = '019a0000-0000-7000-8000-000000000000';
let count = 0;
const urlOf = (user = 'reader', database = 'postgres', host = at): string => `postgres://${user}@${host}/${database}`;
const body = (given: Partial<CreateDataSourceBody> = {}) => ({ name: `source_${++count}`, url: urlOf(), password, ...given });
const create = (given: Partial<CreateDataSourceBody> = {}) => api.call('createDataSource', { as: 'admin', body: body(given) });
const find = async (id: string) => (await api.call('listDataSources', { as: 'viewer' })).items.find((source) => source.id === id);
const draft = (given: Record<string, unknown>) => api.call('testDataSourceDraft', { as: 'admin', body: { url: urlOf(), ...given } });
const eventsOf = async (id: string): Promise<unknown[]> => {
  const rows = await api.database.db.selectFrom('events').select('data').where('type', '=', 'connection-changed').orderBy('id').execute();
  return rows.map(({ data }) => data as { connection_id: string; change: string }).filter((data) => data.connection_id === id).map((data) => data.change);
};
const auditOf = (id: string) => listAuditEntries(api.database.db, { objectId: id, limit: 50 });

const servers: { server: Server; sockets: Set<Socket> }[] = [];
afterEach(() => {
  for (const { server, sockets } of servers.splice(0)) {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
});
async function serve(onSocket: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onSocket(socket);
  });
  servers.push({ server, sockets });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('data sources', () => {
  it('of the configuration are shown without their password, tested, and not changed here', async () => {
    const shown = await find('support');
    expect(shown).toMatchObject({ id: 'support', name: 'support', url: `postgres://postgres@${at}/postgres`, has_password: true, is_built_in: true, state: 'untested', max_rows: 1_000 });
    for (const name of ['updateDataSource', 'deleteDataSource'] as const) {
      expect(await api.refusal(name, { as: 'admin', params: { id: 'support' }, ...(name === 'updateDataSource' ? { body: { version: 1 } } : {}) })).toMatchObject({ status: 409, code: 'CONNECTION_BUILT_IN' });
    }
    expect(await api.call('testDataSource', { as: 'admin', params: { id: 'support' } })).toMatchObject({ passed: true, warnings: [expect.stringContaining('superuser'), expect.stringContaining('CREATE ROLE maestro_reader')] });
    expect(await find('support')).toMatchObject({ state: 'healthy', last_test: { passed: true } });
    expect(await eventsOf('support')).toEqual(['tested']);
  });

  it('are added by an admin; the password is sealed and said nowhere, and agents can use them at once', async () => {
    const response = await api.request('POST', '/api/integrations/data-sources', { as: 'admin', body: body({ name: 'shop', description: 'Orders and customers.', readable_tables: ['orders', 'sales.*'] }) });
    expect(response.status).toBe(201);
    const { id } = endpoints.createDataSource.response.parse(await response.json());
    expect(response.headers.get('location')).toBe(`/api/integrations/data-sources/${id}`);
    expect(await find(id)).toMatchObject({ name: 'shop', url: urlOf(), has_password: true, is_built_in: false, state: 'untested', version: 1, updated_by: 'The admin', readable_tables: ['orders', 'sales.*'], statement_timeout_seconds: 30 });
    const everything = JSON.stringify([await find(id), await auditOf(id), await api.database.db.selectFrom('data_sources').selectAll().execute(), await api.database.db.selectFrom('events').select('data').execute()]);
    expect(everything).not.toContain('hunter2');
    expect(await auditOf(id)).toMatchObject([{ action: 'data_source.create', actor: { name: 'The admin' }, after: { name: 'shop', has_password: true } }]);
    expect(await eventsOf(id)).toEqual(['created']);

    const tool = (await api.deps.tools.current()).get('run_sql');
    const context = { signal: new AbortController().signal } as Parameters<typeof tool.execute>[1];
    expect((await tool.execute({ data_source: 'shop', query: 'select count(*) as n from orders' }, context)).output).toMatchObject({ rows: [{ n: 0 }] });
    await expect(tool.execute({ data_source: 'shop', query: 'select * from secrets' }, context)).rejects.toMatchObject({ code: 'TOOL_REFUSED', message: expect.stringMatching(/secrets may not be read here\. Readable: orders, sales\.\*/) as string });
    expect(JSON.stringify((await api.deps.tools.current()).toModelTools(['run_sql']))).toContain('shop: Orders and customers.');
    expect((await api.call('listDataSourceTables', { as: 'viewer', params: { id } })).items.map(({ name }) => name)).toEqual(['orders', 'sales.regions']);
    const integrations = (await api.call('listIntegrations', { as: 'viewer' })).items.filter(({ kind }) => kind === 'data_source');
    expect(integrations).toMatchObject([{ id: 'data_source:shop', state: 'healthy' }, { id: 'data_source:support', state: 'healthy' }]);
    await api.call('updateDataSource', { as: 'admin', params: { id }, body: { is_enabled: false, version: 1 } });
    expect((await api.deps.tools.current()).parseArguments('run_sql', { data_source: 'shop', query: 'select 1' })).toMatchObject({ ok: false });
  });

  it('are refused by field', async () => {
    const issuesOf = async (given: Record<string, unknown>): Promise<unknown> => {
      const refused = await api.refusal('createDataSource', { as: 'admin', body: { ...body(), ...given } });
      expect(refused, JSON.stringify(given)).toMatchObject({ status: 422, code: 'VALIDATION_FAILED' });
      return (refused.details['issues'] as { path: string }[]).map(({ path }) => path);
    };
    expect(await issuesOf({ name: 'Shop' })).toEqual(['name']);
    expect(await issuesOf({ max_rows: 0 })).toEqual(['max_rows']);
    expect(await issuesOf({ readable_tables: ['a.b.c'] })).toEqual(['readable_tables.0']);
    const badUrls = [
      'mysql://u@h/d', `postgres://reader:${'x'}@h/d`, 'postgres://h/d', 'postgres://u@h', 'postgres://u@h/', 'postgres://u@h/a/b', 'postgres://u@h/d#x', 'postgres://u@%2Fvar%2Frun/d', 'postgres://u@h/d?sslmode=prefer', 'postgres://u@h/d?sslmode=no-verify',
      'postgres://u@h/d?sslmode=disable&sslmode=require', 'postgres://u@h/d?host=/var/run', 'postgres://u@h/d?password=p', 'postgres://u@h/%FF', 'postgres://%F0@h/d', 'postgres://u%00@h/d', 'postgres://u@h/d?sslrootcert=/etc/passwd', 'postgres://u@h/d?options=-c%20statement_timeout%3D0', api.database.connectionString.replace(':postgres@', '@'),
    ];
    for (const url of badUrls) expect(await issuesOf({ url }), url).toContain('url');
    expect(await api.request('POST', '/api/integrations/data-sources', { as: 'admin', body: '{' })).toMatchObject({ status: 400 });
  });

  it('share no name, not even with one of the configuration', async () => {
    const { id } = await create({ name: 'one' });
    for (const name of ['one', 'support']) expect(await api.refusal('createDataSource', { as: 'admin', body: body({ name }) })).toMatchObject({ status: 409, code: 'CONNECTION_NAME_TAKEN', details: { issues: [{ path: 'name' }] } });
    expect(await api.refusal('updateDataSource', { as: 'admin', params: { id }, body: { name: 'support', version: 1 } })).toMatchObject({ status: 409, code: 'CONNECTION_NAME_TAKEN' });
  });

  it('with the name of a configured one, which came later, are not used, and say so', async () => {
    const { id } = await create({ name: 'late', url: urlOf('reader', 'elsewhere') });
    const config = { ...api.deps.config, tools: { ...api.deps.config.tools, dataSources: { late: real.connectionString } } };
    const deps = { ...api.deps, config };
    expect((await loadDataSources(deps)).filter(({ name }) => name === 'late')).toMatchObject([{ connectionString: real.connectionString }]);
    expect((await listDataSources(deps)).filter(({ name }) => name === 'late')).toMatchObject([{ id: 'late', is_built_in: true }, { id, state: 'failing', used_by_agents: [] }]);
  });

  it('change into the next version, unless somebody was faster or nothing changed', async () => {
    const { id } = await create();
    const params = { id };
    await api.call('testDataSource', { as: 'admin', params });
    expect(await api.call('updateDataSource', { as: 'admin', params, body: { is_enabled: false, max_rows: 5, version: 1 } })).toMatchObject({ version: 2, state: 'off', max_rows: 5, has_password: true, last_test: { passed: true } });
    expect(await api.refusal('updateDataSource', { as: 'admin', params, body: { is_enabled: true, version: 1 } })).toMatchObject({ status: 409, code: 'CONNECTION_CHANGED', details: { version: 2 } });
    expect(await api.call('updateDataSource', { as: 'admin', params, body: { is_enabled: false, version: 2 } })).toMatchObject({ version: 2 });
    expect(await api.call('updateDataSource', { as: 'admin', params, body: { password: 'another', version: 2 } })).toMatchObject({ version: 3, last_test: null });
    expect(await api.call('updateDataSource', { as: 'admin', params, body: { password: null, version: 3 } })).toMatchObject({ version: 4, has_password: false });
    expect((await auditOf(id)).map(({ action, before, after }) => [action, before, after])).toMatchObject([
      ['data_source.update', { has_password: true }, { has_password: false }], ['data_source.update', { has_password: true }, { has_password: true, password_replaced: true }],
      ['data_source.update', { max_rows: 1_000 }, { max_rows: 5 }], ['data_source.test', null, { passed: true, address: urlOf() }], ['data_source.create', null, {}],
    ]);
    expect(await eventsOf(id)).toEqual(['created', 'tested', 'updated', 'updated', 'updated']);
  });

  it.each([['host', () => urlOf('reader', 'postgres', 'localhost:1')], ['port', () => urlOf('reader', 'postgres', '127.0.0.1:1')], ['role', () => urlOf('other')], ['database', () => urlOf('reader', 'other')]])('lose their password when they move to another %s', async (_what, url) => {
    const { id } = await create();
    expect(await api.call('updateDataSource', { as: 'admin', params: { id }, body: { url: url(), version: 1 } })).toMatchObject({ has_password: false, version: 2 });
  });

  it('keep their password when only the encryption changes, and with one given anew', async () => {
    const { id } = await create();
    expect(await api.call('updateDataSource', { as: 'admin', params: { id }, body: { url: `${urlOf()}?sslmode=disable`, version: 1 } })).toMatchObject({ has_password: true, version: 2 });
    expect(await api.call('updateDataSource', { as: 'admin', params: { id }, body: { url: urlOf('writer'), password: 'p', version: 2 } })).toMatchObject({ has_password: true, version: 3 });
  });

  it('that agents may use are deleted only by name, and are gone with password and test', async () => {
    const { id, name } = await create();
    const agent = await api.call('createAgent', { as: 'operator', body: { name: 'Reader of it', purpose: 'Reads.', llm_provider: 'scripted', llm_model: 'support-ticket-analyzer', tools: ['run_sql'] } });
    await api.call('testDataSource', { as: 'admin', params: { id } });
    expect(await find(id)).toMatchObject({ used_by_agents: [{ id: agent.id, name: 'Reader of it' }] });
    const params = { id };
    expect(await api.refusal('deleteDataSource', { as: 'admin', params })).toMatchObject({ status: 409, code: 'CONNECTION_IN_USE', details: { agents: [{ id: agent.id }] } });
    expect(await api.refusal('deleteDataSource', { as: 'admin', params, query: '?name=other' })).toMatchObject({ status: 422, details: { issues: [{ path: 'name' }] } });
    await api.call('deleteDataSource', { as: 'admin', params, query: `?name=${name}` });
    expect(await find(id)).toBeUndefined();
    expect(await api.database.db.selectFrom('data_source_states').selectAll().where('data_source_id', '=', id).execute()).toEqual([]);
    expect((await eventsOf(id)).at(-1)).toBe('deleted');
    const off = await create({ is_enabled: false });
    await api.call('deleteDataSource', { as: 'admin', params: { id: off.id } });
  });

  it('sealed with another key are failing, say why to whoever tests, and give the tool a plain error', async () => {
    const { id, name } = await create();
    await api.database.db.updateTable('data_sources').set({ password_sealed: createSecretBox('1'.repeat(64)).seal(password, `data-source:${id}`) }).where('id', '=', id).execute();
    api.deps.tools.forget();
    expect(await find(id)).toMatchObject({ state: 'failing' });
    expect(await api.call('testDataSource', { as: 'admin', params: { id } })).toMatchObject({ passed: false, failure: { stage: 'sign_in', code: 'PASSWORD_UNREADABLE' } });
    const tool = (await api.deps.tools.current()).get('run_sql');
    await expect(tool.execute({ data_source: name, query: 'select 1' }, { signal: new AbortController().signal } as Parameters<typeof tool.execute>[1])).rejects.toMatchObject({ code: 'TOOL_NOT_CONFIGURED', message: expect.stringContaining('MAESTRO_ENCRYPTION_KEY') as string });
    await api.call('deleteDataSource', { as: 'admin', params: { id }, query: `?name=${name}` });
  });

  it('nobody has are CONNECTION_NOT_FOUND at every address', async () => {
    for (const id of [absent, 'no_such', 'No Id']) {
      for (const name of ['updateDataSource', 'deleteDataSource', 'testDataSource', 'listDataSourceTables'] as const) {
        expect(await api.refusal(name, { as: 'admin', params: { id }, ...(name === 'updateDataSource' ? { body: { version: 1 } } : {}) }), `${name} ${id}`).toMatchObject({ status: 404, code: 'CONNECTION_NOT_FOUND' });
      }
    }
    expect(await api.refusal('testDataSourceDraft', { as: 'admin', body: { url: urlOf(), data_source_id: absent } })).toMatchObject({ status: 404, code: 'CONNECTION_NOT_FOUND' });
  });

  it('are for signed-in people to see and for admins to change', async () => {
    const names = ['listDataSources', 'createDataSource', 'testDataSourceDraft', 'updateDataSource', 'deleteDataSource', 'testDataSource', 'listDataSourceTables'] as const;
    for (const name of names) {
      expect(await api.refusal(name, { params: { id: absent } }), name).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
      if (endpoints[name].access === 'integrations:write') expect(await api.refusal(name, { as: 'operator', params: { id: absent }, body: {} }), name).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    }
  });
});

describe('a test', () => {
  const outcomes = (test: { stages: { stage: string; outcome: string }[] }) => test.stages.map(({ stage, outcome }) => `${stage} ${outcome}`);

  it('of a role that only reads passes every stage without a warning, and tells what agents would see', async () => {
    const test = await draft({ password });
    expect(test).toMatchObject({ passed: true, failure: null, warnings: [] });
    expect(outcomes(test)).toEqual(['address passed', 'connect passed', 'tls skipped', 'sign_in passed', 'identity passed', 'rights passed', 'tables passed']);
    expect(test.stages.at(-1)?.detail).toBe('Agents may read 3 tables: orders, secrets, sales.regions.');
  });

  it('of a role that may do more warns of each right, with the statements for a better one', async () => {
    const { warnings, passed } = await draft({ url: urlOf('writer') });
    expect(passed).toBe(true);
    expect(warnings.slice(0, -1)).toEqual(['The role writer has BYPASSRLS: row level security does not hide anything from agents.', 'The role writer may change one table (public.orders).', 'The role writer may create objects in public.']);
    expect(warnings.at(-1)).toContain('GRANT SELECT ON ALL TABLES IN SCHEMA public TO maestro_reader;');
    // The statements do what they promise.
    const client = new pg.Client({ connectionString: real.connectionString });
    await client.connect();
    for (const statement of (warnings.at(-1) ?? '').split('\n').slice(1)) await client.query(statement);
    await client.end();
    expect(await draft({ url: urlOf('maestro_reader') })).toMatchObject({ passed: true, warnings: [] });
  });

  it.each<[what: string, given: () => Record<string, unknown>, stage: string, code: string, cause: RegExp, fix: RegExp]>([
    ['a wrong password', () => ({ password: 'wrong' }), 'sign_in', 'WRONG_PASSWORD', /refused the password of the role reader/, /ALTER ROLE "reader" PASSWORD/],
    ['no password', () => ({}), 'sign_in', 'PASSWORD_MISSING', /none is given/, /Enter the password/],
    ['a role that is not there', () => ({ url: urlOf('nobody') }), 'sign_in', 'ROLE_NOT_FOUND', /no role nobody/, /CREATE ROLE/],
    ['a role that is not admitted', () => ({ url: urlOf('barred') }), 'sign_in', 'NOT_ADMITTED', /pg_hba\.conf/, /sslmode=verify-full/],
    ['a database that is not there', () => ({ url: urlOf('writer', 'none') }), 'sign_in', 'DATABASE_NOT_FOUND', /no database named none/, /last slash/],
    ['a role that may read nothing', () => ({ url: urlOf('blind') }), 'tables', 'NO_TABLES', /may read no table/, /GRANT SELECT/],
    ['a host that is not there', () => ({ url: urlOf('reader', 'postgres', 'no-such-host.invalid') }), 'address', 'HOST_NOT_FOUND', /no-such-host\.invalid/, /spelling of the host/],
    ['a port where nothing listens', () => ({ url: urlOf('reader', 'postgres', '127.0.0.1:1') }), 'connect', 'PORT_CLOSED', /Nothing listens at 127\.0\.0\.1:1/, /listen_addresses/],
    ['TLS where there is none', () => ({ url: `${urlOf()}?sslmode=verify-full` }), 'tls', 'TLS_NOT_OFFERED', /does not offer TLS/, /ssl at the server/],
  ])('of %s says so, with a likely fix', async (_what, given, stage, code, cause, fix) => {
    const test = await draft(given());
    expect(test).toMatchObject({ passed: false, failure: { stage, code, cause: expect.stringMatching(cause) as string, fix: expect.stringMatching(fix) as string } });
    expect(JSON.stringify(test)).not.toMatch(/hunter2|"wrong"/);
  });

  it.each(['require', 'verify-full'])('over TLS with sslmode=%s refuses a certificate that is not trusted, before any password is sent', async (mode) => {
    const { cert, key } = createCertificate({ hosts: ['127.0.0.1'] });
    const seen: string[] = [];
    const host = await serve((socket) => socket.once('data', () => {
      socket.write('S');
      new TLSSocket(socket, { isServer: true, secureContext: createSecureContext({ cert, key }) }).on('error', () => undefined).on('data', (chunk: Buffer) => seen.push(chunk.toString('latin1')));
    }));
    expect(await draft({ url: `${urlOf('reader', 'postgres', host)}?sslmode=${mode}`, password })).toMatchObject({ passed: false, failure: { stage: 'tls', code: 'DEPTH_ZERO_SELF_SIGNED_CERT', cause: expect.stringContaining('self-signed') as string, fix: expect.stringContaining('NODE_EXTRA_CA_CERTS') as string } });
    expect(seen).toEqual([]);
  });

  it('of what is no PostgreSQL says so', async () => {
    const host = await serve((socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
    expect(await draft({ url: urlOf('reader', 'postgres', host) })).toMatchObject({ failure: { stage: 'sign_in', code: 'NOT_POSTGRES' } });
    expect(await draft({ url: `${urlOf('reader', 'postgres', host)}?sslmode=require` })).toMatchObject({ failure: { stage: 'tls', code: 'NOT_POSTGRES' } });
  });

  it('of a server that takes the connection and never answers ends in time', async () => {
    const host = await serve((socket) => socket.resume());
    const short = { address: 2_000, connect: 2_000, tls: 150, sign_in: 150, identity: 150, rights: 150, tables: 150, total: 5_000 };
    const ask = (url: string) => testDataSourceDraft({ ...api.deps, timeouts: short }, { body: { url }, actor: { userId: null, name: 'Test' }, signal: new AbortController().signal });
    expect(await ask(urlOf('reader', 'postgres', host))).toMatchObject({ failure: { stage: 'sign_in', code: 'SIGN_IN_TIMEOUT', cause: expect.stringContaining('in time') as string } });
    expect(await ask(`${urlOf('reader', 'postgres', host)}?sslmode=require`)).toMatchObject({ failure: { stage: 'tls', code: 'TLS_TIMEOUT' } });
  });

  it('of Maestro\'s own database is refused by what it holds, whatever it is called', async () => {
    const own = new URL(api.database.connectionString);
    expect(await draft({ url: `postgres://${own.username}@localhost.:${own.port}${own.pathname}`, password: own.password === '' ? null : own.password })).toMatchObject({ failure: { stage: expect.stringMatching(/identity|address/) as string } });
    expect(await draft({ url: `postgres://${own.username}@127.0.0.1:${own.port}${own.pathname}`, password: own.password === '' ? null : own.password })).toMatchObject({ passed: false, failure: { stage: 'identity', code: 'OWN_DATABASE' } });
  });

  it('before saving uses the stored password at its own place only', async () => {
    const { id } = await create();
    expect(await draft({ data_source_id: id })).toMatchObject({ passed: true });
    expect(await draft({ data_source_id: id, url: `${urlOf()}?sslmode=disable` })).toMatchObject({ passed: true });
    expect(await draft({ data_source_id: id, password: null })).toMatchObject({ failure: { code: 'PASSWORD_MISSING' } });
    const seen: string[] = [];
    // Asks for the password in the clear (R, length 8, code 3), and refuses whatever comes.
    const refusal = Buffer.from('SFATAL\0C28P01\0Mno\0\0');
    const host = await serve((socket) => {
      let asked = false;
      socket.on('data', (chunk) => {
        seen.push(chunk.toString('latin1'));
        if (asked) socket.end(Buffer.concat([Buffer.from([0x45, 0, 0, 0, refusal.length + 4]), refusal]));
        else socket.write(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]));
        asked = true;
      });
    });
    expect(await draft({ data_source_id: id, url: urlOf('reader', 'postgres', host) })).toMatchObject({ passed: false, failure: { stage: 'sign_in', code: 'PASSWORD_WITHHELD' } });
    expect(seen.join('')).not.toContain('hunter2');
    expect(await find(id)).toMatchObject({ last_test: null });
    expect(await auditOf(id)).toMatchObject([{ action: 'data_source.test', after: { passed: false } }, {}, {}, {}, { action: 'data_source.create' }]);
  });

  it('warns when agents would be shown none of a table that is to be read', async () => {
    const { id } = await create({ readable_tables: ['orders', 'gone', 'sales.*', 'other.*'] });
    expect(await api.call('testDataSource', { as: 'admin', params: { id } })).toMatchObject({ passed: true, warnings: ['No table the role may read is named gone, other.*.'] });
  });
});
