import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ToolFacts } from '../../../contracts/tools.ts';
import { findSafetyCheck } from '../../../db/repositories/safety-checks.repository.ts';
import { checkToolCall } from '../../../engine/safety/index.ts';
import { hashJson } from '../../../platform/hash-json.ts';
import { newId } from '../../../platform/ids.ts';
import { insertTestAgent } from '../../../tests/support/agents.ts';
import { type ApiServer, startApiServer } from '../../../tests/support/api-server.ts';
import { recordTurn } from '../../../tests/support/run-records.ts';

let api: ApiServer;
let agentId: string;
let otherAgentId: string;
let policyId: string;
const as = 'admin';

const outsideMail = `@reason("Finance sends no mail outside.")
forbid (principal in Tag::"finance", action, resource == Tool::"send_email") when { context has outside_recipient_count && context.outside_recipient_count > 0 };`;
const mail = (to: string) => ({ to: [to], subject: 'Figures', text: 'Hello' });
const inside = mail('lead@example.com');
const outside = mail('someone@elsewhere.net');

const publish = async (name: string, cedar: string): Promise<string> => {
  const { id, revision } = await api.call('createPolicy', { as, body: { name, cedar } });
  await api.call('publishPolicy', { as, params: { id }, body: { revision, note: 'n', reason_without_back_test: 'r', accepts_warnings: true } });
  return id;
};
const tryCall = (args: Record<string, unknown>, given: Record<string, unknown> = {}) => api.call('tryCall', { as: 'viewer', body: { agent_id: agentId, tool_name: 'send_email', arguments: args, ...given } });

/** Records a call of an agent as a worker would, and judges it. */
async function judge(agent: string, toolName: string, args: Record<string, unknown>) {
  const { run_id: runId } = await api.call('createRun', { as: 'operator', body: { agent_id: agent, inputs: { goal: 'To be judged.' } } });
  const [toolCallId = ''] = await recordTurn(api.deps.db, { runId, iteration: 1, calls: [{ toolName, arguments: args }] });
  await checkToolCall(api.deps, { toolCallId });
  const check = await findSafetyCheck(api.deps.db, toolCallId, hashJson(args));
  return check ?? expect.unreachable('a call that was judged has no verdict');
}
const withoutMoment = ({ at: _at, run: _run, ...facts }: ToolFacts) => facts;

beforeAll(async () => {
  api = await startApiServer({ env: { COMPANY_EMAIL_DOMAINS: 'example.com' } });
  agentId = await insertTestAgent(api.deps, { tools: ['send_email', 'web_search', 'run_sql'], tags: ['finance'] });
  otherAgentId = await insertTestAgent(api.deps, { tools: ['send_email'], tags: [] });
  policyId = await publish('Mail of finance', outsideMail);
});
afterAll(() => api.close());

