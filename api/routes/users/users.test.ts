import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiServer, startApiServer, testPassword } from '../../../tests/support/api-server.ts';

let api: ApiServer;
beforeAll(async () => {
  api = await startApiServer();
});
afterAll(() => api.close());

const absent = '019a0000-0000-7000-8000-000000000000';
const body = (email: string) => ({ email, name: 'Ana', role: 'viewer', password: testPassword });

describe('people', () => {
  it('are added by admins, listed in order and never shown with anything secret', async () => {
    const user = await api.call('createUser', { as: 'admin', body: body('ana@example.com') });
    expect(user).toMatchObject({ email: 'ana@example.com', role: 'viewer', is_disabled: false });
    const page = await api.call('listUsers', { as: 'admin', query: '?limit=200' });
    expect(page.items.at(-1)).toEqual(user);
    expect(page.next_cursor).toBeNull();
  });

  it('have an e-mail address of their own and a password of 12 characters or more', async () => {
    await api.call('createUser', { as: 'admin', body: body('taken@example.com') });
    expect(await api.refusal('createUser', { as: 'admin', body: body('TAKEN@example.com') })).toMatchObject({ status: 409, code: 'USER_EMAIL_TAKEN', details: { issues: [{ path: 'email' }] } });
    const refused = await api.refusal('createUser', { as: 'admin', body: { ...body('no address'), password: 'short', is_disabled: false } });
    expect(refused).toMatchObject({ status: 422, code: 'VALIDATION_FAILED' });
    expect((refused.details['issues'] as { path: string }[]).map((issue) => issue.path).toSorted()).toEqual(['email', 'is_disabled', 'password']);
  });

  it('are changed by admins, and the change is audited with who, before and after', async () => {
    const user = await api.call('createUser', { as: 'admin', body: body('changed@example.com') });
    const changed = await api.call('updateUser', { as: 'admin', params: { id: user.id }, body: { role: 'approver', name: 'Ana B.' }, headers: { 'x-request-id': 'request-of-the-test' } });
    expect(changed).toEqual({ ...user, role: 'approver', name: 'Ana B.' });
    const { items } = await api.call('listAudit', { as: 'viewer', query: `?object_id=${user.id}&action=user.update` });
    expect(items).toMatchObject([{ actor: { user_id: api.userIdOf('admin'), name: 'The admin' }, before: { role: 'viewer', name: 'Ana' }, after: { role: 'approver', name: 'Ana B.' }, request_id: 'request-of-the-test' }]);
  });

  it('are not all locked out: the last admin stays admin and enabled', async () => {
    for (const change of [{ role: 'viewer' }, { is_disabled: true }]) {
      expect(await api.refusal('updateUser', { as: 'admin', params: { id: api.userIdOf('admin') }, body: change })).toMatchObject({ status: 409, code: 'USER_LAST_ADMIN' });
    }
    expect(await api.call('getMe', { as: 'admin' })).toMatchObject({ role: 'admin' });
  });

  it('that do not exist are USER_NOT_FOUND, and a cursor that is none is CURSOR_INVALID', async () => {
    for (const id of [absent, 'no-id']) expect(await api.refusal('updateUser', { as: 'admin', params: { id }, body: { name: 'X' } })).toMatchObject({ status: 404, code: 'USER_NOT_FOUND' });
    expect(await api.refusal('listUsers', { as: 'admin', query: '?cursor=x' })).toMatchObject({ status: 400, code: 'CURSOR_INVALID' });
  });

  it('are nobody else\'s business', async () => {
    for (const role of ['viewer', 'operator', 'approver'] as const) {
      expect(await api.refusal('listUsers', { as: role })).toMatchObject({ status: 403, code: 'FORBIDDEN' });
      expect(await api.refusal('createUser', { as: role, body: body('x@example.com') })).toMatchObject({ status: 403 });
    }
    expect(await api.refusal('listUsers')).toMatchObject({ status: 401 });
  });
});
