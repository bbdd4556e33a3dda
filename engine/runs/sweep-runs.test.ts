import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { AppError } from '../../contracts/errors.ts';
import { findApprovalRequest } from '../../db/repositories/approvals.repository.ts';
import { listDraftPieces } from '../../db/repositories/drafts.repository.ts';
import { findToolCall } from '../../db/repositories/tool-calls.repository.ts';
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

test('what a run left open when it ended is withdrawn', async () => {
  const [ended, open] = [await world.ask(), await world.ask()];
  await database.db.updateTable('runs').set({ phase: 'cancelled', finished_at: new Date(Date.now() - 600_000) }).where('id', '=', ended.runId).execute();
  await sweep(300_000);
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
