import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EndpointName, endpoints } from '../../../contracts/endpoints.ts';
import { policyConflictSchema, type PolicyDetails, policyIssuesSchema } from '../../../contracts/policies.ts';
import { listAuditEntries } from '../../../db/repositories/audit.repository.ts';
import { newId } from '../../../platform/ids.ts';
import { type ApiServer, startApiServer } from '../../../tests/support/api-server.ts';

let api: ApiServer;
beforeAll(async () => {
  api = await startApiServer();
});
afterAll(() => api.close());

const noMail = '@reason("No mail.")\nforbid (principal, action, resource == Tool::"send_email");';
const noSearch = '@reason("No search.")\nforbid (principal, action, resource == Tool::"web_search");';
const broken = 'forbid (principal, action, resource == Tool::"send_email"';
const nonsense = 'forbid (principal, action, resource) when { context.no_such_fact > 3 };';

const as = 'admin';
const idOf = ({ id }: { id: string }) => ({ params: { id } });
const create = (name: string, cedar = noMail) => api.call('createPolicy', { as, body: { name, cedar } });
const save = (policy: PolicyDetails, body: Record<string, unknown>) => api.call('savePolicyDraft', { as, ...idOf(policy), body: { revision: policy.revision, ...body } });
const publish = (policy: PolicyDetails, body: Record<string, unknown> = {}) =>
  api.call('publishPolicy', { as, ...idOf(policy), body: { revision: policy.revision, note: 'As agreed.', reason_without_back_test: 'Nothing is recorded yet.', ...body } });
const refusalOf = (name: EndpointName, policy: { id: string }, body: Record<string, unknown>) => api.refusal(name, { as, ...idOf(policy), body });
const get = (policy: { id: string }) => api.call('getPolicy', { as: 'viewer', ...idOf(policy) });

