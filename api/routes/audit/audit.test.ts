import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiServer, startApiServer } from '../../../tests/support/api-server.ts';

let api: ApiServer;
beforeAll(async () => {
  api = await startApiServer();
});
afterAll(() => api.close());

describe('the audit log', () => {
  it('is read newest first, page by page without gaps, by object and action', async () => {
    const all = await api.call('listAudit', { as: 'viewer', query: '?limit=200' });
    expect(all.items.length).toBeGreaterThanOrEqual(8);
    const seen: number[] = [];
    let cursor = '';
    do {
      const page = await api.call('listAudit', { as: 'viewer', query: `?limit=3${cursor}` });
      seen.push(...page.items.map((entry) => entry.sequence));
      cursor = page.next_cursor === null ? '' : `&cursor=${page.next_cursor}`;
    } while (cursor !== '');
    expect(seen).toEqual(all.items.map((entry) => entry.sequence));
    expect(seen).toEqual(seen.toSorted((a, b) => b - a));
    const signIns = await api.call('listAudit', { as: 'viewer', query: `?action=session.sign_in&object_id=${api.userIdOf('operator')}` });
    expect(signIns.items).toMatchObject([{ actor: { name: 'The operator' }, after: { method: 'password' } }]);
  });

  it('is open to everybody signed in, and to nobody else', async () => {
    for (const role of ['viewer', 'operator', 'approver', 'admin'] as const) await api.call('listAudit', { as: role });
    expect(await api.refusal('listAudit')).toMatchObject({ status: 401 });
    expect(await api.refusal('listAudit', { as: 'viewer', query: '?cursor=x' })).toMatchObject({ status: 400, code: 'CURSOR_INVALID' });
  });
});
