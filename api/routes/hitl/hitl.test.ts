import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApprovalRequest } from '../../../contracts/approvals.ts';
import type { Role } from '../../../contracts/permissions.ts';
import { expireApproval } from '../../../engine/hitl/index.ts';
import { finishRun } from '../../../engine/runs/index.ts';
import type { ApprovalTerms } from '../../../contracts/approvals.ts';
import type { Policies } from '../../../engine/safety/index.ts';
import { hashJson } from '../../../platform/hash-json.ts';
import { insertTestAgent } from '../../../tests/support/agents.ts';
import { type ApiServer, startApiServer } from '../../../tests/support/api-server.ts';
import { policiesWith } from '../../../tests/support/policies.ts';
import { recordPendingApproval } from '../../../tests/support/run-records.ts';

let api: ApiServer;
let agentId: string;
beforeAll(async () => {
  api = await startApiServer();
  agentId = await insertTestAgent(api.deps, { name: 'Asker' });
});
afterAll(() => api.close());

const absent = '019a0000-0000-7000-8000-000000000000';
const email = { to: ['lead@example.com'], subject: 'Summary', text: '47 tickets' };

const withTerms = (terms: Partial<ApprovalTerms>): Policies => policiesWith(api.deps.policies, (verdict) => ({ ...verdict, terms: verdict.terms === null ? null : { ...verdict.terms, ...terms } }));

async function ask(options: { policies?: Policies; agent?: string; as?: 'operator' | 'admin' } = {}): Promise<{ id: string; runId: string; toolCallId: string }> {
  const { run_id: runId } = await api.call('createRun', { as: options.as ?? 'operator', body: { agent_id: options.agent ?? agentId, inputs: { goal: 'Mail the summary' } } });
  const { requestId, toolCallId } = await recordPendingApproval({ ...api.deps, ...(options.policies === undefined ? {} : { policies: options.policies }) }, { runId, args: email });
  return { id: requestId, runId, toolCallId };
}
const get = (id: string): Promise<ApprovalRequest> => api.call('getApproval', { as: 'viewer', params: { id } });
const signalsOf = (runId: string) => api.agentRuns.told.filter((told) => told.runId === runId && told.what === 'approval');
const decisionsOf = (id: string) => api.deps.db.selectFrom('hitl_decisions').selectAll().where('request_id', '=', id).execute();

describe('one request', () => {
  it('carries the exact call, why it is risky, what was wanted and the clock to count down by', async () => {
    const { id, runId, toolCallId } = await ask();
    const request = await get(id);
    expect(request).toMatchObject({
      id, run_id: runId, agent_id: agentId, agent_name: 'Asker', kind: 'tool_call', status: 'pending', tool_name: 'send_email', tool_call_id: toolCallId, iteration: 1,
      arguments: email, arguments_hash: hashJson(email), version: 1, risk_level: 'HIGH', policy_version: 'built-in-1', goal: 'Mail the summary',
      agent_reasoning: 'The lead should know.', started_by: 'The operator', started_by_id: api.userIdOf('operator'), forbids_self_approval: false, decision: null,
    });
    expect(request.matched_rules.map((rule) => rule.id)).toEqual(['built-in.high-asks']);
    expect(Date.parse(request.expires_at as string) - Date.parse(request.requested_at)).toBeGreaterThan(23 * 3_600_000);
    expect(Date.parse(request.server_time)).toBeGreaterThanOrEqual(Date.parse(request.requested_at));
  });
});

