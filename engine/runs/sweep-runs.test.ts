import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { AppError } from '../../contracts/errors.ts';
import { findApprovalRequest } from '../../db/repositories/approvals.repository.ts';
import { findBackTest } from '../../db/repositories/back-tests.repository.ts';
import { listDraftPieces } from '../../db/repositories/drafts.repository.ts';
import { findToolCall } from '../../db/repositories/tool-calls.repository.ts';
import { newId } from '../../platform/ids.ts';
import { type ApprovalWorld, createApprovalWorld } from '../../tests/support/approvals.ts';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database.ts';
import { createFakeAgentRuns, type FakeAgentRuns } from '../../tests/support/fake-agent-runs.ts';
import { settleApproval } from '../hitl/index.ts';
import { sweepRuns } from './sweep-runs.ts';

let database: TestDatabase;
let world: ApprovalWorld;
let agentRuns: FakeAgentRuns;
beforeAll(async () => {
  database = await createTestDatabase();
  world = createApprovalWorld(database.db);
});
afterAll(() => database.close());
beforeEach(() => {
  agentRuns = createFakeAgentRuns();
});

const backTestRunner = { describe: async () => 'open' as const };
const sweep = (minAgeMs: number) => sweepRuns({ ...world.deps, agentRuns, backTestRunner }, { minAgeMs });
const signalsOf = (runId: string) => agentRuns.told.filter((told) => told.what === 'approval' && told.runId === runId).map(({ signal }) => signal);
const expireAgo = (requestId: string, ms: number) => database.db.updateTable('hitl_requests').set({ expires_at: new Date(Date.now() - ms) }).where('id', '=', requestId).execute();

/** A piece of an answer nobody is writing any more. */
const addStrayDraft = (runId: string) => sql`insert into events (run_id, type, data, created_at) values (${runId}, 'text-delta', ${JSON.stringify({ step_id: runId })}, ${new Date(0)})`.execute(database.db);

test('a run is told of an open request whose time is up, and of none that still has time or was just due', async () => {
  const [overdue, due, open] = [await world.ask(), await world.ask(), await world.ask()];
  await expireAgo(overdue.requestId, 600_000);
  await expireAgo(due.requestId, 1);
  await sweep(300_000);
  expect(signalsOf(overdue.runId)).toEqual([{ requestId: overdue.requestId }]);
  expect([...signalsOf(due.runId), ...signalsOf(open.runId)]).toEqual([]);
});

test('a run is told of a decision it has not taken up', async () => {
  const ana = await world.addPerson('ana');
  const { requestId, runId } = await world.ask();
  await settleApproval(world.deps, { requestId, verdict: 'approve', door: 'api', actor: { userId: ana, name: 'ana' } });
  await database.db.updateTable('hitl_requests').set({ settled_at: new Date(Date.now() - 600_000) }).where('id', '=', requestId).execute();
  await sweep(300_000);
  expect(signalsOf(runId)).toEqual([{ requestId }]);
});

test('what a run left open when it ended is withdrawn, and those who are to hear of it do so at once', async () => {
  const [ended, open] = [await world.ask(), await world.ask()];
  await database.db.updateTable('runs').set({ phase: 'cancelled', finished_at: new Date(Date.now() - 600_000) }).where('id', '=', ended.runId).execute();
  const wake = vi.fn(async () => undefined);
  await sweepRuns({ ...world.deps, agentRuns, backTestRunner, notifier: { wake } }, { minAgeMs: 300_000 });
  expect(wake).toHaveBeenCalledOnce();
  expect(await findApprovalRequest(database.db, ended.requestId)).toMatchObject({ status: 'withdrawn' });
  expect(await findToolCall(database.db, ended.toolCallId)).toMatchObject({ state: 'cancelled' });
  expect(await findApprovalRequest(database.db, open.requestId)).toMatchObject({ status: 'pending' });
});

test('a run that does not go on is told again later and later', async () => {
  const { requestId, runId } = await world.ask();
  const set = (expiredAgoMs: number, signalledAgoMs: number | null) =>
    database.db.updateTable('hitl_requests').set({ expires_at: new Date(Date.now() - expiredAgoMs), signalled_at: signalledAgoMs === null ? null : new Date(Date.now() - signalledAgoMs) }).where('id', '=', requestId).execute();
  for (const [expiredAgoMs, signalledAgoMs, isTold] of [
    [600_000, null, true], [600_000, 310_000, true], [600_000, 290_000, false], [24 * 3_600_000, 3_590_000, false], [24 * 3_600_000, 3_610_000, true],
    // Moved since, and overdue anew.
    [600_000, 900_000, true],
  ] as const) {
    await set(expiredAgoMs, signalledAgoMs);
    agentRuns.told.length = 0;
    await sweep(10_000);
    await sweep(10_000);
    expect(signalsOf(runId)).toEqual(isTold ? [{ requestId }] : []);
  }
  await expireAgo(requestId, 0);
});

