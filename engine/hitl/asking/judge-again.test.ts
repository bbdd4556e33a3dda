import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { checkToolCall, type PolicyVerdict } from '../../safety/index.ts';
import { createToolRegistry, type Tool, type ToolRegistry } from '../../tools/index.ts';
import { findApprovalRequest } from '../../../db/repositories/approvals.repository.ts';
import { insertDataSource } from '../../../db/repositories/data-sources.repository.ts';
import { findToolCall, updateToolCall } from '../../../db/repositories/tool-calls.repository.ts';
import { newId } from '../../../platform/ids.ts';
import { type ApprovalWorld, createApprovalWorld, demand, type Rule, termsWith } from '../../../tests/support/approvals.ts';
import { addRun, recordTurn } from '../../../tests/support/run-records.ts';
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
afterEach(() => {
  vi.useRealTimers();
});

const says = (verdict: Partial<PolicyVerdict>): void => {
  world.rule = () => verdict;
};
const rowOf = async (toolCallId: string) => (await findToolCall(database.db, toolCallId)) ?? expect.unreachable();
const again = async (toolCallId: string, registry?: ToolRegistry) => judgeAgain(world.deps, registry ?? (await world.deps.tools.current()), await rowOf(toolCallId));
/** The tools, with something else of the one that pays. */
const withTool = async (change: Partial<Tool>): Promise<ToolRegistry> => createToolRegistry([{ ...(await world.deps.tools.current()).get('pay'), ...change }]);
const askAgain = ({ runId, toolCallId }: { runId: string; toolCallId: string }) => requestApproval(world.deps, { runId, toolCallId, kind: 'tool_call' });
const roundsOf = async (toolCallId: string) => (await database.db.selectFrom('safety_checks').select(['round', 'verdict']).where('tool_call_id', '=', toolCallId).orderBy('round').execute()).map(({ round, verdict }) => `${round} ${verdict}`);
async function approved(args?: Record<string, unknown>) {
  const asked = await world.ask(args === undefined ? {} : { args });
  await settleApproval(world.deps, { requestId: asked.requestId, verdict: 'approve', door: 'api', actor: { userId: ana, name: 'ana' } });
  return asked;
}
/** The same, with the tools as they are in `registry`. */
async function approvedWith(registry: ToolRegistry) {
  const deps = { ...world.deps, tools: { current: async () => registry } };
  const runId = await addRun(database.db);
  const [toolCallId = ''] = await recordTurn(database.db, { runId, iteration: 1, calls: [{ toolName: 'pay', arguments: { amount: 50 } }] });
  await checkToolCall(deps, { toolCallId });
  const { requestId } = await requestApproval(deps, { runId, toolCallId, kind: 'tool_call' });
  await settleApproval(deps, { requestId, verdict: 'approve', door: 'api', actor: { userId: ana, name: 'ana' } });
  return { runId, toolCallId };
}
const nightly = { id: 'nightly', name: 'Nights', description: 'It is night.', version: 4 };
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
    ['another version of its policy', { policyVersion: 'set-other', matchedRules: [rule(2)] }, /policy Payments changed from version 1 to 2/],
    ['another policy', { policyVersion: 'set-other', matchedRules: [rule(1), { id: 'large', name: 'Large sums', description: 'x', version: 3 }] }, /policy Large sums \(version 3\) decides now/],
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
    says({ policyVersion: 'set-other', matchedRules: [rule(2)] });
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
    says({ policyVersion: 'set-other' });
    expect(await again(toolCallId)).toBe('asks_again');
  });

  // Nobody changed a policy: the same ones say something else, since it is later, or the run has come further.
  test.each<[string, Partial<PolicyVerdict>, 'stands' | 'asks_again']>([
    ['another policy of the same that demands nothing more', { matchedRules: [rule(1), nightly] }, 'stands'],
    ['fewer policies of the same', { matchedRules: [nightly] }, 'stands'],
    ['named people', { terms: termsWith({ requirements: [demand(['group:finance'])] }) }, 'asks_again'],
    ['more yeses', { matchedRules: [rule(1), nightly], terms: termsWith({ requirements: [demand([], 2, 'nightly')] }) }, 'asks_again'],
  ])('under the same policies stands unless more is demanded: %s', async (_what, verdict, expected) => {
    const { toolCallId } = await approved();
    says(verdict);
    expect(await again(toolCallId)).toBe(expected);
  });

  test.each<[string, Partial<Tool>, RegExp]>([
    ['risk', { risk: () => 'HIGH' }, /the risk is HIGH, no longer MEDIUM/],
    ['definition', { definitionHash: 'b' }, /the definition of the tool changed/],
  ])('goes back to people when its tool has another %s, though the policies say the same', async (_what, change, words) => {
    const asked = await approved();
    expect(await again(asked.toolCallId, await withTool(change))).toBe('asks_again');
    expect(await findApprovalRequest(database.db, (await askAgain(asked)).requestId)).toMatchObject({ drift_reason: expect.stringMatching(words) });
  });

  test('goes back to people when its MCP server or its data source is another one under the same name', async () => {
    const [there, elsewhere] = [await withTool({ facts: () => ({ transport_hash: 'there' }) }), await withTool({ facts: () => ({ transport_hash: 'elsewhere' }) })];
    const ofServer = await approvedWith(there);
    expect(await again(ofServer.toolCallId, there)).toBe('stands');
    expect(await again(ofServer.toolCallId, elsewhere)).toBe('asks_again');

    const addSource = () => insertDataSource(database.db, { id: newId(), values: { name: 'crm', description: '', url: 'postgres://db.example.com/crm', password_sealed: null, readable_tables: null, private_columns: [], max_rows: 10, statement_timeout_seconds: 5, is_enabled: true }, createdBy: null });
    const reading = await withTool({ facts: () => ({ data_source: 'crm' }) });
    await addSource();
    const ofSource = await approvedWith(reading);
    expect(await again(ofSource.toolCallId, reading)).toBe('stands');
    await database.db.deleteFrom('data_sources').execute();
    await addSource();
    expect(await again(ofSource.toolCallId, reading)).toBe('asks_again');
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

  const officeHours: Rule = ({ facts }) => (new Date(facts['at'] as string).getUTCHours() < 18 ? { verdict: 'allow', terms: null } : {});
  const at = (time: string): void => {
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.setSystemTime(new Date(time));
  };

  test('and waited is judged by what is the case now; what had not to wait is not judged twice', async () => {
    world.rule = officeHours;
    at('2026-11-27T17:59:58Z');
    const [soon, late] = [await world.propose(), await world.propose()];
    at('2026-11-27T18:00:01Z');
    expect(await again(soon.toolCallId)).toBe('stands');
    at('2026-11-28T23:00:00Z');
    expect(await again(late.toolCallId)).toBe('asks_again');
    expect(await findApprovalRequest(database.db, (await askAgain(late)).requestId)).toMatchObject({ drift_reason: expect.stringContaining('it needs an approval now') });
    expect(await roundsOf(late.toolCallId)).toEqual(['1 allow', '2 ask']);
  });

  test('and waited while nothing changed stands, and is not written a second time', async () => {
    world.rule = officeHours;
    at('2026-11-27T09:00:00Z');
    const { toolCallId } = await world.propose();
    at('2026-11-27T17:00:00Z');
    expect(await again(toolCallId)).toBe('stands');
    expect(await roundsOf(toolCallId)).toEqual(['1 allow']);
  });

  test.each<[string, Partial<Tool>]>([
    ['is riskier by now', { risk: () => 'HIGH' }], ['has another effect by now', { effect: () => 'idempotent' }], ['says something else of it by now', { facts: () => ({ amount: 1_000 }) }],
  ])('of a tool that %s is judged anew however soon it is executed', async (_what, change) => {
    world.rule = ({ riskLevel, effect, facts }) => (riskLevel === 'MEDIUM' && effect === 'external' && facts['amount'] === 50 ? { verdict: 'allow', terms: null } : {});
    const { toolCallId } = await world.propose();
    expect(await again(toolCallId)).toBe('stands');
    expect(await again(toolCallId, await withTool(change))).toBe('asks_again');
  });
});

test('a call that may have happened is not asked about again for what has changed; it is denied or done as people said', async () => {
  const asked = await approved();
  await updateToolCall(database.db, asked.toolCallId, { state: 'outcome_unknown', error: { code: 'TOOL_FAILED', message: 'Nobody knows.' } });
  const { requestId } = await requestApproval(world.deps, { runId: asked.runId, toolCallId: asked.toolCallId, kind: 'outcome_unknown' });
  await settleApproval(world.deps, { requestId, verdict: 'approve', door: 'api', actor: { userId: ana, name: 'ana' } });
  says({ policyVersion: 'set-other', matchedRules: [rule(2)] });
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