describe('who may do what with policies', () => {
  const reads: [EndpointName, object?][] = [
    ['listPolicies'], ['listPolicyFacts'], ['listPolicySets'], ['listDecisions'], ['getPolicy', idOf({ id: newId() })], ['listPolicyVersions', idOf({ id: newId() })],
    ['checkPolicy', { body: { cedar: noMail } }], ['tryCall', { body: { agent_id: newId(), tool_name: 'run_sql', arguments: {} } }], ['simulateAgent', { body: { agent_id: newId() } }],
  ];
  const writes: [EndpointName, object?][] = [
    ['createPolicy', { body: { name: 'x', cedar: noMail } }], ['savePolicyDraft', { ...idOf({ id: newId() }), body: { revision: 1, cedar: noMail } }], ['discardPolicyDraft', { ...idOf({ id: newId() }), query: '?revision=1' }],
    ['publishPolicy', { ...idOf({ id: newId() }), body: { revision: 1, note: 'n' } }], ['turnOffPolicy', { ...idOf({ id: newId() }), body: { revision: 1, note: 'n' } }],
    ['rollBackPolicy', { ...idOf({ id: newId() }), body: { revision: 1, version: 1, note: 'n' } }],
  ];

  it.each([...reads, ...writes])('%s wants somebody signed in', async (name, options) => {
    expect(await api.refusal(name, options)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
  });

  it.each(reads)('%s is open to every role', async (name, options) => {
    for (const role of ['viewer', 'operator', 'approver'] as const) {
      const { method, path } = endpoints[name];
      const response = await api.request(method.toUpperCase(), path.replace(':id', newId()), { as: role, ...options });
      expect(response.status).not.toBe(403);
    }
  });

  it.each(writes)('%s is for admins alone, and of no policy finds none', async (name, options) => {
    for (const role of ['viewer', 'operator', 'approver'] as const) expect(await api.refusal(name, { as: role, ...options })).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    if (name !== 'createPolicy') expect(await api.refusal(name, { as, ...options })).toMatchObject({ status: 404, code: 'POLICY_NOT_FOUND' });
  });

  it.each(['no-uuid', 'built-in.no-such-policy', '00000000-0000-4000-8000-00000000000x'])('an id that cannot be one (%s) names no policy', async (id) => {
    expect(await api.refusal('getPolicy', { as, params: { id } })).toMatchObject({ status: 404, code: 'POLICY_NOT_FOUND' });
    expect(await api.refusal('listPolicyVersions', { as, params: { id } })).toMatchObject({ status: 404, code: 'POLICY_NOT_FOUND' });
    expect(await refusalOf('turnOffPolicy', { id }, { revision: 1, note: 'n' })).toMatchObject({ status: 404, code: 'POLICY_NOT_FOUND' });
  });

  it.each([
    ['createPolicy', { name: 'Both', cedar: noMail, form: { effect: 'deny' } }, 'cedar'],
    ['createPolicy', { name: 'Neither' }, 'cedar'],
    ['createPolicy', { name: '  ', cedar: noMail }, 'name'],
    ['createPolicy', { name: 'Empty', cedar: '  ' }, 'cedar'],
    ['createPolicy', { name: 'Long', cedar: 'x'.repeat(20_001) }, 'cedar'],
    ['createPolicy', { name: 'Odd', form: { effect: 'perhaps' } }, 'form.effect'],
    ['checkPolicy', {}, 'cedar'],
    ['publishPolicy', { revision: 1 }, 'note'],
    ['publishPolicy', { revision: 1, note: ' ' }, 'note'],
    ['rollBackPolicy', { revision: 1, note: 'n', version: 0 }, 'version'],
    ['rollBackPolicy', { revision: 1, note: 'n', version: 2_147_483_648 }, 'version'],
    ['tryCall', { agent_id: 'x', tool_name: 'run_sql', arguments: {} }, 'agent_id'],
    ['tryCall', { agent_id: newId(), tool_name: 'run_sql', arguments: [] }, 'arguments'],
    ['simulateAgent', { agent_id: newId(), draft: { policy_id: null, cedar: '' } }, 'draft.cedar'],
  ] as [EndpointName, Record<string, unknown>, string][])('%s: what does not fit is named (case %#)', async (name, body, path) => {
    expect(await refusalOf(name, { id: newId() }, body)).toMatchObject({ status: 422, code: 'VALIDATION_FAILED', details: { issues: [{ path }] } });
  });

  it('refuses what a list cannot be asked', async () => {
    for (const name of ['listPolicySets', 'listDecisions'] as const) {
      expect(await api.refusal(name, { as, query: '?cursor=x' })).toMatchObject({ status: 400, code: 'CURSOR_INVALID' });
      expect(await api.refusal(name, { as, query: '?limit=0' })).toMatchObject({ status: 422 });
    }
    const yearZero = Buffer.from(JSON.stringify({ at: '0000-01-01T00:00:00.000000Z', id: newId() })).toString('base64url');
    expect(await api.refusal('listDecisions', { as, query: `?cursor=${yearZero}` })).toMatchObject({ status: 400, code: 'CURSOR_INVALID' });
    expect(await api.refusal('listDecisions', { as, query: '?verdict=perhaps' })).toMatchObject({ status: 422, details: { issues: [{ path: 'verdict' }] } });
  });
});

describe('a draft', () => {
  it('is kept though it is not valid, with what is wrong with it and where', async () => {
    const policy = await create('Broken', broken);
    expect(policy).toMatchObject({ state: 'draft', has_draft: true, live_version: null, cedar: null, revision: 1, draft: { cedar: broken, based_on_version: null, updated_by: { name: 'The admin' }, back_test: null } });
    expect(policy.draft?.issues).toContainEqual(expect.objectContaining({ severity: 'error', line: expect.any(Number), column: expect.any(Number) }));
    const refused = await refusalOf('publishPolicy', policy, { revision: 1, note: 'n', accepts_warnings: true, reason_without_back_test: 'r' });
    expect(refused).toMatchObject({ status: 422, code: 'POLICY_INVALID' });
    expect(policyIssuesSchema.parse(refused.details).issues.some(({ severity }) => severity === 'error')).toBe(true);
    const typed = await save(policy, { cedar: nonsense });
    expect(typed.draft?.issues).toContainEqual(expect.objectContaining({ severity: 'error', line: 1 }));
    expect(await refusalOf('publishPolicy', policy, { revision: 2, note: 'n', accepts_warnings: true, reason_without_back_test: 'r' })).toMatchObject({ code: 'POLICY_INVALID' });
    expect((await api.call('listPolicySets', { as })).items).toEqual([]);
  });

  it('has a name of its own, whatever the case, also against shipped policies', async () => {
    const taken = { status: 409, code: 'POLICY_NAME_TAKEN', details: { issues: [{ path: 'name' }] } };
    const first = await create('Night mail');
    const second = await create('Day mail');
    expect(await api.refusal('createPolicy', { as, body: { name: 'NIGHT mail', cedar: noMail } })).toMatchObject(taken);
    expect(await refusalOf('savePolicyDraft', second, { revision: 1, name: 'night MAIL' })).toMatchObject(taken);
    expect(await save(first, { name: 'Night Mail' })).toMatchObject({ name: 'Night Mail', revision: 2 });
    const builtIn = (await api.call('listPolicies', { as })).items.find(({ is_built_in: isBuiltIn }) => isBuiltIn);
    expect(await api.refusal('createPolicy', { as, body: { name: builtIn?.name.toUpperCase(), cedar: noMail } })).toMatchObject(taken);
  });

  it('is saved by two people one after another: the second is told what is there now, and saves again from there', async () => {
    const policy = await create('Two editors');
    const both = await Promise.all(['first', 'second'].map(async (word) => {
      const response = await api.request('PUT', `/api/policies/${policy.id}/draft`, { as, body: { revision: 1, cedar: `${noMail}\n// ${word}` } });
      return { word, status: response.status, body: await response.json() as { error: { code: string; details: unknown } } };
    }));
    const [won, lost] = both.toSorted((a, b) => a.status - b.status);
    expect([won?.status, lost?.status]).toEqual([200, 409]);
    const conflict = policyConflictSchema.parse(lost?.body.error.details);
    expect(conflict).toMatchObject({ revision: 2, name: 'Two editors', draft_cedar: `${noMail}\n// ${won?.word}`, changed_by: { user_id: api.userIdOf('admin'), name: 'The admin' }, live_version: null });
    const third = await api.call('savePolicyDraft', { as, ...idOf(policy), body: { revision: conflict.revision, cedar: noSearch } });
    expect(third).toMatchObject({ revision: 3, draft: { cedar: noSearch } });
  });

  it('that says nothing new makes no revision, and what is live already is no draft', async () => {
    const policy = await create('Same');
    expect(await save(policy, { cedar: noMail })).toMatchObject({ revision: 1 });
    const live = await publish(policy);
    const changed = await save(live, { cedar: noSearch });
    expect(changed).toMatchObject({ has_draft: true, draft: { based_on_version: 1 }, cedar: noMail });
    expect(await save(changed, { cedar: noMail })).toMatchObject({ has_draft: false, draft: null, cedar: noMail });
  });

  it('is thrown away, and the policy with it when it was never live', async () => {
    const never = await create('Never live');
    expect(await api.refusal('discardPolicyDraft', { as, ...idOf(never), query: '?revision=7' })).toMatchObject({ status: 409, code: 'POLICY_CHANGED' });
    await api.call('discardPolicyDraft', { as, ...idOf(never), query: '?revision=1' });
    expect(await api.refusal('getPolicy', { as, ...idOf(never) })).toMatchObject({ status: 404 });
    expect(await refusalOf('savePolicyDraft', never, { revision: 1, cedar: noMail })).toMatchObject({ status: 404, code: 'POLICY_NOT_FOUND' });
    const live = await publish(await create('Once live'));
    const changed = await save(live, { cedar: noSearch });
    await api.call('discardPolicyDraft', { as, ...idOf(changed), query: `?revision=${changed.revision}` });
    expect(await get(live)).toMatchObject({ state: 'live', draft: null, cedar: noMail });
  });

  it('is warned of names that mean nothing here, with their place', async () => {
    const cedar = `@approvers("group:no-such-group, user:viewer@example.com, user:nobody@example.com, user:APPROVER@example.com, role:admin")
forbid (principal in Tag::"no-such-tag", action == Action::"use_unattended", resource == Tool::"no_such_tool");`;
    const { issues, is_valid: isValid } = await api.call('checkPolicy', { as: 'viewer', body: { cedar } });
    expect(isValid).toBe(true);
    expect(issues.filter(({ message }) => /no[-_]such|example\.com/.test(message)).map(({ severity, message, line, column }) => ({ severity, message, line, column }))).toEqual([
      { severity: 'warning', message: 'There is no group "no-such-group" on this system.', line: 1, column: 13 },
      { severity: 'warning', message: '"viewer@example.com" may not decide: their role is viewer.', line: 1, column: 34 },
      { severity: 'warning', message: 'Nobody here has the address "nobody@example.com".', line: 1, column: 59 },
      { severity: 'warning', message: 'No agent has the tag "no-such-tag".', line: 2, column: 28 },
      { severity: 'warning', message: 'There is no tool "no_such_tool" on this system.', line: 2, column: expect.any(Number) },
    ]);
  });

  it('is warned when more people have to approve than may', async () => {
    const quorumOf = async (quorum: number, approvers: string) =>
      (await api.call('checkPolicy', { as, body: { cedar: `@approvers("${approvers}")\n@quorum("${quorum}")\nforbid (principal, action == Action::"use_unattended", resource == Tool::"send_email");` } }))
        .issues.filter(({ message }) => message.includes('have to approve')).map(({ message, line, column }) => ({ message, line, column }));
    expect(await quorumOf(2, 'role:approver, role:admin')).toEqual([]);
    expect(await quorumOf(2, 'role:admin, user:APPROVER@example.com')).toEqual([]);
    expect(await quorumOf(2, 'role:admin, user:viewer@example.com')).toEqual([{ message: '2 people have to approve, but only 1 may.', line: 2, column: 1 }]);
    expect(await quorumOf(3, '')).toEqual([{ message: '3 people have to approve, but only 2 may.', line: 2, column: 1 }]);
  });
});

describe('going live', () => {
  it('wants the back-test of exactly this text, or a reason', async () => {
    const policy = await create('Back-tested');
    expect(await refusalOf('publishPolicy', policy, { revision: 1, note: 'n' })).toMatchObject({ status: 409, code: 'POLICY_NOT_BACK_TESTED' });
    const test = {
      id: newId(), policy_name: 'Back-tested', cedar: noMail, cedar_hash: policy.draft?.cedar_hash ?? '', policy_version: 'built-in-1', from_at: new Date(0), to_at: new Date(), agent_ids: '[]', created_by_name: 'The admin', total: 5, done: 5, unchanged: 4, not_replayable: 1,
    };
    const add = (given: { status: 'running' | 'completed'; policy_id: string | null; cedar_hash?: string; id?: string; finished_at?: Date; total?: number; done?: number; unchanged?: number; not_replayable?: number }) => api.deps.db.insertInto('back_tests').values({ ...test, ...given }).execute();
    await add({ status: 'running', policy_id: policy.id, id: newId() });
    await add({ status: 'completed', policy_id: policy.id, id: newId(), cedar_hash: 'of another text', finished_at: new Date() });
    await add({ status: 'completed', policy_id: newId(), id: newId(), finished_at: new Date() });
    // One that found nothing to judge, and one that could judge nothing of it.
    await add({ status: 'completed', policy_id: policy.id, id: newId(), finished_at: new Date(), total: 0, done: 0, unchanged: 0, not_replayable: 0 });
    await add({ status: 'completed', policy_id: policy.id, id: newId(), finished_at: new Date(), unchanged: 0, not_replayable: 5 });
    expect(await refusalOf('publishPolicy', policy, { revision: 1, note: 'n' })).toMatchObject({ code: 'POLICY_NOT_BACK_TESTED' });
    await add({ status: 'completed', policy_id: policy.id, finished_at: new Date() });
    expect((await get(policy)).draft?.back_test).toMatchObject({ id: test.id });
    await api.call('publishPolicy', { as, ...idOf(policy), body: { revision: 1, note: 'Tested.', reason_without_back_test: 'Not needed.' } });
    expect((await api.call('listPolicyVersions', { as: 'viewer', ...idOf(policy) })).items).toMatchObject([{ version: 1, note: 'Tested.', back_test_id: test.id, reason_without_back_test: null, is_live: true }]);
  });

  it('wants warnings accepted', async () => {
    const policy = await create('Warned', '@reason("x")\nforbid (principal, action, resource == Tool::"no_such_tool");');
    const refused = await refusalOf('publishPolicy', policy, { revision: 1, note: 'n', reason_without_back_test: 'r' });
    expect(refused).toMatchObject({ status: 409, code: 'POLICY_HAS_WARNINGS' });
    expect(policyIssuesSchema.parse(refused.details).issues).toContainEqual(expect.objectContaining({ severity: 'warning', message: 'There is no tool "no_such_tool" on this system.' }));
    expect(await publish(policy, { accepts_warnings: true })).toMatchObject({ state: 'live' });
    const everything = await create('Everything', 'forbid (principal, action, resource);');
    expect(await refusalOf('publishPolicy', everything, { revision: 1, note: 'n', reason_without_back_test: 'r' })).toMatchObject({ code: 'POLICY_HAS_WARNINGS', details: { issues: [{ severity: 'warning', line: 1, column: 1 }] } });
  });

  it('makes a version, a set with all members, an audit entry with both texts and an event', async () => {
    const others = (await api.call('listPolicies', { as })).items.filter(({ state, is_built_in: isBuiltIn }) => state === 'live' && !isBuiltIn).map(({ id }) => id);
    const first = await publish(await create('Lived'), { note: 'First.' });
    expect(first).toMatchObject({ state: 'live', live_version: 1, revision: 2, cedar: noMail, draft: null, has_draft: false, changed_by: { name: 'The admin' } });
    expect(await refusalOf('publishPolicy', first, { revision: 2, note: 'n', reason_without_back_test: 'r' })).toMatchObject({ status: 409, code: 'POLICY_NOTHING_TO_PUBLISH' });
    const second = await publish(await save(first, { cedar: noSearch, name: 'Lives' }), { note: 'Second.' });
    expect(second).toMatchObject({ live_version: 2, cedar: noSearch, name: 'Lives' });
    const { policy_version: policyVersion } = await api.call('listPolicies', { as: 'viewer' });
    expect((await api.call('listPolicySets', { as: 'viewer', query: '?limit=2' })).items).toMatchObject([
      { policy_version: policyVersion, note: 'Second.', created_by: { user_id: api.userIdOf('admin'), name: 'The admin' }, changed: { policy_id: first.id, name: 'Lives', from_version: 1, to_version: 2 } },
      { note: 'First.', changed: { policy_id: first.id, name: 'Lived', from_version: null, to_version: 1 } },
    ]);
    const newest = await api.deps.db.selectFrom('policy_sets').select('members').orderBy('version', 'desc').limit(1).executeTakeFirstOrThrow();
    expect(newest.members.map(({ policy_id: id }) => id).toSorted()).toEqual([...others, first.id].toSorted());
    const [entry] = await listAuditEntries(api.deps.db, { limit: 1, action: 'policy.publish', objectId: first.id });
    expect(entry).toMatchObject({ actor: { name: 'The admin' }, object_type: 'policy', before: { name: 'Lives', version: 1, cedar: noMail }, after: { version: 2, cedar: noSearch, note: 'Second.', reason_without_back_test: 'Nothing is recorded yet.' } });
    const events = await api.deps.db.selectFrom('events').select('data').where('type', '=', 'policy-changed').execute();
    const changes = (events as { data: { policy_id: string; change: string } }[]).filter(({ data }) => data.policy_id === first.id).map(({ data }) => data.change);
    expect(changes).toEqual(['draft', 'published', 'draft', 'published']);
  });

  it('of two at once one is told', async () => {
    const policy = await create('Raced');
    const both = await Promise.all([1, 2].map(() => api.request('POST', `/api/policies/${policy.id}/publish`, { as, body: { revision: 1, note: 'n', reason_without_back_test: 'r' } })));
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
    expect((await api.call('listPolicyVersions', { as, ...idOf(policy) })).items).toHaveLength(1);
  });

  it('is taken back: off, an older text as a new version, and history page by page', async () => {
    const first = await publish(await create('Back and forth'));
    const second = await publish(await save(first, { cedar: noSearch }));
    const off = await api.call('turnOffPolicy', { as, ...idOf(second), body: { revision: second.revision, note: 'Too strict.' } });
    expect(off).toMatchObject({ state: 'off', live_version: null, cedar: noSearch });
    expect(await refusalOf('turnOffPolicy', off, { revision: off.revision, note: 'n' })).toMatchObject({ status: 409, code: 'POLICY_NOT_LIVE' });
    expect(await refusalOf('rollBackPolicy', off, { revision: off.revision, version: 9, note: 'n' })).toMatchObject({ status: 404, code: 'POLICY_NOT_FOUND' });
    expect(await refusalOf('rollBackPolicy', off, { revision: 1, version: 1, note: 'n' })).toMatchObject({ status: 409, code: 'POLICY_CHANGED' });
    const drafted = await save(off, { cedar: `${noMail}\n// in the making` });
    const back = await api.call('rollBackPolicy', { as, ...idOf(off), body: { revision: drafted.revision, version: 1, note: 'As it was.' } });
    expect(back).toMatchObject({ state: 'live', live_version: 3, cedar: noMail, draft: { cedar: `${noMail}\n// in the making` } });
    expect(await refusalOf('rollBackPolicy', back, { revision: back.revision, version: 1, note: 'n' })).toMatchObject({ code: 'POLICY_NOTHING_TO_PUBLISH' });
    const page = await api.call('listPolicyVersions', { as: 'viewer', ...idOf(off), query: '?limit=2' });
    expect(page.items).toMatchObject([{ version: 3, cedar: noMail, note: 'As it was.', rolled_back_to: 1, is_live: true }, { version: 2, cedar: noSearch, rolled_back_to: null, is_live: false }]);
    const rest = await api.call('listPolicyVersions', { as: 'viewer', ...idOf(off), query: `?limit=2&cursor=${page.next_cursor}` });
    expect(rest).toMatchObject({ items: [{ version: 1 }], next_cursor: null });
    const audit = await listAuditEntries(api.deps.db, { limit: 10, objectId: off.id });
    expect(audit.map(({ action }) => action)).toEqual(['policy.roll_back', 'policy.save_draft', 'policy.turn_off', 'policy.publish', 'policy.save_draft', 'policy.publish', 'policy.create']);
    expect(audit[0]).toMatchObject({ before: { version: null, cedar: null }, after: { version: 3, rolled_back_to: 1, cedar: noMail } });
  });
});

describe('shipped policies', () => {
  it('are readable and never changed', async () => {
    const { items } = await api.call('listPolicies', { as: 'viewer' });
    const shipped = items.filter(({ is_built_in: isBuiltIn }) => isBuiltIn);
    expect(shipped.length).toBeGreaterThan(1);
    for (const { id } of shipped) {
      expect(await get({ id })).toMatchObject({ id, is_built_in: true, state: 'live', live_version: 1, revision: 0, draft: null, cedar: expect.stringContaining('permit') });
      expect(await api.call('listPolicyVersions', { as, params: { id } })).toEqual({ items: [], next_cursor: null });
      const builtIn = { status: 409, code: 'POLICY_BUILT_IN' };
      expect(await refusalOf('savePolicyDraft', { id }, { revision: 0, cedar: noMail })).toMatchObject(builtIn);
      expect(await refusalOf('publishPolicy', { id }, { revision: 0, note: 'n' })).toMatchObject(builtIn);
      expect(await refusalOf('turnOffPolicy', { id }, { revision: 0, note: 'n' })).toMatchObject(builtIn);
      expect(await refusalOf('rollBackPolicy', { id }, { revision: 0, version: 1, note: 'n' })).toMatchObject(builtIn);
      expect(await api.refusal('discardPolicyDraft', { as, params: { id }, query: '?revision=0' })).toMatchObject(builtIn);
    }
  });
});

describe('the form', () => {
  it('and the text say the same', async () => {
    const form = { effect: 'ask', tools: ['send_email'], conditions: [{ fact: 'outside_recipient_count', operator: 'at_least', value: 1 }], reason: 'Mail to others.', terms: { approvers: ['role:admin'], quorum: 1 } };
    const checked = await api.call('checkPolicy', { as: 'viewer', body: { form } });
    expect(checked).toMatchObject({ is_valid: true, form_refusal: null, form: { effect: 'ask', tools: ['send_email'], reason: 'Mail to others.' } });
    const policy = await api.call('createPolicy', { as, body: { name: 'By form', form } });
    expect(policy).toMatchObject({ effect: 'ask', draft: { cedar: checked.cedar, form: checked.form } });
    expect((await publish(policy)).form).toEqual(checked.form);
  });

  it('lists facts with the schema they make', async () => {
    const { items, words, cedar_schema: schema } = await api.call('listPolicyFacts', { as: 'viewer' });
    expect(items.find(({ name }) => name === 'outside_recipient_count')).toMatchObject({ attribute: 'context.outside_recipient_count', type: 'number', tools: ['send_email'] });
    expect(items.find(({ name }) => name === 'agent.tags')).toMatchObject({ attribute: 'principal.tags' });
    expect(schema).toContain('outside_recipient_count');
    for (const { name } of words.entity_types) expect(schema).toContain(`entity ${name}`);
    expect(schema).toContain(`action ${words.actions.map(({ name }) => name).join(', ')} appliesTo`);
    expect(words.annotations.map(({ name }) => name)).toEqual(expect.arrayContaining(['reason', 'approvers', 'quorum', 'expires']));
  });
});
