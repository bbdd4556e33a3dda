import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiServer, startApiServer } from '../../../tests/support/api-server.ts';
import { addLivePolicy } from '../../../tests/support/live-policies.ts';

let api: ApiServer;
beforeAll(async () => {
  api = await startApiServer();
});
afterAll(() => api.close());

const absent = '019a0000-0000-7000-8000-000000000000';
const auditOf = (id: string) => api.deps.db.selectFrom('audit_log').select(['action', 'before', 'after']).where('object_id', '=', id).orderBy('sequence').execute();

describe('groups of approvers', () => {
  it('admins add, change and delete them; everybody reads them; all of it is audited', async () => {
    const ana = api.userIdOf('approver');
    const created = await api.call('createGroup', { as: 'admin', body: { name: 'finance', description: 'Who pays', member_ids: [ana] } });
    expect(created).toMatchObject({ name: 'finance', version: 1, used_by_policies: [], members: [{ user_id: ana, role: 'approver', is_disabled: false }] });
    const updated = await api.call('updateGroup', { as: 'admin', params: { id: created.id }, body: { version: 1, member_ids: [api.userIdOf('admin')] } });
    expect(updated).toMatchObject({ version: 2, description: 'Who pays', members: [{ user_id: api.userIdOf('admin') }] });
    expect((await api.call('listGroups', { as: 'viewer' })).items).toEqual([updated]);
    await api.call('deleteGroup', { as: 'admin', params: { id: created.id } });
    expect((await api.call('listGroups', { as: 'viewer' })).items).toEqual([]);
    expect(await auditOf(created.id)).toMatchObject([
      { action: 'group.create', after: { members: [{ id: ana }] } },
      { action: 'group.update', before: { members: [{ id: ana }] }, after: { members: [{ id: api.userIdOf('admin') }] } },
      { action: 'group.delete', before: { name: 'finance' } },
    ]);
  });

  it('refuses what does not fit, each with its own reason', async () => {
    const { id } = await api.call('createGroup', { as: 'admin', body: { name: 'legal' } });
    expect(await api.refusal('createGroup', { as: 'approver', body: { name: 'mine' } })).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    expect(await api.refusal('createGroup', { as: 'admin', body: { name: 'legal' } })).toMatchObject({ status: 409, code: 'GROUP_NAME_TAKEN', details: { issues: [{ path: 'name' }] } });
    expect(await api.refusal('createGroup', { as: 'admin', body: { name: 'Legal Team' } })).toMatchObject({ status: 422, code: 'VALIDATION_FAILED' });
    expect(await api.refusal('createGroup', { as: 'admin', body: { name: 'twins', member_ids: [api.userIdOf('admin'), api.userIdOf('admin').toUpperCase()] } })).toMatchObject({ status: 422, details: { issues: [{ path: 'member_ids' }] } });
    expect(await api.refusal('createGroup', { as: 'admin', body: { name: 'ghosts', member_ids: [api.userIdOf('admin'), absent] } })).toMatchObject({ status: 422, details: { issues: [{ path: 'member_ids.1' }] } });
    expect(await api.refusal('updateGroup', { as: 'admin', params: { id }, body: { version: 7, description: 'x' } })).toMatchObject({ status: 409, code: 'GROUP_CHANGED', details: { version: 1 } });
    for (const given of [absent, 'nonsense']) expect(await api.refusal('updateGroup', { as: 'admin', params: { id: given }, body: { version: 1 } })).toMatchObject({ status: 404, code: 'GROUP_NOT_FOUND' });
    expect((await api.call('listGroups', { as: 'viewer' })).items.map(({ name }) => name)).toEqual(['legal']);
  });

  it('one that a live policy names says so, and is deleted only with its name', async () => {
    const { id } = await api.call('createGroup', { as: 'admin', body: { name: 'board' } });
    const near = await api.call('createGroup', { as: 'admin', body: { name: 'boar' } });
    await addLivePolicy(api.deps.db, 'Payments', '@approvers("role:admin, group:board") permit (principal, action == Action::"use", resource);');
    const uses = Object.fromEntries((await api.call('listGroups', { as: 'viewer' })).items.map((group) => [group.name, group.used_by_policies]));
    expect(uses).toMatchObject({ board: ['Payments'], boar: [] });
    for (const query of ['', '?confirm_name=boar']) {
      expect(await api.refusal('deleteGroup', { as: 'admin', params: { id }, query })).toMatchObject({ status: 409, code: 'GROUP_IN_USE', details: { policies: ['Payments'] } });
    }
    await api.call('deleteGroup', { as: 'admin', params: { id }, query: '?confirm_name=board' });
    await api.call('deleteGroup', { as: 'admin', params: { id: near.id } });
  });
});