describe('trying a call', () => {
  it.each([['inside', inside], ['outside', outside]])('gives what the same call gets when it is made (mail %s), and records nothing', async (_where, args) => {
    const before = await api.deps.db.selectFrom('safety_checks').select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow();
    const tried = await tryCall(args);
    expect(await api.deps.db.selectFrom('safety_checks').select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()).toEqual(before);
    const stored = await judge(agentId, 'send_email', args);
    expect(tried).toMatchObject({
      verdict: stored.verdict, reason: stored.reason, matched_rules: stored.matched_rules, policy_version: stored.policy_version, risk_level: stored.risk_level, effect: stored.effect, problems: stored.problems, terms: stored.terms, misfit: null,
    });
    expect(withoutMoment(tried.facts)).toEqual(withoutMoment(stored.facts));
  });

  it('says which policy decided, and which was about it and did not', async () => {
    expect(await tryCall(outside)).toMatchObject({ verdict: 'deny', matched_rules: [{ id: policyId, name: 'Mail of finance', version: 1, effect: 'deny' }], near_misses: [], terms: null });
    expect(await tryCall(inside)).toMatchObject({ verdict: 'ask', near_misses: [{ id: policyId, name: 'Mail of finance', effect: 'deny' }], terms: { requirements: expect.any(Array) } });
    expect(await api.call('tryCall', { as, body: { agent_id: otherAgentId, tool_name: 'send_email', arguments: outside } })).toMatchObject({ verdict: 'ask', near_misses: [] });
  });

  it('takes a draft in the place of a policy, or beside all', async () => {
    const draft = outsideMail.replace('finance"', 'finance", action == Action::"use_unattended"').replace(', action,', ',');
    expect(await tryCall(outside, { draft: { policy_id: policyId, cedar: draft } })).toMatchObject({ verdict: 'ask', matched_rules: expect.arrayContaining([expect.objectContaining({ id: policyId, effect: 'ask' })]) });
    expect(await tryCall(outside, { draft: { policy_id: null, cedar: draft } })).toMatchObject({ verdict: 'deny' });
    expect(await tryCall(inside, { draft: { policy_id: null, cedar: 'forbid (principal, action, resource);' } })).toMatchObject({ verdict: 'deny', matched_rules: [{ id: 'draft' }] });
    expect(await tryCall(outside)).toMatchObject({ verdict: 'deny' });
  });

  it('refuses a draft that could not go live, says where, and knows no other policies', async () => {
    const body = (draft: unknown) => ({ as: 'viewer' as const, body: { agent_id: agentId, tool_name: 'send_email', arguments: inside, draft } });
    const invalid = await api.refusal('tryCall', body({ policy_id: policyId, cedar: 'forbid (principal, action, resource) when { context.risky };' }));
    expect(invalid).toMatchObject({ status: 422, code: 'POLICY_INVALID', details: { issues: [{ severity: 'error', line: 1 }] } });
    expect(await api.refusal('tryCall', body({ policy_id: newId(), cedar: outsideMail }))).toMatchObject({ status: 404, code: 'POLICY_NOT_FOUND' });
    expect(await api.refusal('tryCall', body({ policy_id: 'built-in.high-asks', cedar: outsideMail }))).toMatchObject({ status: 409, code: 'POLICY_BUILT_IN' });
    expect(await api.refusal('tryCall', { as, body: { agent_id: newId(), tool_name: 'send_email', arguments: {} } })).toMatchObject({ status: 404, code: 'AGENT_NOT_FOUND' });
  });

  it('says why a call cannot be made at all', async () => {
    expect(await tryCall({ to: 'x' })).toMatchObject({ verdict: 'deny', misfit: expect.stringContaining('do not fit') });
    expect(await tryCall({}, { tool_name: 'no_such_tool' })).toMatchObject({ verdict: 'deny', misfit: expect.stringContaining('no_such_tool') });
  });
});

describe('simulating an agent', () => {
  it('gives each of its tools and those offered beside them a verdict, what may change it and what more risk would bring', async () => {
    const simulated = await api.call('simulateAgent', { as: 'viewer', body: { agent_id: agentId } });
    expect(simulated).toMatchObject({ agent_version: 1, policy_version: (await api.call('listPolicies', { as })).policy_version });
    const of = (name: string) => simulated.items.find(({ tool_name: toolName }) => toolName === name);
    expect(of('send_email')).toMatchObject({ risk_level: 'HIGH', effect: 'external', verdict: 'ask', may_change: [{ id: policyId, effect: 'deny' }], at_higher_risk: [{ risk_level: 'CRITICAL', verdict: 'deny' }], misfit: null });
    expect(of('web_search')).toMatchObject({ risk_level: 'LOW', verdict: 'allow', may_change: [], at_higher_risk: [{ risk_level: 'MEDIUM', verdict: 'allow' }, { risk_level: 'HIGH', verdict: 'ask' }, { risk_level: 'CRITICAL', verdict: 'deny' }] });
    expect(of('describe_data_source')).toMatchObject({ verdict: 'allow' });
    expect(of('execute_python')).toBeUndefined();
  });

  it('takes a draft, and tells of tools that cannot be used', async () => {
    await api.call('updateToolSettings', { as, params: { name: 'web_search' }, body: { version: 0, is_enabled: false } });
    const draft = { policy_id: null, cedar: 'forbid (principal in Tag::"finance", action, resource == Tool::"run_sql");' };
    const { items } = await api.call('simulateAgent', { as: 'viewer', body: { agent_id: agentId, draft } });
    expect(items.find(({ tool_name: name }) => name === 'run_sql')).toMatchObject({ verdict: 'deny', matched_rules: [{ id: 'draft' }] });
    expect(items.find(({ tool_name: name }) => name === 'web_search')).toMatchObject({ misfit: expect.stringContaining('switched') });
    expect(await api.refusal('simulateAgent', { as, body: { agent_id: newId() } })).toMatchObject({ status: 404, code: 'AGENT_NOT_FOUND' });
    expect(await api.refusal('simulateAgent', { as, body: { agent_id: agentId, draft: { policy_id: null, cedar: 'forbid (' } } })).toMatchObject({ status: 422, code: 'POLICY_INVALID' });
  });

  it('agrees with what the catalogue says needs approval', async () => {
    const { items } = await api.call('listTools', { as: 'operator' });
    expect(items.filter(({ needs_approval: needs }) => needs).map(({ name }) => name)).toContain('send_email');
    expect(items.find(({ name }) => name === 'run_sql')).toMatchObject({ needs_approval: false });
    const id = await publish('SQL asks', '@reason("SQL asks.")\nforbid (principal, action == Action::"use_unattended", resource == Tool::"run_sql");');
    expect((await api.call('listTools', { as: 'operator' })).items.find(({ name }) => name === 'run_sql')).toMatchObject({ needs_approval: true });
    await api.call('turnOffPolicy', { as, params: { id }, body: { revision: 2, note: 'Over.' } });
  });
});

