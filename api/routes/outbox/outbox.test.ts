import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { insertOutboxEmail } from '../../../db/repositories/outbox.repository.ts';
import { newId } from '../../../platform/ids.ts';
import { type ApiServer, readError, startApiServer } from '../../../tests/support/api-server.ts';

let api: ApiServer;
beforeAll(async () => {
  api = await startApiServer();
});
afterAll(() => api.close());

const keep = (email: Partial<Parameters<typeof insertOutboxEmail>[1]> = {}) =>
  insertOutboxEmail(api.database.db, { messageId: `<${newId()}@test>`, sender: 'maestro@localhost', recipients: ['lead@example.com'], cc: [], bcc: [], subject: 'Summary', text: 'Hello', html: null, attachments: [], ...email });
const emails = async () => (await api.call('listOutbox', { as: 'viewer', query: '?limit=200' })).items;
const csv = { name: 'Übersicht "Q4" 📊.csv', mediaType: 'text/csv', content: Buffer.from('a;b\n1;2\n') };

describe('the list', () => {
  test('needs a sign-in', async () => {
    expect(await api.refusal('listOutbox')).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
  });

  test.each(['?limit=0', '?limit=x', '?cursor=nonsense', '?unknown=1'])('%s is refused', async (query) => {
    expect([400, 422]).toContain((await api.refusal('listOutbox', { as: 'viewer', query })).status);
  });

  test('has HTML and attachments, without their content, and goes on where a page ended', async () => {
    const html = '<b>Hello</b>';
    await keep({ subject: 'first', html, attachments: [csv, { name: 'empty', mediaType: 'application/octet-stream', content: Buffer.alloc(0) }] });
    await keep({ subject: 'second' });
    const page = await api.call('listOutbox', { as: 'viewer', query: '?limit=1' });
    expect(page.items).toMatchObject([{ subject: 'second', html: null, attachments: [] }]);
    const next = await api.call('listOutbox', { as: 'viewer', query: `?limit=1&cursor=${encodeURIComponent(page.next_cursor ?? '')}` });
    expect(next).toMatchObject({ items: [{ subject: 'first', html, attachments: [{ index: 0, name: csv.name, media_type: 'text/csv', bytes: 8 }, { index: 1, name: 'empty', bytes: 0 }] }], next_cursor: null });
  });

  test('finds an e-mail by its Message-ID', async () => {
    await keep({ messageId: '<wanted@test>', subject: 'wanted' });
    expect((await api.call('listOutbox', { as: 'viewer', query: '?message_id=%3Cwanted%40test%3E' })).items).toMatchObject([{ subject: 'wanted' }]);
  });
});

describe('an attachment', () => {
  const addressOf = async (attachment: { name: string; mediaType: string; content: Buffer }): Promise<string> => {
    const messageId = `<${newId()}@test>`;
    await keep({ messageId, attachments: [attachment] });
    const mail = (await emails()).find(({ message_id: id }) => id === messageId);
    return `/api/outbox/${mail?.id}/attachments/0`;
  };

  test('needs a sign-in', async () => {
    expect(await readError(await api.request('GET', await addressOf(csv)))).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
    expect((await api.request('GET', await addressOf(csv), { headers: { authorization: 'Bearer nonsense' } })).status).toBe(401);
  });

  test('is the bytes as they came, as a download under its name', async () => {
    const response = await api.request('GET', await addressOf(csv), { as: 'viewer' });
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/csv', 'content-disposition': "attachment; filename=\"?bersicht _Q4_ ??.csv\"; filename*=UTF-8''%C3%9Cbersicht%20_Q4_%20%F0%9F%93%8A.csv",
      'x-content-type-options': 'nosniff', 'cache-control': 'no-store', 'content-security-policy': "default-src 'none'; sandbox",
    });
    expect(Buffer.from(await response.arrayBuffer())).toEqual(csv.content);
  });

  test('of 10 MB arrives whole', async () => {
    const content = Buffer.alloc(10_000_000, 7);
    const response = await api.request('GET', await addressOf({ ...csv, content }), { as: 'viewer' });
    expect(Buffer.from(await response.arrayBuffer()).equals(content)).toBe(true);
  });

  test.each([
    ['text/html', 'application/octet-stream'], ['image/svg+xml', 'application/octet-stream'], ['application/xhtml+xml', 'application/octet-stream'], ['text/javascript', 'application/octet-stream'], ['text/xml', 'application/octet-stream'],
    ['image/png\r\nset-cookie: a=b', 'application/octet-stream'], ['', 'application/octet-stream'], ['TEXT/PLAIN; charset=utf-7', 'text/plain'], ['image/png', 'image/png'], ['application/pdf', 'application/pdf'],
  ])('that says it is %j is answered as %s', async (mediaType, answered) => {
    const response = await api.request('GET', await addressOf({ name: 'page.html', mediaType, content: Buffer.from('<script>alert(1)</script>') }), { as: 'viewer' });
    expect([response.headers.get('content-type'), response.headers.get('set-cookie'), response.headers.get('content-disposition')]).toEqual([answered, null, 'attachment; filename=page.html']);
  });

  test.each([
    ['../../etc/passwd', 'attachment; filename=passwd'], ['a"; filename="b.exe', 'attachment; filename="a_; filename=_b.exe"'], ['a\r\nX-Evil: 1', 'attachment; filename="a_X-Evil_ 1"'], ['\u202Efdp.exe', 'attachment; filename=_fdp.exe'], ['..', 'attachment; filename=file'], ['', 'attachment; filename=file'],
    ['a%41.txt', "attachment; filename=a%41.txt; filename*=UTF-8''a%2541.txt"],
  ])('named %j is saved as %s', async (name, disposition) => {
    expect((await api.request('GET', await addressOf({ ...csv, name }), { as: 'viewer' })).headers.get('content-disposition')).toBe(disposition);
  });

  test.each(['/api/outbox/%/attachments/0', `/api/outbox/${newId()}/attachments/0`, '/api/outbox/nonsense/attachments/0', `/api/outbox/${newId()}/attachments/-1`, `/api/outbox/${newId()}/attachments/1.5`, `/api/outbox/${newId()}/attachments/99999999999`, `/api/outbox/${newId()}/attachments/x`])('%s is not there', async (path) => {
    const error = await readError(await api.request('GET', path, { as: 'viewer' }));
    expect(error).toMatchObject(path.includes('%') ? { status: 400 } : { status: 404, code: 'FILE_NOT_FOUND' });
  });

  test('takes no query', async () => {
    expect(await readError(await api.request('GET', await addressOf(csv), { as: 'viewer', query: '?inline=1' }))).toMatchObject({ status: 422, code: 'VALIDATION_FAILED' });
  });
});
