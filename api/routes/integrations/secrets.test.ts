import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreateSecretBody } from '../../../contracts/secrets.ts';
import { listAuditEntries } from '../../../db/repositories/audit.repository.ts';
import { createSecrets } from '../../../engine/secrets/index.ts';
import { newId } from '../../../platform/ids.ts';
import { createSecretBox } from '../../../platform/secret-box.ts';
import { type ApiServer, startApiServer } from '../../../tests/support/api-server.ts';

let api: ApiServer;
beforeAll(async () => {
  api = await startApiServer();
});
afterAll(() => api.close());

const absent = '019a0000-0000-7000-8000-000000000000';
const value = 'ghp_a-token-that-is-never-shown-a91f';
let count = 0;
const create = (given: Partial<CreateSecretBody> = {}) => api.call('createSecret', { as: 'admin', body: { name: `secret_${++count}`, value, ...given } });
const find = async (id: string) => (await api.call('listSecrets', { as: 'viewer' })).items.find((secret) => secret.id === id);
const auditOf = (id: string) => listAuditEntries(api.database.db, { objectId: id, limit: 50 });
const eventsOf = async (id: string): Promise<string[]> =>
  (await api.database.db.selectFrom('events').select('data').where('type', '=', 'connection-changed').orderBy('id').execute())
    .map(({ data }) => data as { connection_id: string; change: string }).filter((data) => data.connection_id === id).map(({ change }) => change);
/** Settings that refer to a secret, as admins leave them. */
const refer = async (name: string): Promise<void> => {
  await api.database.db.insertInto('mcp_servers').values({ id: newId(), name: `GitHub of ${name}`, slug: name.replaceAll('_', ''), timeout_seconds: 60, created_by: null, updated_by: null, transport: JSON.stringify({ type: 'streamable_http', url: 'https://mcp.example.com/', headers: { authorization: `Bearer {{ secret:${name} }}` } }) }).execute();
  await api.database.db.insertInto('tool_settings').values({ tool_name: `web_search_${name}`, options: JSON.stringify({ provider: 'brave', api_key_secret: name, note: 'other_secret' }) }).execute();
};

