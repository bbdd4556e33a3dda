import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type BackTest, type BackTestDecision, startBackTestBodySchema } from '../../../contracts/back-tests.ts';
import { AppError } from '../../../contracts/errors.ts';
import { policyFormSchema } from '../../../contracts/policies.ts';
import { listAuditEntries } from '../../../db/repositories/audit.repository.ts';
import { newId } from '../../../platform/ids.ts';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.ts';
import { emailFacts, fillLedger, type LedgerEntry } from '../../../tests/support/ledger.ts';
import { addRun } from '../../../tests/support/run-records.ts';
import type { TemporalRunStatus } from '../../runs/agent-runs.ts';
import { checkPolicySource } from '../../safety/index.ts';
import { hashCedar } from '../policies/hash-cedar.ts';
import { type BackTestRunner, cancelBackTest, carryOutBackTest, endBackTest, getBackTest, listBackTestDecisions, listBackTests, startBackTest, sweepBackTest } from './index.ts';

let database: TestDatabase;
/** What the durable side was told, and what it says. */
const temporal = { isDown: false, started: [] as string[], cancelled: [] as string[], status: 'open' as TemporalRunStatus };
const reach = (): void => {
  if (temporal.isDown) throw new AppError('TEMPORAL_UNAVAILABLE');
};
const backTestRunner: BackTestRunner = {
  async start({ backTestId }) {
    reach();
    temporal.started.push(backTestId);
  },
  async cancel(backTestId) {
    reach();
    temporal.cancelled.push(backTestId);
  },
  async describe() {
    reach();
    return temporal.status;
  },
};

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  Object.assign(temporal, { isDown: false, started: [], cancelled: [], status: 'open' });
  await database.db.deleteFrom('back_tests').execute();
  await database.db.deleteFrom('runs').execute();
});

const actor = { userId: null, name: 'Ana', source: '203.0.113.7' };
const sendsAlone = 'permit (principal, action, resource == Tool::"send_email") when { context has recipient_count && context.recipient_count == 1 };';
const never = 'forbid (principal, action, resource == Tool::"send_email") when { context has recipient_count && context.recipient_count > 10 };';
const start = (body: { cedar?: string; policy_id?: string | null; from?: string; to?: string; agent_ids?: string[] } = {}): Promise<BackTest> =>
  startBackTest({ db: database.db, backTestRunner }, { body: startBackTestBodySchema.parse({ policy_id: null, cedar: sendsAlone, from: '2026-11-01T00:00:00.000Z', to: '2100-01-01T00:00:00.000Z', ...body }), actor });
const carryOut = async (test: BackTest, signal?: AbortSignal): Promise<BackTest> => {
  await carryOutBackTest(database, { backTestId: test.id, signal });
  return getBackTest(database, test.id);
};
const emailTo = (recipients: number, entry: LedgerEntry = {}): LedgerEntry => ({ facts: emailFacts({ recipient_count: recipients }), ...entry });
const listAll = async (backTestId: string, query: { outcome?: 'looser' | 'stricter' | 'not_replayable'; limit?: number } = {}): Promise<BackTestDecision[]> => {
  const items: BackTestDecision[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await listBackTestDecisions(database, { backTestId, query: { limit: 3, ...query, cursor } });
    items.push(...page.items);
    if (page.next_cursor === null) return items;
    cursor = page.next_cursor;
  }
};