describe('the decision ledger', () => {
  it('is read newest first, page by page without gaps, by agent, tool, verdict, policy and time', async () => {
    for (const address of ['a@elsewhere.net', 'b@elsewhere.net', 'c@elsewhere.net']) await judge(agentId, 'send_email', mail(address));
    const other = await judge(otherAgentId, 'send_email', outside);
    const list = (query = '') => api.call('listDecisions', { as: 'viewer', query: `?limit=200${query}` });
    const all = await list();
    expect(all.items.length).toBeGreaterThanOrEqual(6);
    expect(all.items[0]).toMatchObject({
      id: other.id, run_id: other.run_id, tool_call_id: other.tool_call_id, agent_id: otherAgentId, agent_name: expect.any(String), tool_name: 'send_email', risk_level: other.risk_level, verdict: 'ask',
      reason: other.reason, matched_rules: other.matched_rules, policy_version: other.policy_version, facts: other.facts, problems: [],
    });
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await api.call('listDecisions', { as: 'viewer', query: `?limit=2${cursor}` });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.next_cursor === null ? '' : `&cursor=${page.next_cursor}`;
    } while (cursor !== '');
    expect(seen).toEqual(all.items.map(({ id }) => id));
    const ids = async (query: string) => (await list(query)).items.map(({ id }) => id);
    const expected = (test: (item: (typeof all.items)[number]) => boolean) => all.items.filter(test).map(({ id }) => id);
    expect(await ids(`&agent_id=${otherAgentId}`)).toEqual([other.id]);
    expect(await ids('&verdict=deny')).toEqual(expected(({ verdict }) => verdict === 'deny'));
    expect(await ids(`&policy_id=${policyId}`)).toEqual(expected(({ matched_rules: rules }) => rules.some(({ id }) => id === policyId)));
    expect((await ids(`&policy_id=${policyId}`)).length).toBeGreaterThanOrEqual(4);
    expect(await ids('&policy_id=built-in.high-asks&verdict=ask')).toEqual(expected(({ verdict }) => verdict === 'ask'));
    expect(await ids('&tool_name=web_search')).toEqual([]);
    const middle = all.items[2]?.at ?? '';
    expect(await ids(`&from=${middle}`)).toEqual(expected(({ at }) => at >= middle));
    expect(await ids(`&to=${middle}`)).toEqual(expected(({ at }) => at < middle));
  });

  it('counts for each policy what it decided in seven days', async () => {
    const of = async () => (await api.call('getPolicy', { as, params: { id: policyId } })).matches_7d;
    const before = await of();
    const { id } = await judge(agentId, 'send_email', mail('d@elsewhere.net'));
    expect(await of()).toBe(before + 1);
    expect((await api.call('listPolicies', { as })).items.find((item) => item.id === policyId)?.matches_7d).toBe(before + 1);
    await api.deps.db.updateTable('safety_checks').set({ created_at: new Date(Date.now() - 8 * 24 * 3_600_000) } as never).where('id', '=', id).execute();
    expect(await of()).toBe(before);
  });
});
