import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { PolicyVerdict } from '../../safety/index.ts';
import { findApprovalRequest } from '../../../db/repositories/approvals.repository.ts';
import { findToolCall, updateToolCall } from '../../../db/repositories/tool-calls.repository.ts';
import { type ApprovalWorld, createApprovalWorld, demand, termsWith } from '../../../tests/support/approvals.ts';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.ts';
import { judgeAgain, requestApproval, settleApproval } from '../index.ts';

let database: TestDatabase;
let world: ApprovalWorld;
let ana: string;
beforeAll(async () => {
  database = await createTestDatabase();
  world = createApprovalWorld(database.db);
  ana = await world.addPerson('ana');
});
afterAll(() => database.close());
beforeEach(() => says({}));

const says = (verdict: Partial<PolicyVerdict>): void => {
  world.rule = () => verdict;
};
const rowOf = async (toolCallId: string) => (await findToolCall(database.db, toolCallId)) ?? expect.unreachable();
const again = async (toolCallId: string) => judgeAgain(world.deps, await world.deps.tools.current(), await rowOf(toolCallId));
const askAgain = ({ runId, toolCallId }: { runId: string; toolCallId: string }) => requestApproval(world.deps, { runId, toolCallId, kind: 'tool_call' });
const roundsOf = async (toolCallId: string) => (await database.db.selectFrom('safety_checks').select(['round', 'verdict']).where('tool_call_id', '=', toolCallId).orderBy('round').execute()).map(({ round, verdict }) => `${round} ${verdict}`);
async function approved(args?: Record<string, unknown>) {
  const asked = await world.ask(args === undefined ? {} : { args });
  await settleApproval(world.deps, { requestId: asked.requestId, verdict: 'approve', door: 'api', actor: { userId: ana, name: 'ana' } });
  return asked;
}
const rule = (version: number) => ({ id: 'payments', name: 'Payments', description: 'Payments are asked about.', version });

describe('what was approved, judged once more before it is executed', () => {
  test('stands on the same basis, whatever else is live, and when nobody is asked any more', async () => {
    const { toolCallId } = await approved();
    says({ policyVersion: 'set-other', reason: 'In other words.' });
    expect(await again(toolCallId)).toBe('stands');
    says({ verdict: 'allow', terms: null });
    expect(await again(toolCallId)).toBe('stands');
    expect(await roundsOf(toolCallId)).toEqual(['1 ask']);
  });

  test.each<[string, Partial<PolicyVerdict>, RegExp]>([
    ['another version of its policy', { matchedRules: [rule(2)] }, /policy Payments changed from version 1 to 2/],
    ['another policy', { matchedRules: [rule(1), { id: 'large', name: 'Large sums', description: 'x', version: 3 }] }, /policy Large sums \(version 3\) decides now/],
    ['other people', { terms: termsWith({ requirements: [demand(['role:admin'], 2)] }) }, /other people have to approve/],
    ['a ban on approving one\'s own', { terms: termsWith({ forbids_self_approval: true }) }, /may not approve it now/],
  ])('goes back to people under %s, as a new request that says why', async (_what, verdict, words) => {
    const asked = await approved();
    says(verdict);
    expect(await again(asked.toolCallId)).toBe('asks_again');
    expect((await rowOf(asked.toolCallId)).state).toBe('awaiting_approval');
    // The attempt died before it could say so: the next one says the same, and nothing is written twice.
    expect(await again(asked.toolCallId)).toBe('asks_again');
    expect(await roundsOf(asked.toolCallId)).toEqual(['1 ask', '2 ask']);
    const { requestId } = await askAgain(asked);
    expect((await askAgain(asked)).requestId).toBe(requestId);
    expect(requestId).not.toBe(asked.requestId);
    expect(await findApprovalRequest(database.db, requestId)).toMatchObject({ kind: 'tool_call', status: 'pending', drift_reason: expect.stringMatching(words) });
  });

  test('is sent back once by two attempts at once', async () => {
    const asked = await approved();
    says({ matchedRules: [rule(2)] });
    const [registry, before] = [await world.deps.tools.current(), await rowOf(asked.toolCallId)];
    expect(await judgeAgain(world.deps, registry, before)).toBe('asks_again');
    expect(await judgeAgain(world.deps, registry, before)).toBe('asks_again');
    expect(await roundsOf(asked.toolCallId)).toEqual(['1 ask', '2 ask']);
  });

  test('is denied where the policies deny it by now, and the model told', async () => {
    const { toolCallId } = await approved();
    says({ verdict: 'deny', terms: null, reason: 'No more payments.' });
    expect(await again(toolCallId)).toBe('denied');
    expect(await rowOf(toolCallId)).toMatchObject({ state: 'denied', error: { code: 'TOOL_REFUSED', message: expect.stringContaining('No more payments.') } });
  });

  test('rests on the edited arguments where they were edited', async () => {
    const { requestId, toolCallId } = await world.ask();
    says({ matchedRules: [rule(1), { id: 'edited', name: 'Edited', description: 'x', version: 1 }] });
    await settleApproval(world.deps, { requestId, verdict: 'approve', door: 'api', actor: { userId: ana, name: 'ana' }, editedArguments: { amount: 60 } });
    expect(await again(toolCallId)).toBe('stands');
    says({});
    expect(await again(toolCallId)).toBe('asks_again');
  });
});

describe('what was allowed', () => {
  test('under other policies than are live now is judged by those', async () => {
    says({ verdict: 'allow', terms: null, policyVersion: 'set-before' });
    const runs = [];
    for (let number = 0; number < 3; number++) runs.push(await world.propose());
    const [stands, asks, denied] = runs;
    says({ verdict: 'allow', terms: null });
    expect(await again(stands?.toolCallId ?? '')).toBe('stands');
    says({});
    expect(await again(asks?.toolCallId ?? '')).toBe('asks_again');
    const { requestId } = await askAgain(asks ?? expect.unreachable());
    expect(await findApprovalRequest(database.db, requestId)).toMatchObject({ drift_reason: expect.stringContaining('it needs an approval now') });
    says({ verdict: 'deny', terms: null });
    expect(await again(denied?.toolCallId ?? '')).toBe('denied');
  });
});

test('a call that may have happened is not asked about again for what has changed; it is denied or done as people said', async () => {
  const asked = await approved();
  await updateToolCall(database.db, asked.toolCallId, { state: 'outcome_unknown', error: { code: 'TOOL_FAILED', message: 'Nobody knows.' } });
  const { requestId } = await requestApproval(world.deps, { runId: asked.runId, toolCallId: asked.toolCallId, kind: 'outcome_unknown' });
  await settleApproval(world.deps, { requestId, verdict: 'approve', door: 'api', actor: { userId: ana, name: 'ana' } });
  says({ matchedRules: [rule(2)] });
  expect(await again(asked.toolCallId)).toBe('stands');
  says({ verdict: 'deny', terms: null });
  expect(await again(asked.toolCallId)).toBe('denied');
});

test('a call that is being executed is left alone', async () => {
  const { toolCallId } = await approved();
  await updateToolCall(database.db, toolCallId, { state: 'executing', attempts: 1 });
  says({ verdict: 'deny', terms: null });
  expect(await again(toolCallId)).toBe('stands');
});
