import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiServer, startApiServer } from '../../../tests/support/api-server.ts';

let api: ApiServer;
beforeAll(async () => {
  api = await startApiServer({ env: { SMTP_URL: 'smtp://mailer:hunter2-never-shown@127.0.0.1:9' } });
});
afterAll(() => api.close());

describe('integrations', () => {
  it('are shown to every role with their state and without credentials', async () => {
    for (const role of ['viewer', 'operator', 'approver', 'admin'] as const) {
      const { items } = await api.call('listIntegrations', { as: role });
      expect(new Set(items.map((item) => item.kind))).toEqual(new Set(['model_provider', 'vector_store', 'tool', 'email', 'data_source', 'temporal', 'database']));
      expect(items.find((item) => item.id === 'email')).toMatchObject({ state: 'failing' });
      expect(JSON.stringify(items)).not.toMatch(/hunter2|mailer/);
    }
  });

  it('are nobody\'s business who is not signed in', async () => {
    expect(await api.refusal('listIntegrations')).toMatchObject({ status: 401 });
    expect(await api.refusal('listIntegrations', { as: 'viewer', query: '?x=1' })).toMatchObject({ status: 422 });
  });
});
