import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiServer, startApiServer } from '../../../tests/support/api-server.ts';

let api: ApiServer;
beforeAll(async () => {
  api = await startApiServer();
});
afterAll(() => api.close());

const absent = '019a0000-0000-7000-8000-000000000000';
const inHours = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString();
const week = { starts_at: inHours(-1), ends_at: inHours(24 * 7) };

describe('delegations', () => {
  it('an approver delegates while away, both sides and admins see it, and it ends when revoked', async () => {
    const created = await api.call('createDelegation', { as: 'approver', body: { to_user_id: api.userIdOf('admin'), ...week, note: 'Holiday' } });
    expect(created).toMatchObject({ from: { user_id: api.userIdOf('approver') }, to: { user_id: api.userIdOf('admin') }, state: 'active', note: 'Holiday' });
    expect((await api.call('listDelegations', { as: 'approver' })).items).toEqual([created]);
    expect((await api.call('listDelegations', { as: 'admin' })).items).toEqual([created]);
    await api.call('revokeDelegation', { as: 'approver', params: { id: created.id } });
    await api.call('revokeDelegation', { as: 'approver', params: { id: created.id } });
    expect((await api.call('listDelegations', { as: 'admin' })).items).toMatchObject([{ id: created.id, state: 'revoked' }]);
    const audit = await api.deps.db.selectFrom('audit_log').select('action').where('object_id', '=', created.id).execute();
    expect(audit.map(({ action }) => action)).toEqual(['delegation.create', 'delegation.revoke']);
  });

  it('says what it is not: from yourself to yourself, to somebody who decides nothing, over already, somebody else\'s', async () => {
    const create = (as: 'approver' | 'admin' | 'operator', body: Record<string, unknown>) => api.refusal('createDelegation', { as, body: { ...week, ...body } as never });
    const [admin, approver, viewer] = [api.userIdOf('admin'), api.userIdOf('approver'), api.userIdOf('viewer')];
    expect(await create('operator', { to_user_id: admin })).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    expect(await create('approver', { to_user_id: admin, from_user_id: admin })).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    for (const self of [approver, approver.toUpperCase()]) expect(await create('approver', { to_user_id: self })).toMatchObject({ status: 422, details: { issues: [{ path: 'to_user_id' }] } });
    expect(await create('approver', { to_user_id: viewer })).toMatchObject({ status: 422, details: { issues: [{ path: 'to_user_id', message: expect.stringContaining('viewer') }] } });
    expect(await create('approver', { to_user_id: absent })).toMatchObject({ status: 422, details: { issues: [{ path: 'to_user_id' }] } });
    expect(await create('approver', { to_user_id: admin, starts_at: inHours(-3), ends_at: inHours(-2) })).toMatchObject({ status: 422, details: { issues: [{ path: 'ends_at' }] } });
    expect(await create('approver', { to_user_id: admin, starts_at: inHours(3), ends_at: inHours(2) })).toMatchObject({ status: 422, details: { issues: [{ path: 'ends_at' }] } });
    expect(await create('admin', { to_user_id: admin, from_user_id: viewer })).toMatchObject({ status: 422, details: { issues: [{ path: 'from_user_id' }] } });
    for (const id of [absent, 'nonsense']) expect(await api.refusal('revokeDelegation', { as: 'approver', params: { id } })).toMatchObject({ status: 404, code: 'DELEGATION_NOT_FOUND' });
  });

  it('approvers are the people whose role decides', async () => {
    const { items } = await api.call('listApprovers', { as: 'approver' });
    expect(items.map(({ role }) => role).toSorted()).toEqual(['admin', 'approver']);
  });
});