test('those who have waited longest are told first', async () => {
  const asked = [await world.ask(), await world.ask(), await world.ask()];
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
  const order = async () => agentRuns.told.splice(0).map((told) => asked.findIndex(({ runId }) => runId === told.runId));
  for (const [index, minutes] of [20, 30, 10].entries()) {
    await database.db.updateTable('hitl_requests').set({ expires_at: minutesAgo(minutes) }).where('id', '=', asked[index]!.requestId).execute();
  }
  await sweep(300_000);
  expect(await order()).toEqual([1, 0, 2]);
  const ana = await world.addPerson('ana');
  for (const [index, minutes] of [10, 20, 30].entries()) {
    const { requestId } = asked[index]!;
    await database.db.updateTable('hitl_requests').set({ expires_at: null, signalled_at: null }).where('id', '=', requestId).execute();
    await settleApproval(world.deps, { requestId, verdict: 'approve', door: 'api', actor: { userId: ana, name: 'ana' } });
    await database.db.updateTable('hitl_requests').set({ settled_at: minutesAgo(minutes) }).where('id', '=', requestId).execute();
  }
  await sweep(300_000);
  expect(await order()).toEqual([2, 1, 0]);
});

test('a run that takes no more signals is tried as seldom, and keeps nothing else from being done', async () => {
  const [full, other] = [await world.ask(), await world.ask()];
  for (const { requestId } of [full, other]) await expireAgo(requestId, 600_000);
  await addStrayDraft(full.runId);
  const { signalApproval } = agentRuns;
  agentRuns.signalApproval = async (runId, signal) => {
    if (runId === full.runId) throw new AppError('TEMPORAL_REFUSED', `run ${runId}`);
    await signalApproval(runId, signal);
  };
  const failures: unknown[] = [];
  const options = { minAgeMs: 300_000, onFailure: (error: unknown, about: unknown) => failures.push([(error as AppError).code, about]) };
  expect(await sweepRuns({ ...world.deps, agentRuns, backTestRunner }, options)).toMatchObject({ signalled: 1, failed: 1 });
  expect(failures).toEqual([['TEMPORAL_REFUSED', { part: 'overdue requests', runId: full.runId }]]);
  expect(signalsOf(other.runId)).toEqual([{ requestId: other.requestId }]);
  expect(await listDraftPieces(database.db, full.runId)).toEqual([]);
  expect(await sweepRuns({ ...world.deps, agentRuns, backTestRunner }, options)).toMatchObject({ signalled: 0, failed: 0 });
});

test('one run that cannot be reached does not make the round fail', async () => {
  const [busy, other] = [await world.ask(), await world.ask()];
  for (const { requestId } of [busy, other]) await expireAgo(requestId, 600_000);
  const { signalApproval } = agentRuns;
  agentRuns.signalApproval = async (runId, signal) => {
    if (runId === busy.runId) throw new AppError('TEMPORAL_UNAVAILABLE', 'Workflow is busy.');
    await signalApproval(runId, signal);
  };
  expect(await sweep(300_000)).toMatchObject({ signalled: 1, failed: 1 });
  await expireAgo(busy.requestId, 0);
});

test('a back-test that cannot be looked at keeps no other from being corrected, and a young one is left alone', async () => {
  const start = (backTestId: string, minutesAgo: number) =>
    database.db.insertInto('back_tests').values({
      id: backTestId, status: 'running', cedar: '', cedar_hash: 'h', policy_version: 'p', from_at: new Date(0), to_at: new Date(), agent_ids: '[]', created_by_name: 'Ana', created_at: new Date(Date.now() - minutesAgo * 60_000),
    }).execute();
  const [broken, lost, young] = [newId(), newId(), newId()];
  await start(broken, 20);
  await start(lost, 10);
  await start(young, 1);
  const failures: unknown[] = [];
  const describe = async (backTestId: string) => {
    if (backTestId === broken) throw new Error('It makes no sense.');
    return 'terminated' as const;
  };
  expect(await sweepRuns({ ...world.deps, agentRuns, backTestRunner: { describe } }, { minAgeMs: 300_000, onFailure: (_error, about) => failures.push(about) })).toMatchObject({ failed: 1 });
  expect(failures).toEqual([{ part: 'back-tests', backTestId: broken }]);
  const statuses = [broken, lost, young].map(async (id) => (await findBackTest(database.db, id))?.status);
  expect(await Promise.all(statuses)).toEqual(['running', 'failed', 'running']);
  await database.db.deleteFrom('back_tests').execute();
});

test('without Temporal each part is given up after a few tries, the parts that need none are done, and the round fails', async () => {
  for (let n = 0; n < 5; n++) await expireAgo((await world.ask()).requestId, 600_000);
  const { runId } = await world.ask();
  await addStrayDraft(runId);
  await sql`update runs set created_at = ${new Date(0)}`.execute(database.db);
  agentRuns.isDown = true;
  const parts: string[] = [];
  const round = sweepRuns({ ...world.deps, agentRuns, backTestRunner }, { minAgeMs: 300_000, onFailure: (_error, { part }) => parts.push(part) });
  await expect(round).rejects.toMatchObject({ code: 'TEMPORAL_UNAVAILABLE' });
  expect(parts).toEqual([...Array(3).fill('open runs'), ...Array(3).fill('overdue requests')]);
  expect(await listDraftPieces(database.db, runId)).toEqual([]);
});
