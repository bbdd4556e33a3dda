import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ApiServer, startApiServer } from '../../../tests/support/api-server.ts';
import { breakPolicyEngine, exhaustPolicyEngine } from '../../../tests/support/policy-engine.ts';

let api: ApiServer;
beforeAll(async () => {
  api = await startApiServer();
});
afterAll(() => api.close());

const readiness = async () => {
  const response = await api.request('GET', '/readyz');
  return [response.status, await response.json()];
};
const ready = [200, { status: 'ready', checks: { database: 'ok', temporal: 'ok', policy_engine: 'ok' } }];
const checked = async () => api.call('checkPolicy', { as: 'admin', body: { cedar: 'forbid(principal, action, resource == Tool::"send_email");' } });

it('a process whose policy engine broke is ready again by itself; one whose engine keeps breaking is alive and not ready, and says why', async () => {
  expect(await readiness()).toEqual(ready);
  breakPolicyEngine();
  expect((await checked()).is_valid).toBe(false);
  expect((await checked()).is_valid).toBe(true);
  expect(await readiness()).toEqual(ready);

  exhaustPolicyEngine();
  const sentence = 'The policy engine broke down 20 times within a minute. No call is allowed until it is tried again, once the minute has passed.';
  expect(await readiness()).toEqual([503, { status: 'not_ready', checks: { database: 'ok', temporal: 'ok', policy_engine: sentence } }]);
  expect((await api.request('GET', '/healthz')).status).toBe(200);
  expect((await api.call('getHealth', { as: 'viewer' })).services.find(({ service }) => service === 'api')).toEqual({ service: 'api', state: 'down', detail: sentence });
});
