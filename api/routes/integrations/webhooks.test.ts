import { sql } from 'kysely';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listAuditEntries } from '../../../db/repositories/audit.repository.ts';
import { type ApiServer, startApiServer } from '../../../tests/support/api-server.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../../../tests/support/webhook-receiver.ts';

let api: ApiServer;
let receiver: WebhookReceiver;
beforeAll(async () => {
  [api, receiver] = await Promise.all([startApiServer({ env: { HTTP_TOOL_ALLOW_HOSTS: '127.0.0.1', MAESTRO_DATA_SOURCES: '' } }), startWebhookReceiver()]);
});
afterAll(async () => {
  await Promise.all([api.close(), receiver.close()]);
});
beforeEach(() => {
  receiver.received.length = 0;
  receiver.answers.length = 0;
});

const absent = '019a0000-0000-7000-8000-000000000000';
const create = (given: object = {}) => api.call('createWebhook', { as: 'admin', body: { name: 'Chat', url: receiver.url, ...given } });
const find = async (id: string) => (await api.call('listWebhooks', { as: 'admin' })).items.find((webhook) => webhook.id === id);
const auditOf = async (id: string) => listAuditEntries(api.database.db, { objectId: id, limit: 50 });
const eventsOf = async (id: string): Promise<string[]> =>
  (await api.database.db.selectFrom('events').select('data').where('type', '=', 'connection-changed').orderBy('id').execute())
    .map(({ data }) => data as { connection_id: string; change: string }).filter((data) => data.connection_id === id).map(({ change }) => change);