describe('approving', () => {
  it('settles the row, wakes the run and says who decided', async () => {
    const { id, runId, toolCallId } = await ask();
    const settled = await api.call('approveRequest', { as: 'approver', params: { id }, body: { version: 1, arguments_hash: hashJson(email), note: 'Go ahead' } });
    expect(settled).toMatchObject({ status: 'approved', decision: { verdict: 'approve', door: 'api', decided_by: { user_id: api.userIdOf('approver'), name: 'The approver' }, note: 'Go ahead', edited_arguments: null, taken_up_at: null } });
    expect(signalsOf(runId)).toEqual([{ what: 'approval', runId, signal: { requestId: id } }]);
    expect(await api.deps.db.selectFrom('tool_calls').select('state').where('id', '=', toolCallId).executeTakeFirst()).toEqual({ state: 'allowed' });
    expect(await api.call('getRun', { as: 'viewer', params: { run_id: runId } })).toMatchObject({ status: 'running', pending_approvals: 0 });
    const audit = await api.deps.db.selectFrom('audit_log').select(['action', 'actor_name', 'request_id']).where('object_id', '=', id).execute();
    expect(audit).toMatchObject([{ action: 'approval.approve', actor_name: 'The approver', request_id: expect.any(String) }]);
  });

  it('a body is not needed', async () => {
    const { id } = await ask();
    const response = await api.request('POST', `/api/apa/hitl/${id}/approve`, { as: 'approver' });
    expect([response.status, ((await response.json()) as ApprovalRequest).status]).toEqual([200, 'approved']);
  });

  it('a second decision is refused and names the first', async () => {
    const { id } = await ask();
    await api.call('approveRequest', { as: 'approver', params: { id } });
    for (const [name, body] of [['approveRequest', undefined], ['rejectRequest', { reason: 'too late' }]] as const) {
      const refused = await api.refusal(name, { as: 'admin', params: { id }, body });
      expect(refused).toMatchObject({ status: 409, code: 'APPROVAL_ALREADY_DECIDED', details: { status: 'approved', decided_by: 'The approver', decided_at: expect.any(String) } });
      expect(refused.message).toContain('The approver');
    }
    expect(await decisionsOf(id)).toHaveLength(1);
  });

  it('of many at once exactly one decides', async () => {
    const { id, runId } = await ask();
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        api.request('POST', `/api/apa/hitl/${id}/${index % 2 === 0 ? 'approve' : 'reject'}`, { as: index % 3 === 0 ? 'admin' : 'approver', body: index % 2 === 0 ? {} : { reason: 'no' } })),
    );
    expect(Object.fromEntries(Object.entries(Object.groupBy(answers, (answer) => answer.status)).map(([status, of]) => [status, of?.length]))).toEqual({ 200: 1, 409: 11 });
    expect(await decisionsOf(id)).toHaveLength(1);
    expect(signalsOf(runId)).toHaveLength(1);
  });

  it('edited arguments are judged again and become what runs', async () => {
    const { id, toolCallId } = await ask();
    const edited = { ...email, subject: 'Summary of today' };
    const settled = await api.call('approveRequest', { as: 'approver', params: { id }, body: { edited_arguments: edited } });
    expect(settled).toMatchObject({ status: 'approved_with_edits', arguments: email, decision: { edited_arguments: edited } });
    expect(await api.deps.db.selectFrom('tool_calls').select(['state', 'edited_arguments']).where('id', '=', toolCallId).executeTakeFirst()).toEqual({ state: 'allowed', edited_arguments: edited });
    expect(await api.deps.db.selectFrom('safety_checks').select('arguments_hash').where('tool_call_id', '=', toolCallId).execute()).toHaveLength(2);
  });

  it('edited arguments that do not fit the tool change nothing', async () => {
    const { id, runId } = await ask();
    expect(await api.refusal('approveRequest', { as: 'approver', params: { id }, body: { edited_arguments: { to: 5 } } })).toMatchObject({ status: 422, code: 'APPROVAL_EDIT_INVALID' });
    expect((await get(id)).status).toBe('pending');
    expect(signalsOf(runId)).toEqual([]);
  });

  it('a secret that somebody writes into an edit or a reason is kept nowhere', async () => {
    const value = 'crm-key-1f9e77ab';
    await api.call('createSecret', { as: 'admin', body: { name: 'crm', value } });
    const { id, toolCallId, runId } = await ask();
    await api.deps.secrets.reveal('{{secret:crm}}');
    for (const edited of [{ ...email, text: `The key is ${value}.` }, { ...email, text: Buffer.from(`::${value}::`).toString('base64') }]) {
      const refused = await api.refusal('approveRequest', { as: 'approver', params: { id }, body: { edited_arguments: edited } });
      expect(refused).toMatchObject({ status: 422, code: 'APPROVAL_EDIT_INVALID', message: expect.stringContaining('{{secret:its-name}}') });
      expect(JSON.stringify(refused)).not.toContain(value);
    }
    expect((await get(id)).status).toBe('pending');
    const settled = await api.call('rejectRequest', { as: 'approver', params: { id }, body: { reason: `Use ${value} instead.` } });
    expect(settled.decision?.note).toBe('Use {{secret:crm}} instead.');
    const { db } = api.deps;
    const kept = [
      await db.selectFrom('tool_calls').selectAll().where('id', '=', toolCallId).execute(), await db.selectFrom('steps').selectAll().where('run_id', '=', runId).execute(),
      await db.selectFrom('events').selectAll().execute(), await db.selectFrom('audit_log').selectAll().execute(), await decisionsOf(id),
    ];
    expect(JSON.stringify(kept)).toContain('Use {{secret:crm}} instead.');
    expect(JSON.stringify(kept)).not.toContain(value);
  });

  it('what the decider saw must still be true', async () => {
    const { id } = await ask();
    for (const seen of [{ version: 2 }, { arguments_hash: '0'.repeat(64) }]) {
      expect(await api.refusal('approveRequest', { as: 'approver', params: { id }, body: seen })).toMatchObject({ status: 409, code: 'APPROVAL_STALE', details: { version: 1, arguments_hash: hashJson(email) } });
    }
    expect((await get(id)).status).toBe('pending');
  });

  it('stands when Temporal is gone: the signal is sent again later', async () => {
    const { id, runId } = await ask();
    api.agentRuns.isDown = true;
    const settled = await api.call('approveRequest', { as: 'approver', params: { id } }).finally(() => {
      api.agentRuns.isDown = false;
    });
    expect(settled.status).toBe('approved');
    expect(signalsOf(runId)).toEqual([]);
    expect(await decisionsOf(id)).toMatchObject([{ taken_up_at: null }]);
  });

  it('a policy that forbids it keeps people from approving their own run, not from rejecting it', async () => {
    const policies = withTerms({ expires_after_seconds: null, forbids_self_approval: true });
    const own = await ask({ policies, as: 'admin' });
    expect(await get(own.id)).toMatchObject({ forbids_self_approval: true, expires_at: null });
    expect(await api.refusal('approveRequest', { as: 'admin', params: { id: own.id } })).toMatchObject({ status: 403, code: 'APPROVAL_SELF_FORBIDDEN' });
    expect((await api.call('rejectRequest', { as: 'admin', params: { id: own.id }, body: { reason: 'I was wrong.' } })).status).toBe('rejected');
  });
});

