import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { roles } from '../../../contracts/permissions.ts';
import { type ApiServer, startApiServer } from '../../../tests/support/api-server.ts';

let api: ApiServer;
beforeAll(async () => {
  api = await startApiServer();
});
afterAll(() => api.close());

const wanted = { email: 'all', in_app: 'mine', quiet_hours: { from: 22, to: 6 } } as const;

describe('notice preferences', () => {
  it('are one\'s own, with defaults for who has chosen nothing', async () => {
    expect(await api.call('setNoticePreferences', { as: 'approver', body: wanted })).toEqual(wanted);
    expect(await api.call('getNoticePreferences', { as: 'approver' })).toEqual(wanted);
    expect(await api.call('getNoticePreferences', { as: 'admin' })).toEqual({ email: 'mine', in_app: 'all', quiet_hours: null });
  });

  it('that are left out are the defaults', async () => {
    await api.call('setNoticePreferences', { as: 'operator', body: wanted });
    expect(await api.call('setNoticePreferences', { as: 'operator', body: { email: 'off' } })).toEqual({ email: 'off', in_app: 'all', quiet_hours: null });
  });

  it.each(roles)('are for everybody who signs in: %s', async (role) => {
    expect((await api.request('GET', '/api/notices/preferences', { as: role })).status).toBe(200);
  });

  it('need a person', async () => {
    expect(await api.refusal('getNoticePreferences')).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
    expect(await api.refusal('setNoticePreferences', { body: wanted })).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
  });

  it.each([
    ['an unknown scope', { email: 'some' }, 'email'], ['an hour that is none', { quiet_hours: { from: 24, to: 6 } }, 'quiet_hours.from'], ['half an hour', { quiet_hours: { from: 1.5, to: 6 } }, 'quiet_hours.from'],
    ['hours without an end', { quiet_hours: { from: 1 } }, 'quiet_hours.to'], ['an unknown field', { sms: 'all' }, 'sms'], ['no object', 'all', ''],
  ])('with %s are refused, field by field', async (_what, body, path) => {
    const refused = await api.refusal('setNoticePreferences', { as: 'viewer', body: typeof body === 'string' ? JSON.stringify(body) : body });
    expect(refused).toMatchObject({ status: 422, code: 'VALIDATION_FAILED', details: { issues: [{ path }] } });
  });
});
