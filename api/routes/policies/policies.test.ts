import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiServer, startApiServer } from '../../../tests/support/api-server.ts';

let api: ApiServer;
beforeAll(async () => {
  api = await startApiServer();
});
afterAll(() => api.close());

const cedar = '@reason("No mail at night.")\nforbid (principal, action, resource == Tool::"send_email");';

describe('policies', () => {
  it('asks for a signed-in person', async () => {
    expect(await api.refusal('listPolicies')).toMatchObject({ status: 401 });
  });

  it('takes a draft live', async () => {
    const created = await api.call('createPolicy', { as: 'admin', body: { name: 'No mail', cedar } });
    expect(created).toMatchObject({ name: 'No mail', state: 'draft', revision: 1, draft: { cedar } });
    const published = await api.call('publishPolicy', { as: 'admin', params: { id: created.id }, body: { revision: 1, note: 'First.', reason_without_back_test: 'There is nothing recorded yet.' } });
    expect(published).toMatchObject({ state: 'live', live_version: 1, cedar, draft: null });
  });
});