describe('a back-test', () => {
  it('counts what the draft makes looser, stricter, leaves, and what cannot be judged, and keeps what is not as it was', async () => {
    const { recipient_count: _, ...without } = emailFacts();
    const ids = await fillLedger(database.db, [
      emailTo(2), emailTo(1), emailTo(30), { facts: without }, emailTo(1), { toolName: 'run_sql', riskLevel: 'MEDIUM', effect: 'none', verdict: 'allow' },
      emailTo(1, { verdict: 'deny', matchedRules: [{ id: 'built-in.cannot-be-made', description: 'No.' }] }),
    ]);
    const test = await start({ cedar: `${sendsAlone}\n${never}` });
    expect(test).toMatchObject({ status: 'running', total: 7, done: 0, policy_version: 'built-in-1', created_by: { user_id: null, name: 'Ana' } });
    expect(temporal.started).toEqual([test.id]);
    expect(await carryOut(test)).toMatchObject({ status: 'completed', total: 7, done: 7, error: null, counts: { looser: 2, stricter: 1, unchanged: 3, not_replayable: 1 }, finished_at: expect.any(String) });
    const items = await listAll(test.id);
    expect(items.map(({ decision_id: id, outcome, live_verdict: live, draft_verdict: draft }) => [id, outcome, live, draft])).toEqual([
      [ids[1], 'looser', 'ask', 'allow'], [ids[4], 'looser', 'ask', 'allow'], [ids[2], 'stricter', 'ask', 'deny'], [ids[3], 'not_replayable', null, null],
    ]);
    expect(items[0]).toMatchObject({ recorded_verdict: 'ask', live_rules: [{ id: 'built-in.high-asks' }], draft_rules: [{ id: 'draft', name: 'This draft', effect: 'allow' }], missing_facts: [], step_id: null, tool_name: 'send_email', agent_name: expect.stringContaining('Agent ') });
    expect(items[3]).toMatchObject({ missing_facts: ['recipient_count'], live_rules: [], draft_rules: [] });
    expect(await listAll(test.id, { outcome: 'stricter' })).toEqual([items[2]]);
  });

  it('takes the decisions of its range: the begin belongs to it, the end does not, nor does what is decided later', async () => {
    const at = (time: string) => emailTo(1, { at: new Date(time) });
    await fillLedger(database.db, [at('2026-11-10T09:59:59.999Z'), at('2026-11-10T10:00:00.000Z'), at('2026-11-10T10:59:59.999Z'), at('2026-11-10T11:00:00.000Z')]);
    const test = await start({ from: '2026-11-10T10:00:00.000Z', to: '2026-11-10T11:00:00.000Z' });
    expect(await carryOut(test)).toMatchObject({ total: 2, done: 2, from: '2026-11-10T10:00:00.000Z', to: '2026-11-10T11:00:00.000Z' });
    const open = await start();
    expect(Date.parse(open.to)).toBeLessThanOrEqual(Date.now());
    await fillLedger(database.db, [emailTo(1), emailTo(1)]);
    expect(await carryOut(open)).toMatchObject({ total: 4, done: 4 });
  });

  it('of some agents takes theirs alone', async () => {
    await fillLedger(database.db, [emailTo(1), emailTo(1)]);
    await fillLedger(database.db, [emailTo(1)]);
    const { agent_id: agentId } = await database.db.selectFrom('runs').select('agent_id').orderBy('created_at', 'desc').limit(1).executeTakeFirstOrThrow();
    expect(await start({ agent_ids: [agentId, agentId, newId()] })).toMatchObject({ total: 1 });
    expect(await carryOut(await start({ agent_ids: [agentId] }))).toMatchObject({ done: 1 });
  });

  it('of a range without decisions is completed at once', async () => {
    await fillLedger(database.db, [emailTo(1)]);
    for (const range of [{ to: '2026-11-02T00:00:00.000Z' }, { from: '2099-01-01T00:00:00.000Z' }]) {
      expect(await start(range)).toMatchObject({ status: 'completed', total: 0, done: 0, finished_at: expect.any(String) });
    }
    expect(temporal.started).toEqual([]);
  });

  it('goes on where a killed worker left it, over many batches, and counts nothing twice', async () => {
    await fillLedger(database.db, Array.from({ length: 1_730 }, (_, index) => emailTo(index % 3 === 0 ? 1 : 2, { at: new Date('2026-11-10T10:00:00.000Z') })));
    const test = await start();
    const killed = new AbortController();
    const dying = carryOut(test, killed.signal);
    for (;;) {
      const { done } = await getBackTest(database, test.id);
      if (done > 0) break;
    }
    killed.abort(new Error('killed'));
    await expect(dying).rejects.toThrow('killed');
    const left = await getBackTest(database, test.id);
    expect(left.done).toBeGreaterThan(0);
    expect(left.done).toBeLessThan(1_730);
    expect(await carryOut(test)).toMatchObject({ status: 'completed', total: 1_730, done: 1_730, counts: { looser: 577, stricter: 0, unchanged: 1_153, not_replayable: 0 } });
    expect(await listAll(test.id, { limit: 200 })).toHaveLength(577);
  });

  it('carried out twice at once, by a worker that was taken for dead, is counted once', async () => {
    await fillLedger(database.db, Array.from({ length: 1_200 }, () => emailTo(1)));
    const test = await start();
    await Promise.all([carryOut(test), carryOut(test), carryOut(test)]);
    expect(await getBackTest(database, test.id)).toMatchObject({ status: 'completed', done: 1_200, counts: { looser: 1_200 } });
    expect(await carryOut(test)).toMatchObject({ done: 1_200 });
  });

  it('compares with the set that was live at its start, with the draft in the place of its policy', async () => {
    const [policyId, otherId] = [newId(), newId()];
    const policies = [{ id: policyId, name: 'Mail', cedar: 'forbid (principal, action, resource == Tool::"send_email");' }, { id: otherId, name: 'Many', cedar: never }];
    for (const { id, name, cedar } of policies) {
      await database.db.insertInto('policies').values({ id, name, live_version: 1, latest_version: 1, draft_cedar: null, draft_based_on: null, draft_updated_by: null, created_by: null, changed_by: null }).execute();
      await database.db.insertInto('policy_versions').values({ policy_id: id, version: 1, name, cedar, note: '', rolled_back_to: null, back_test_id: null, reason_without_back_test: null, created_by: null, created_by_name: 'Ana' }).execute();
    }
    const publish = (version: number, members: string[]) =>
      database.db.insertInto('policy_sets').values({ version, members: JSON.stringify(members.map((id) => ({ policy_id: id, version: 1 }))), changed_policy_id: policyId, changed_policy_name: 'Mail', from_version: null, to_version: 1, note: '', created_by: null, created_by_name: 'Ana' }).execute();
    await publish(1, [policyId, otherId]);
    await fillLedger(database.db, [emailTo(1), emailTo(5), emailTo(50)]);
    const test = await start({ policy_id: policyId });
    expect(test).toMatchObject({ policy_id: policyId, policy_name: 'Mail', policy_version: 'set-1+built-in-1' });
    // What goes live meanwhile does not count.
    await publish(2, []);
    expect(await carryOut(test)).toMatchObject({ counts: { looser: 2, stricter: 0, unchanged: 1 } });
    expect((await listAll(test.id)).map(({ live_verdict: live, draft_verdict: draft, draft_rules: [rule] }) => [live, draft, rule?.id])).toEqual([['deny', 'allow', policyId], ['deny', 'ask', 'built-in.high-asks']]);
  });

  it('fails with a sentence when Maestro brings other built-in policies meanwhile', async () => {
    await fillLedger(database.db, [emailTo(1)]);
    const test = await start();
    await database.db.updateTable('back_tests').set({ policy_version: 'built-in-0' }).execute();
    await expect(carryOut(test)).rejects.toMatchObject({ code: 'BACK_TEST_OUTDATED' });
  });
});

