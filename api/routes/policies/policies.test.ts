import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiServer, startApiServer } from '../../../tests/support/api-server.ts';

let api: ApiServer;
beforeAll(async () => {
  api = await startApiServer();
});
afterAll(() => api.close());

describe('policies', () => {
  it('asks for a signed-in person', async () => {
    expect(await api.refusal('listPolicies')).toMatchObject({ status: 401 });
  });
});