describe('secrets', () => {
  it('are kept sealed, shown by their last four characters, and told to nobody', async () => {
    const secret = await create({ hosts: ['api.github.com', '*.Example.com:8443'], description: 'Of the bot.' });
    expect(secret).toMatchObject({ hint: '…a91f', hosts: ['api.github.com', '*.example.com:8443'], description: 'Of the bot.', is_readable: true, used_by: [], last_used_at: null, version: 1, updated_by: 'The admin' });
    expect(await find(secret.id)).toEqual(secret);
    const everything = await sql<{ all: string }>`select (select jsonb_agg(to_jsonb(s))::text from secrets s) || (select jsonb_agg(to_jsonb(a))::text from audit_log a) || (select jsonb_agg(to_jsonb(e))::text from events e) as all`.execute(api.database.db);
    expect(everything.rows[0]?.all).not.toContain('never-shown');
    expect(await auditOf(secret.id)).toMatchObject([{ action: 'secret.create', object_type: 'secret', before: null, after: { name: secret.name, hosts: secret.hosts } }]);
    expect(await eventsOf(secret.id)).toEqual(['created']);
  });

  it('change by version, value or rest alone, and an unchanged one stays', async () => {
    const { id, name } = await create();
    const params = { id };
    expect(await api.call('updateSecret', { as: 'admin', params, body: { hosts: ['a.example.com'], version: 1 } })).toMatchObject({ version: 2, hosts: ['a.example.com'], hint: '…a91f' });
    expect(await api.refusal('updateSecret', { as: 'admin', params, body: { hosts: [], version: 1 } })).toMatchObject({ status: 409, code: 'SECRET_CHANGED', details: { version: 2 } });
    expect(await api.call('updateSecret', { as: 'admin', params, body: { hosts: ['a.example.com'], version: 2 } })).toMatchObject({ version: 2 });
    expect(await api.call('updateSecret', { as: 'admin', params, body: { value: 'another-token-0b0b', version: 2 } })).toMatchObject({ version: 3, hint: '…0b0b', hosts: ['a.example.com'] });
    expect(await createSecrets(api.deps).reveal(`Bearer {{secret:${name}}}`)).toBe('Bearer another-token-0b0b');
    expect(await auditOf(id)).toMatchObject([{ action: 'secret.update', after: { value_replaced: true } }, { action: 'secret.update', before: { hosts: [] }, after: { hosts: ['a.example.com'] } }, { action: 'secret.create' }]);
    expect(JSON.stringify(await auditOf(id))).not.toMatch(/token|0b0b|a91f/);
    expect(await eventsOf(id)).toEqual(['created', 'updated', 'updated']);
  });

  it('of one name are one', async () => {
    const { name } = await create();
    expect(await api.refusal('createSecret', { as: 'admin', body: { name, value } })).toMatchObject({ status: 409, code: 'SECRET_NAME_TAKEN', details: { issues: [{ path: 'name' }] } });
  });

  it.each([
    ['a name with a space', { name: 'my secret' }, 'name'],
    ['an empty value', { value: '' }, 'value'],
    ['an address instead of a host', { hosts: ['https://api.example.com/path'] }, 'hosts.0'],
    ['every host', { hosts: ['*'] }, 'hosts.0'],
    ['a name that is the value', { name: 'hunter2', value: 'hunter2' }, 'name'],
    ['a description that holds the value', { description: `The token is ${value}.` }, 'description'],
  ])('with %s are refused, field by field', async (_what, given, path) => {
    const refused = await api.refusal('createSecret', { as: 'admin', body: { name: `refused_${++count}`, value, ...given } });
    expect(refused).toMatchObject({ status: 422, code: 'VALIDATION_FAILED' });
    expect((refused.details['issues'] as { path: string }[]).map((issue) => issue.path)).toContain(path);
    expect(JSON.stringify(refused)).not.toContain('never-shown');
  });

  it('that cannot be opened any more say so, and a new value mends them', async () => {
    const secret = await create();
    await api.database.db.updateTable('secrets').set({ value_sealed: createSecretBox('1'.repeat(64)).seal(value, `secret:${secret.id}`) }).where('id', '=', secret.id).execute();
    expect(await find(secret.id)).toMatchObject({ is_readable: false, hint: '…a91f' });
    expect(await api.call('updateSecret', { as: 'admin', params: { id: secret.id }, body: { value, version: 1 } })).toMatchObject({ is_readable: true });
  });

  it('in use are deleted only by name', async () => {
    const { id, name } = await create();
    await refer(name);
    const usedBy = [`MCP server "GitHub of ${name}"`, `web_search_${name}`];
    expect(await find(id)).toMatchObject({ used_by: usedBy });
    const params = { id };
    expect(await api.refusal('deleteSecret', { as: 'admin', params })).toMatchObject({ status: 409, code: 'SECRET_IN_USE', details: { used_by: usedBy } });
    expect(await api.refusal('deleteSecret', { as: 'admin', params, query: '?name=other' })).toMatchObject({ status: 422, details: { issues: [{ path: 'name' }] } });
    await api.call('deleteSecret', { as: 'admin', params, query: `?name=${name}` });
    expect(await find(id)).toBeUndefined();
    expect(await auditOf(id)).toMatchObject([{ action: 'secret.delete', before: { name } }, {}]);
    expect(await eventsOf(id)).toEqual(['created', 'deleted']);
    const idle = await create();
    await api.call('deleteSecret', { as: 'admin', params: { id: idle.id } });
    expect(await find(idle.id)).toBeUndefined();
  });

  it('nobody has are SECRET_NOT_FOUND', async () => {
    for (const id of [absent, 'no-id']) {
      expect(await api.refusal('updateSecret', { as: 'admin', params: { id }, body: { version: 1 } })).toMatchObject({ status: 404, code: 'SECRET_NOT_FOUND' });
      expect(await api.refusal('deleteSecret', { as: 'admin', params: { id } })).toMatchObject({ status: 404, code: 'SECRET_NOT_FOUND' });
    }
  });

  it('are changed by admins only, and listed for everyone who is signed in', async () => {
    const { id } = await create();
    for (const role of ['viewer', 'operator', 'approver'] as const) {
      for (const name of ['createSecret', 'updateSecret', 'deleteSecret'] as const) expect(await api.refusal(name, { as: role, params: { id }, body: {} }), `${role} ${name}`).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    }
    for (const name of ['listSecrets', 'createSecret', 'updateSecret', 'deleteSecret'] as const) expect(await api.refusal(name, { params: { id } }), name).toMatchObject({ status: 401 });
    expect(await api.refusal('createSecret', { as: 'admin', body: '{' })).toMatchObject({ status: 400, code: 'MALFORMED_JSON' });
  });
});