describe('webhooks', () => {
  it('show their secret once; it is kept sealed and stands nowhere else', async () => {
    const { secret, ...webhook } = await create({ events: ['requested', 'settled'] });
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(webhook).toMatchObject({ name: 'Chat', url: receiver.url, events: ['requested', 'settled'], is_enabled: true, secret_hint: `…${secret.slice(-4)}`, version: 1, updated_by: 'The admin', last_delivery: null });
    expect(await find(webhook.id)).toEqual(webhook);
    const everything = await sql<{ all: string }>`select (select jsonb_agg(to_jsonb(w))::text from webhooks w) || (select jsonb_agg(to_jsonb(a))::text from audit_log a) || (select jsonb_agg(to_jsonb(e))::text from events e) as all`.execute(api.database.db);
    expect(everything.rows[0]?.all).not.toContain(secret.slice(6, 40));
    const seen = (await api.call('listWebhooks', { as: 'viewer' })).items.find(({ id }) => id === webhook.id);
    expect(seen?.url).toBe(`${new URL(receiver.url).origin}/…`);
    expect(JSON.stringify(await auditOf(webhook.id))).not.toContain(new URL(receiver.url).pathname);
    expect(await auditOf(webhook.id)).toMatchObject([{ action: 'webhook.create', object_type: 'webhook', before: null, after: { name: 'Chat', url: `${new URL(receiver.url).origin}/…`, events: ['requested', 'settled'], is_enabled: true } }]);
    expect(await eventsOf(webhook.id)).toEqual(['created']);
    expect(await api.deps.secrets.mask(`It is ${secret}.`)).not.toContain(secret);
  });

  it('hear of everything unless told otherwise', async () => {
    expect((await create()).events).toEqual(['requested', 'changed', 'reminder', 'escalated', 'settled']);
  });

  it('change by version; what changes nothing makes none', async () => {
    const { id } = await create();
    const params = { id };
    expect(await api.call('updateWebhook', { as: 'admin', params, body: { version: 1, name: 'Pager', is_enabled: false } })).toMatchObject({ name: 'Pager', is_enabled: false, version: 2 });
    expect(await api.refusal('updateWebhook', { as: 'admin', params, body: { version: 1, name: 'Late' } })).toMatchObject({ status: 409, code: 'WEBHOOK_CHANGED', details: { version: 2 } });
    expect(await api.call('updateWebhook', { as: 'admin', params, body: { version: 2, name: 'Pager' } })).toMatchObject({ version: 2 });
    expect(await auditOf(id)).toMatchObject([{ action: 'webhook.update', before: { name: 'Chat', is_enabled: true }, after: { name: 'Pager', is_enabled: false } }, { action: 'webhook.create' }]);
    expect(await eventsOf(id)).toEqual(['created', 'updated']);
  });

  it('are deleted with what was sent to them', async () => {
    const { id } = await create();
    await api.call('testWebhook', { as: 'admin', params: { id } });
    await api.call('deleteWebhook', { as: 'admin', params: { id } });
    expect(await find(id)).toBeUndefined();
    expect(await api.refusal('listWebhookDeliveries', { as: 'admin', params: { id } })).toMatchObject({ status: 404, code: 'WEBHOOK_NOT_FOUND' });
    expect(await auditOf(id)).toMatchObject([{ action: 'webhook.delete', before: { name: 'Chat' }, after: null }, { action: 'webhook.create' }]);
    expect(await eventsOf(id)).toEqual(['created', 'deleted']);
  });

  it('are tested by a signed request, which stands among the deliveries', async () => {
    const { id, secret } = await create({ is_enabled: false });
    receiver.answers = [{ status: 200 }, { status: 503 }];
    expect(await api.call('testWebhook', { as: 'admin', params: { id } })).toMatchObject({ ok: true, status: 200, detail: '200 OK' });
    const [post] = receiver.received;
    expect(new StandardWebhook(secret).verify(post?.body ?? '', post?.headers as Record<string, string>)).toMatchObject({ type: 'webhook.test', data: null });
    expect(await find(id)).toMatchObject({ last_delivery: { state: 'sent', detail: '200 OK' } });
    expect(await api.call('testWebhook', { as: 'admin', params: { id } })).toMatchObject({ ok: false, status: 503, detail: '503 Service Unavailable' });
    const deliveries = await api.call('listWebhookDeliveries', { as: 'viewer', params: { id } });
    expect(deliveries.items).toMatchObject([{ kind: 'test', approval_id: null, state: 'failed', attempts: 1, detail: '503 Service Unavailable', sent_at: null }, { kind: 'test', state: 'sent' }]);
    expect(deliveries.items[1]?.id).toBe(post?.headers['webhook-id']);
    expect(await find(id)).toMatchObject({ last_delivery: { state: 'failed' } });
  });

  it('deleted while a test is under way take its outcome with them', async () => {
    const { id } = await create();
    receiver.answers = ['never'];
    const testing = api.call('testWebhook', { as: 'admin', params: { id } });
    await expect.poll(() => receiver.received.length).toBe(1);
    await api.call('deleteWebhook', { as: 'admin', params: { id } });
    expect(await testing).toMatchObject({ ok: false, status: null, detail: 'No answer came within 10 s.' });
  });

  it('have deliveries in pages', async () => {
    const { id } = await create();
    for (let n = 0; n < 5; n++) await api.call('testWebhook', { as: 'admin', params: { id } });
    const found: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await api.call('listWebhookDeliveries', { as: 'admin', params: { id }, query: `?limit=2${cursor === undefined ? '' : `&cursor=${cursor}`}` });
      found.push(...page.items.map((delivery) => delivery.id));
      cursor = page.next_cursor;
    }
    expect(found).toHaveLength(5);
    expect(found).toEqual(receiver.received.map(({ headers }) => headers['webhook-id']).toReversed());
    expect(await api.refusal('listWebhookDeliveries', { as: 'admin', params: { id }, query: '?cursor=x' })).toMatchObject({ status: 400, code: 'CURSOR_INVALID' });
  });

  it('at an address of this network are saved and say why they are not reached', async () => {
    const { id } = await create({ url: 'http://169.254.169.254/latest/meta-data/' });
    expect(await api.call('testWebhook', { as: 'admin', params: { id } })).toMatchObject({ ok: false, status: null, detail: expect.stringContaining('is not on the public internet') });
  });

  it.each([
    ['an address that is none', { url: 'chat' }, 'url'], ['another protocol', { url: 'ftp://example.com/' }, 'url'], ['credentials in the address', { url: 'https://me:secret@example.com/' }, 'url'], ['a backslash in the address', { url: 'https://example.com\\@evil.example/' }, 'url'],
    ['no name', { name: ' ' }, 'name'], ['no event', { events: [] }, 'events'], ['an unknown event', { events: ['deleted'] }, 'events.0'], ['a secret of its own', { secret: 'whsec_x' }, 'secret'], ['NUL in the name', { name: 'a\0b' }, 'name'],
  ])('with %s are refused, field by field', async (_what, given, path) => {
    const body = { name: 'Chat', url: 'https://example.com/', ...given };
    const refused = await api.refusal('createWebhook', { as: 'admin', body });
    expect(refused).toMatchObject({ status: 422, code: 'VALIDATION_FAILED' });
    expect((refused.details['issues'] as { path: string }[]).map((issue) => issue.path)).toContain(path);
  });

  it.each(['updateWebhook', 'deleteWebhook', 'testWebhook', 'listWebhookDeliveries'] as const)('that are not there: %s answers so', async (name) => {
    const body = name === 'updateWebhook' ? { version: 1 } : undefined;
    for (const id of [absent, 'nothing']) expect(await api.refusal(name, { as: 'admin', params: { id }, body })).toMatchObject({ status: 404, code: 'WEBHOOK_NOT_FOUND' });
  });

  it('are read by everybody and changed by admins alone', async () => {
    const { id } = await create();
    const params = { id };
    for (const name of ['listWebhooks', 'listWebhookDeliveries'] as const) {
      expect(await api.refusal(name, { params })).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
      await api.call(name, { as: 'viewer', params });
    }
    for (const name of ['createWebhook', 'updateWebhook', 'deleteWebhook', 'testWebhook'] as const) {
      expect(await api.refusal(name, { params, body: {} })).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
      for (const as of ['viewer', 'operator', 'approver'] as const) expect(await api.refusal(name, { as, params, body: {} })).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    }
    expect(await find(id)).toBeDefined();
  });
});