describe('rejecting and confirming', () => {
  it('a rejection needs a reason, which the agent reads', async () => {
    const { id, toolCallId, runId } = await ask();
    for (const body of [undefined, {}, { reason: '  ' }, { reason: 'x'.repeat(2_001) }]) {
      expect(await api.refusal('rejectRequest', { as: 'approver', params: { id }, body })).toMatchObject({ status: 422, code: 'VALIDATION_FAILED' });
    }
    const settled = await api.call('rejectRequest', { as: 'approver', params: { id }, body: { reason: 'Wrong recipient' } });
    expect(settled).toMatchObject({ status: 'rejected', decision: { verdict: 'reject', note: 'Wrong recipient' } });
    const call = await api.deps.db.selectFrom('tool_calls').select(['state', 'error']).where('id', '=', toolCallId).executeTakeFirstOrThrow();
    expect([call.state, call.error?.message]).toEqual(['rejected', expect.stringContaining('Wrong recipient')]);
    expect(signalsOf(runId)).toHaveLength(1);
  });

  it('only a call with an unknown outcome can be confirmed', async () => {
    const { id } = await ask();
    expect(await api.refusal('confirmHappened', { as: 'approver', params: { id } })).toMatchObject({ status: 422, code: 'APPROVAL_KIND_MISMATCH' });
  });

  it('a request that has expired or was withdrawn is decided', async () => {
    const expired = await ask();
    await api.deps.db.updateTable('hitl_requests').set({ expires_at: new Date(Date.now() - 1_000) }).where('id', '=', expired.id).execute();
    expect(await api.refusal('approveRequest', { as: 'approver', params: { id: expired.id } })).toMatchObject({ status: 409, details: { status: 'expired' } });
    await expireApproval(api.deps, { requestId: expired.id });
    expect(await get(expired.id)).toMatchObject({ status: 'expired', decision: { door: 'expiry', decided_by: { user_id: null, name: 'Maestro' } } });
    const withdrawn = await ask();
    await finishRun(api.deps, { runId: withdrawn.runId, phase: 'cancelled', end: { code: 'CANCELLED_BY_USER', message: 'Stopped.' } });
    expect(await api.refusal('approveRequest', { as: 'approver', params: { id: withdrawn.id } })).toMatchObject({ status: 409, details: { status: 'withdrawn' } });
  });

  it('a request nobody has is APPROVAL_NOT_FOUND', async () => {
    for (const name of ['approveRequest', 'confirmHappened'] as const) expect(await api.refusal(name, { as: 'approver', params: { id: absent } })).toMatchObject({ status: 404, code: 'APPROVAL_NOT_FOUND' });
  });
});