describe('starting', () => {
  it('a test of what the form wrote counts for exactly that text', async () => {
    const { cedar } = checkPolicySource({ form: policyFormSchema.parse({ effect: 'deny', tools: ['send_email'] }) });
    expect(await start({ cedar })).toMatchObject({ cedar_hash: hashCedar(cedar) });
    expect(hashCedar(cedar)).not.toBe(hashCedar(sendsAlone));
  });

  it.each([
    ['does not parse', { cedar: 'permit (principal, action, resource' }, 'POLICY_INVALID'],
    ['does not fit the schema', { cedar: 'permit (principal, action, resource) when { context.no_such_fact == 1 };' }, 'POLICY_INVALID'],
    ['replaces a policy that is not there', { policy_id: newId() }, 'POLICY_NOT_FOUND'],
    ['replaces a shipped policy', { policy_id: 'built-in.high-asks' }, 'POLICY_BUILT_IN'],
  ])('a draft that %s is refused, and nothing is left', async (_, body, code) => {
    await expect(start(body)).rejects.toMatchObject({ code, ...(code === 'POLICY_INVALID' ? { details: { issues: [expect.objectContaining({ severity: 'error', line: 1 })] } } : {}) });
    expect(await listBackTests(database, { limit: 10 })).toEqual({ items: [], next_cursor: null });
  });

  it('without Temporal leaves nothing but what the audit log says', async () => {
    await fillLedger(database.db, [emailTo(1)]);
    temporal.isDown = true;
    await expect(start()).rejects.toMatchObject({ code: 'TEMPORAL_UNAVAILABLE' });
    expect((await listBackTests(database, { limit: 10 })).items).toEqual([]);
    expect(await listAuditEntries(database.db, { limit: 2 })).toMatchObject([{ action: 'back_test.not_started' }, { action: 'back_test.start', actor: { name: 'Ana' }, source: '203.0.113.7' }]);
  });
});

