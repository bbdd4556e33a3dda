import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
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

const sweep = (minAgeMs: number) => sweepRuns({ ...world.deps, agentRuns, backTestRunner: { describe: async () => 'open' } }, { minAgeMs });
const signalsOf = (runId: string) => agentRuns.told.filter((told) => told.what === 'approval' && told.runId === runId).map(({ signal }) => signal);
const expireAgo = (requestId: string, ms: number) => database.db.updateTable('hitl_requests').set({ expires_at: new Date(Date.now() - ms) }).where('id', '=', requestId).execute();

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