describe('the inbox', () => {
  it('pending ones come by nearest expiry, page by page; what never expires comes last', async () => {
    const agent = await insertTestAgent(api.deps, { name: 'Of the inbox' });
    const asked = [];
    for (let number = 0; number < 5; number++) asked.push(await ask({ agent }));
    const inHours = [3, 1, null, 2, 1];
    for (const [index, hours] of inHours.entries()) {
      await api.deps.db.updateTable('hitl_requests').set({ expires_at: hours === null ? null : new Date(Date.UTC(2099, 0, 1, hours)) }).where('id', '=', asked[index]?.id as string).execute();
    }
    const seen: ApprovalRequest[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: { items: ApprovalRequest[]; next_cursor: string | null } = await api.call('listApprovals', { as: 'viewer', query: `?status=pending&agent_id=${agent}&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}` });
      seen.push(...page.items);
      cursor = page.next_cursor;
    }
    expect(seen.map((request) => request.id)).toEqual([asked[1], asked[4], asked[3], asked[0], asked[2]].map((one) => one?.id));
    await api.call('approveRequest', { as: 'approver', params: { id: asked[0]?.id as string } });
    const all = await api.call('listApprovals', { as: 'viewer', query: `?agent_id=${agent}&limit=3` });
    expect(all.items.map((request) => request.id)).toEqual([asked[4], asked[3], asked[2]].map((one) => one?.id));
    expect(await api.refusal('listApprovals', { as: 'viewer', query: `?status=pending&cursor=${all.next_cursor}` })).toMatchObject({ status: 400, code: 'CURSOR_INVALID' });
    const ofRun = await api.call('listApprovals', { as: 'viewer', query: `?run_id=${asked[1]?.runId}&tool_name=send_email&risk_level=HIGH` });
    expect(ofRun.items.map((request) => request.id)).toEqual([asked[1]?.id]);
    expect((await api.call('listApprovals', { as: 'viewer', query: `?agent_id=${agent}&status=approved,rejected` })).items.map((request) => request.id)).toEqual([asked[0]?.id]);
    expect((await api.call('listApprovals', { as: 'viewer', query: `?agent_id=${agent}&risk_level=LOW` })).items).toEqual([]);
  });
});

describe('what a person gives, how long it waits, and several at once', () => {
  it('a result by hand and an answer hold no secret, and the run is woken', async () => {
    const value = 'erp-key-77aa10cc';
    await api.call('createSecret', { as: 'admin', body: { name: 'erp', value } });
    await api.deps.secrets.reveal('{{secret:erp}}');
    const { id, runId } = await ask();
    const settled = await api.call('provideResult', { as: 'approver', params: { id }, body: { version: 1, result: { receipt: `paid with ${value}` }, note: `used ${value}` } });
    expect(settled).toMatchObject({ status: 'approved', decision: { verdict: 'provide_result', result: { receipt: 'paid with {{secret:erp}}' }, note: 'used {{secret:erp}}' } });
    expect(signalsOf(runId)).toHaveLength(1);
    const { run_id: questionRun } = await api.call('createRun', { as: 'operator', body: { agent_id: agentId, inputs: { goal: 'Ask' } } });
    const question = await recordPendingApproval(api.deps, { runId: questionRun, toolName: 'ask_person', args: { question: 'Which?' } });
    expect(await get(question.requestId)).toMatchObject({ kind: 'question', risk_level: 'LOW', effect_sentence: 'Ask a person: Which?' });
    const answered = await api.call('answerQuestion', { as: 'approver', params: { id: question.requestId }, body: { answer: `It is ${value}` } });
    expect(answered).toMatchObject({ status: 'approved', decision: { verdict: 'answer', result: 'It is {{secret:erp}}' } });
    expect(JSON.stringify(await api.deps.db.selectFrom('contents').selectAll().execute())).not.toContain(value);
  });

  it('an extension within the terms moves the expiry and wakes the run; beyond them it is refused', async () => {
    const { id, runId } = await ask({ policies: withTerms({ expires_after_seconds: 3_600, extendable_to_seconds: 7_200 }) });
    const { expires_at: before, extendable_until: until } = await get(id);
    const later = (minutes: number) => ({ expires_at: new Date(Date.parse(before as string) + minutes * 60_000).toISOString() });
    expect(await api.refusal('extendRequest', { as: 'operator', params: { id }, body: later(5) })).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    expect(await api.refusal('extendRequest', { as: 'approver', params: { id }, body: later(61) })).toMatchObject({ status: 409, code: 'APPROVAL_NOT_EXTENDABLE', details: { extendable_until: until } });
    expect((await api.call('extendRequest', { as: 'approver', params: { id }, body: later(30) })).expires_at).toBe(later(30).expires_at);
    expect(signalsOf(runId)).toHaveLength(1);
    expect(await api.refusal('extendRequest', { as: 'approver', params: { id: absent }, body: later(5) })).toMatchObject({ status: 404 });
  });

  it('bulk decides each alone and wakes the run of each that was decided', async () => {
    const [first, second] = [await ask(), await ask()];
    await api.call('rejectRequest', { as: 'admin', params: { id: second.id }, body: { reason: 'no' } });
    const items = [first.id, second.id, absent].map((id) => ({ id, version: 1, arguments_hash: hashJson(email) }));
    expect(await api.refusal('decideInBulk', { as: 'approver', body: { verdict: 'reject', items } })).toMatchObject({ status: 422, code: 'VALIDATION_FAILED' });
    expect(await api.refusal('decideInBulk', { as: 'approver', body: { verdict: 'approve', items } })).toMatchObject({ status: 422, code: 'APPROVAL_BULK_REFUSED', message: expect.stringContaining('one by one') });
    const { items: outcomes } = await api.call('decideInBulk', { as: 'approver', body: { verdict: 'reject', items, reason: 'Not today.' } });
    expect(outcomes).toMatchObject([{ id: first.id, status: 'rejected', error: null }, { id: second.id, status: null, error: { code: 'APPROVAL_ALREADY_DECIDED' } }, { id: absent, status: null, error: { code: 'APPROVAL_NOT_FOUND' } }]);
    expect([signalsOf(first.runId), signalsOf(second.runId)].map((signals) => signals.length)).toEqual([1, 1]);
  });
});

