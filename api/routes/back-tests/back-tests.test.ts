import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../contracts/errors.ts';
import { carryOutBackTest } from '../../../engine/governance/index.ts';
import { newId } from '../../../platform/ids.ts';
import { type ApiServer, startApiServer } from '../../../tests/support/api-server.ts';
import { emailFacts, fillLedger } from '../../../tests/support/ledger.ts';

let api: ApiServer;
let isTemporalDown = false;
const started: string[] = [];
beforeAll(async () => {
  api = await startApiServer({
    backTestRunner: {
      async start({ backTestId }) {
        if (isTemporalDown) throw new AppError('TEMPORAL_UNAVAILABLE');
        started.push(backTestId);
      },
      cancel: async () => undefined,
      describe: async () => 'open',
    },
  });
  await fillLedger(api.deps.db, [1, 2, 30].map((recipients) => ({ facts: emailFacts({ recipient_count: recipients }) })));
});
afterAll(() => api.close());
beforeEach(() => {
  isTemporalDown = false;
});

const range = { from: '2026-01-01T00:00:00.000Z', to: '2100-01-01T00:00:00.000Z' };
const draft = { policy_id: null, ...range, cedar: 'permit (principal, action, resource == Tool::"send_email") when { context has recipient_count && context.recipient_count == 1 };' };

describe('back-tests over the api', () => {
  it('are started by admins, seen by everybody, and show what changed', async () => {
    const test = await api.call('startBackTest', { as: 'admin', body: draft });
    expect(test).toMatchObject({ status: 'running', total: 3, created_by: { user_id: api.userIdOf('admin'), name: 'The admin' } });
    expect(started).toContain(test.id);
    await carryOutBackTest(api.deps, { backTestId: test.id });
    expect(await api.call('getBackTest', { as: 'viewer', params: { id: test.id } })).toMatchObject({ status: 'completed', done: 3, counts: { looser: 1, stricter: 0, unchanged: 2, not_replayable: 0 } });
    expect((await api.call('listBackTests', { as: 'viewer', query: '?limit=1' })).items).toMatchObject([{ id: test.id }]);
    expect((await api.call('listBackTests', { as: 'viewer', query: `?policy_id=${newId()}` })).items).toEqual([]);
    const decisions = await api.call('listBackTestDecisions', { as: 'viewer', params: { id: test.id } });
    expect(decisions).toMatchObject({ items: [{ outcome: 'looser', recorded_verdict: 'ask', live_verdict: 'ask', draft_verdict: 'allow' }], next_cursor: null });
    expect((await api.call('listBackTestDecisions', { as: 'viewer', params: { id: test.id }, query: '?outcome=stricter' })).items).toEqual([]);
    expect(await api.refusal('cancelBackTest', { as: 'admin', params: { id: test.id } })).toMatchObject({ status: 409, code: 'BACK_TEST_ENDED', details: { status: 'completed' } });
    const { items: [entry] } = await api.call('listAudit', { as: 'viewer', query: `?object_id=${test.id}` });
    expect(entry).toMatchObject({ action: 'back_test.start', actor: { name: 'The admin' }, source: '127.0.0.1', after: { total: 3, cedar_hash: test.cedar_hash } });
  });

  it('are cancelled by admins', async () => {
    const { id } = await api.call('startBackTest', { as: 'admin', body: draft });
    expect(await api.call('cancelBackTest', { as: 'admin', params: { id } })).toMatchObject({ status: 'cancelled' });
  });

  it('leave nothing when Temporal is down', async () => {
    const before = await api.call('listBackTests', { as: 'viewer' });
    isTemporalDown = true;
    expect(await api.refusal('startBackTest', { as: 'admin', body: draft })).toMatchObject({ status: 503, code: 'TEMPORAL_UNAVAILABLE' });
    expect(await api.call('listBackTests', { as: 'viewer' })).toEqual(before);
  });

  it.each<[string, object, number, string]>([
    ['whose text does not parse', { ...draft, cedar: 'permit (principal, action' }, 422, 'POLICY_INVALID'],
    ['without text', { ...draft, cedar: ' ' }, 422, 'VALIDATION_FAILED'],
    ['that ends before it begins', { ...draft, from: range.to, to: range.from }, 422, 'VALIDATION_FAILED'],
    ['of a time that is none', { ...draft, from: 'yesterday' }, 422, 'VALIDATION_FAILED'],
    ['of an agent that is none', { ...draft, agent_ids: ['all'] }, 422, 'VALIDATION_FAILED'],
    ['of a policy that is not there', { ...draft, policy_id: newId() }, 404, 'POLICY_NOT_FOUND'],
    ['of a shipped policy', { ...draft, policy_id: 'built-in.high-asks' }, 409, 'POLICY_BUILT_IN'],
  ])('%s are refused', async (_, body, status, code) => {
    expect(await api.refusal('startBackTest', { as: 'admin', body })).toMatchObject({ status, code });
  });

  it('say line and column of what is wrong in the draft', async () => {
    const { details } = await api.refusal('startBackTest', { as: 'admin', body: { ...draft, cedar: 'permit (principal, action, resource)\nwhen { context.no_such_fact == 1 };' } });
    expect(details).toMatchObject({ issues: [{ severity: 'error', line: 2, column: expect.any(Number) }] });
  });

  it('that are not there are told, whatever is asked of them', async () => {
    for (const id of [newId(), 'back-test-1', 'decisions']) {
      for (const name of ['getBackTest', 'listBackTestDecisions'] as const) expect(await api.refusal(name, { as: 'viewer', params: { id } })).toMatchObject({ status: 404, code: 'BACK_TEST_NOT_FOUND' });
      expect(await api.refusal('cancelBackTest', { as: 'admin', params: { id } })).toMatchObject({ status: 404, code: 'BACK_TEST_NOT_FOUND' });
    }
    expect(await api.refusal('listBackTests', { as: 'viewer', query: '?cursor=x' })).toMatchObject({ status: 400, code: 'CURSOR_INVALID' });
  });

  it('are for people signed in, and started and cancelled by those who write policies', async () => {
    const id = newId();
    for (const name of ['listBackTests', 'startBackTest', 'getBackTest', 'listBackTestDecisions', 'cancelBackTest'] as const) expect(await api.refusal(name, { params: { id } })).toMatchObject({ status: 401 });
    for (const as of ['viewer', 'operator', 'approver'] as const) {
      expect(await api.refusal('startBackTest', { as, body: draft })).toMatchObject({ status: 403 });
      expect(await api.refusal('cancelBackTest', { as, params: { id } })).toMatchObject({ status: 403 });
    }
  });
});