describe('ending early', () => {
  beforeEach(() => fillLedger(database.db, [emailTo(1), emailTo(2)]));

  it('a cancelled back-test stays cancelled, whatever is still carried out', async () => {
    const test = await start();
    expect(await cancelBackTest({ db: database.db, backTestRunner }, { backTestId: test.id, actor })).toMatchObject({ status: 'cancelled', done: 0, total: 2, finished_at: expect.any(String) });
    expect(temporal.cancelled).toEqual([test.id]);
    expect(await carryOut(test)).toMatchObject({ status: 'cancelled', done: 0 });
    await endBackTest(database, { backTestId: test.id, status: 'failed', error: 'Too late.' });
    expect(await getBackTest(database, test.id)).toMatchObject({ status: 'cancelled', error: null });
    expect(await listAuditEntries(database.db, { limit: 1 })).toMatchObject([{ action: 'back_test.cancel', object_id: test.id, source: '203.0.113.7', after: { status: 'cancelled', done: 0, total: 2 } }]);
    await expect(cancelBackTest({ db: database.db, backTestRunner }, { backTestId: test.id, actor })).rejects.toMatchObject({ code: 'BACK_TEST_ENDED' });
  });

  it('is possible while Temporal is down', async () => {
    const test = await start();
    temporal.isDown = true;
    expect(await cancelBackTest({ db: database.db, backTestRunner }, { backTestId: test.id, actor })).toMatchObject({ status: 'cancelled' });
  });

  it('of one that is not there is told', async () => {
    await expect(cancelBackTest({ db: database.db, backTestRunner }, { backTestId: newId(), actor })).rejects.toMatchObject({ code: 'BACK_TEST_NOT_FOUND' });
    await carryOutBackTest(database, { backTestId: newId() });
    await endBackTest(database, { backTestId: newId(), status: 'cancelled' });
  });

  it.each<[TemporalRunStatus, string, string | null]>([
    ['open', 'running', null],
    ['missing', 'failed', 'Temporal does not know the workflow of this back-test. Start it again.'],
    ['terminated', 'failed', 'The workflow was terminated from the Temporal side.'],
    ['cancelled', 'cancelled', null],
    ['timed_out', 'failed', 'The workflow ended on the Temporal side without writing its end.'],
    ['completed', 'failed', 'The workflow ended on the Temporal side without writing its end.'],
  ])('is noticed by the sweeper: a workflow that is %s', async (status, expected, error) => {
    const test = await start();
    temporal.status = status;
    await sweepBackTest({ db: database.db, backTestRunner }, test.id);
    expect(await getBackTest(database, test.id)).toMatchObject({ status: expected, error });
  });
});

it('back-tests are listed newest first, page by page, of one policy or all', async () => {
  await addRun(database.db);
  const tests: string[] = [];
  for (let count = 0; count < 5; count++) tests.push((await start()).id);
  const seen: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await listBackTests(database, { limit: 2, cursor });
    seen.push(...page.items.map(({ id }) => id));
    if (page.next_cursor === null) break;
    cursor = page.next_cursor;
  }
  expect(seen).toEqual(tests.toReversed());
  expect((await listBackTests(database, { limit: 2, policy_id: newId() })).items).toEqual([]);
  await expect(listBackTests(database, { limit: 2, cursor: 'x' })).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
});

it('progress is told in the event log, not with every batch', async () => {
  await fillLedger(database.db, Array.from({ length: 1_600 }, () => emailTo(1)));
  const test = await start();
  await carryOut(test);
  const events = await database.db.selectFrom('events').select('data').where('type', '=', 'back-test-changed').orderBy('id').execute();
  const own = events.map(({ data }) => data as { back_test_id: string; status: string; done: number; total: number }).filter((data) => data.back_test_id === test.id);
  expect(own[0]).toMatchObject({ status: 'running', done: 0, total: 1_600 });
  expect(own.at(-1)).toMatchObject({ status: 'completed', done: 1_600, total: 1_600 });
});