describe('around a request', () => {
  it('stand the steps before it, what was decided on calls like it, what the run may use, and where the reader stands', async () => {
    const agent = await insertTestAgent(api.deps, { name: 'With a past' });
    const first = await ask({ agent });
    await api.call('approveRequest', { as: 'approver', params: { id: first.id } });
    const { id, runId } = await ask({ agent });
    const details = await api.call('getApproval', { as: 'operator', params: { id } });
    expect(details.last_steps.map(({ kind }) => kind)).toEqual(['reasoning']);
    expect(details.similar).toMatchObject({ asked_before: 1, approved: 1, rejected: 0, last: [{ id: first.id, decided_by: 'The approver', is_same_arguments: true }] });
    expect(details.budget).toMatchObject({ tokens: 120, cost_micro_usd: 1_500, max_iterations: 10 });
    expect(details).toMatchObject({ concerns_me: true, can_decide: { is_allowed: false, reason: expect.stringContaining('operator') }, votes: [], votes_missing: [1] });
    expect(await api.call('getApproval', { as: 'approver', params: { id } })).toMatchObject({ concerns_me: true, can_decide: { is_allowed: true, reason: null } });
    expect(await api.call('getApproval', { as: 'viewer', params: { id } })).toMatchObject({ concerns_me: false, can_decide: { is_allowed: false } });
    const mine = async (as: Role) => (await api.call('listApprovals', { as, query: `?status=pending&mine=true&run_id=${runId}` })).items.map((request) => request.id);
    expect([await mine('operator'), await mine('approver'), await mine('viewer')]).toEqual([[id], [id], []]);
  });

  it('counts say what waits, of what risk, tool and agent, and how fast people were', async () => {
    const agent = await insertTestAgent(api.deps, { name: 'Counted' });
    const before = await api.call('countApprovals', { as: 'operator' });
    await ask({ agent });
    const after = await api.call('countApprovals', { as: 'operator' });
    expect([after.pending - before.pending, after.mine - before.mine, after.by_risk.HIGH - before.by_risk.HIGH]).toEqual([1, 1, 1]);
    expect(after.by_agent).toContainEqual({ agent_id: agent, agent_name: 'Counted', count: 1 });
    expect(after.by_tool[0]?.tool_name).toBe('send_email');
    expect(after.decided_24h).toBeGreaterThan(3);
    expect(after.median_time_to_decide_ms).toBeGreaterThan(0);
    expect(after.p95_time_to_decide_ms).toBeGreaterThanOrEqual(after.median_time_to_decide_ms ?? Infinity);
    expect(await api.refusal('countApprovals', {})).toMatchObject({ status: 401 });
  });
});
