import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkToolCall } from '../../../engine/safety/index.ts';
import { insertTestAgent } from '../../../tests/support/agents.ts';
import { type ApiServer, startApiServer } from '../../../tests/support/api-server.ts';
import { recordTurn } from '../../../tests/support/run-records.ts';

let api: ApiServer;
beforeAll(async () => {
  api = await startApiServer();
});
afterAll(() => api.close());

describe('policies', () => {
  it('lists the live rules, the terms of approvals and how often each rule decided in seven days', async () => {
    const agentId = await insertTestAgent(api.deps);
    const { run_id: runId } = await api.call('createRun', { as: 'operator', body: { agent_id: agentId, inputs: { goal: 'Go.' } } });
    const [toolCallId = ''] = await recordTurn(api.deps.db, { runId, iteration: 1, calls: [{ toolName: 'send_email', arguments: { to: ['lead@example.com'], subject: 'Hi', text: 'Hello' } }] });
    await checkToolCall(api.deps, { toolCallId });
    const policies = await api.call('listPolicies', { as: 'viewer' });
    expect(policies).toMatchObject({ policy_version: 'built-in-1', approval_expiry_seconds: 86_400, forbids_self_approval: false });
    expect(policies.items.map(({ effect, risk_levels: risks, matches_7d: matches }) => [effect, risks.join(), matches])).toEqual([['allow', 'LOW,MEDIUM', 0], ['ask', 'HIGH', 1], ['deny', 'CRITICAL', 0]]);
  });

  it('asks for a signed-in person', async () => {
    expect(await api.refusal('listPolicies')).toMatchObject({ status: 401 });
  });
});
