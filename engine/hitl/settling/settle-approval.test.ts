import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ApprovalTerms } from '../../../contracts/approvals.ts';
import { findApprovalRequest } from '../../../db/repositories/approvals.repository.ts';
import { findToolCallOutcome } from '../../../db/repositories/tool-calls.repository.ts';
import { type ApprovalWorld, createApprovalWorld, demand, termsWith } from '../../../tests/support/approvals.ts';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.ts';
import { failureOf } from '../../../tests/support/tools.ts';
import { hashJson } from '../../../platform/hash-json.ts';
import { createDelegation, revokeDelegation } from '../../people/index.ts';
import { getApproval, listApprovals } from '../../traces/index.ts';
import { decideInBulk, expireApproval, extendApproval, settleApproval, type Settlement, takeDecision } from '../index.ts';

let database: TestDatabase;
let world: ApprovalWorld;
let ana: string;
let ben: string;
let cem: string;
let dora: string;
beforeAll(async () => {
  database = await createTestDatabase();
  world = createApprovalWorld(database.db);
  [ana, ben, cem, dora] = [await world.addPerson('ana'), await world.addPerson('ben'), await world.addPerson('cem'), await world.addPerson('dora', 'admin')];
  await world.addGroup('finance', [ana, ben]);
});
afterAll(() => database.close());
beforeEach(() => {
  world.rule = () => ({});
});

const names = (): Record<string, string> => ({ [ana]: 'ana', [ben]: 'ben', [cem]: 'cem', [dora]: 'dora' });
const decide = (requestId: string, userId: string, decision: Partial<Settlement> = {}) =>
  settleApproval(world.deps, { requestId, verdict: 'approve', door: 'api', actor: { userId, name: names()[userId] ?? 'somebody' }, ...decision });
const codeOf = async (work: Promise<unknown>): Promise<string> => (await failureOf(work)).code;
const onTerms = (terms: Partial<ApprovalTerms>): void => {
  world.rule = () => ({ terms: termsWith(terms) });
};
const rowOf = async (requestId: string) => (await findApprovalRequest(database.db, requestId)) ?? expect.unreachable();
const viewOf = (requestId: string, userId: string) => getApproval(world.deps, requestId, { userId, role: 'approver' });
const auditOf = async (requestId: string): Promise<string[]> =>
  (await database.db.selectFrom('audit_log').select('action').where('object_id', '=', requestId).orderBy('sequence').execute()).map(({ action }) => action);
const eventsOf = async (requestId: string): Promise<unknown[]> =>
  (await database.db.selectFrom('events').select('data').where('type', '=', 'approval-changed').orderBy('id').execute()).map(({ data }) => data as { approval_id: string; change: string }).filter((data) => data.approval_id === requestId).map(({ change }) => change);
const callOf = (toolCallId: string) => database.db.selectFrom('tool_calls').selectAll().where('id', '=', toolCallId).executeTakeFirstOrThrow();
const inMinutes = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();
const delegate = async (from: string, to: string): Promise<string> =>
  (await createDelegation(world.deps, { body: { from_user_id: from, to_user_id: to, starts_at: inMinutes(-1), ends_at: inMinutes(60), note: '' }, actor: { userId: dora, name: 'dora', role: 'admin' } })).id;

describe('a quorum', () => {
  test('settles with the last yes it needs, each by somebody else; the others read how many are missing', async () => {
    onTerms({ requirements: [demand(['group:finance'], 2)] });
    const { requestId, toolCallId } = await world.ask();
    expect((await viewOf(requestId, ana)).votes_missing).toEqual([2]);
    expect(await decide(requestId, ana, { note: 'fine' })).toMatchObject({ status: 'pending' });
    expect(await codeOf(decide(requestId, ana))).toBe('APPROVAL_ALREADY_VOTED');
    expect(await viewOf(requestId, ben)).toMatchObject({ votes_missing: [1], votes: [{ by: { user_id: ana }, counts: true, note: 'fine' }], can_decide: { is_allowed: true }, concerns_me: true });
    expect((await viewOf(requestId, ana)).can_decide).toMatchObject({ is_allowed: false, reason: expect.stringContaining('somebody else') });
    expect((await callOf(toolCallId)).state).toBe('awaiting_approval');
    expect(await decide(requestId, ben)).toMatchObject({ status: 'approved' });
    expect((await callOf(toolCallId)).state).toBe('allowed');
    expect(await auditOf(requestId)).toEqual(['approval.vote', 'approval.approve']);
    expect(await eventsOf(requestId)).toEqual(['vote']);
  });

  test('does not count somebody who left the group or was disabled since they said yes', async () => {
    const [eva, finn] = [await world.addPerson('eva'), await world.addPerson('finn')];
    const group = await world.addGroup('leaving', [eva, finn, ana]);
    onTerms({ requirements: [demand(['group:leaving'], 2)] });
    const { requestId } = await world.ask();
    await decide(requestId, eva);
    await database.db.deleteFrom('approver_group_members').where('group_id', '=', group).where('user_id', '=', eva).execute();
    expect(await decide(requestId, finn)).toMatchObject({ status: 'pending' });
    expect((await viewOf(requestId, ana)).votes.map(({ counts }) => counts)).toEqual([false, true]);
    await database.db.updateTable('users').set({ is_disabled: true }).where('id', '=', finn).execute();
    expect(await decide(requestId, ana)).toMatchObject({ status: 'pending' });
    await database.db.updateTable('users').set({ is_disabled: false }).where('id', '=', finn).execute();
    expect((await viewOf(requestId, ana)).votes_missing).toEqual([0]);
    expect(await codeOf(decide(requestId, eva))).toBe('APPROVAL_NOT_ELIGIBLE');
  });

  test('of two policies has to be met for each; one yes may count for both', async () => {
    onTerms({ requirements: [demand(['group:finance'], 1), demand(['role:admin'], 1, 'legal')] });
    const { requestId } = await world.ask();
    expect(await decide(requestId, ana)).toMatchObject({ status: 'pending' });
    expect((await viewOf(requestId, ana)).votes_missing).toEqual([0, 1]);
    expect(await decide(requestId, dora)).toMatchObject({ status: 'approved' });
  });
});

describe('who may decide', () => {
  test('others are told who may, and change nothing', async () => {
    onTerms({ requirements: [demand(['group:finance', 'user:' + 'nobody@example.com'])] });
    const { requestId } = await world.ask();
    for (const verdict of ['approve', 'reject'] as const) {
      const error = await failureOf(decide(requestId, cem, { verdict, note: 'no' }));
      expect([error.code, error.message]).toEqual(['APPROVAL_NOT_ELIGIBLE', expect.stringContaining('the group finance, nobody@example.com')]);
    }
    expect(await codeOf(extendApproval(world.deps, { requestId, actor: { userId: cem, name: 'cem' }, expiresAt: new Date(Date.now() + 30 * 3_600_000), seen: {} }))).toBe('APPROVAL_NOT_ELIGIBLE');
    expect(await auditOf(requestId)).toEqual([]);
    const listed = await listApprovals(world.deps, { limit: 50, mine: true, status: ['pending'] }, { userId: cem, role: 'approver' });
    expect(listed.items.map(({ id }) => id)).not.toContain(requestId);
    expect((await listApprovals(world.deps, { limit: 50, mine: true, status: ['pending'] }, { userId: ana, role: 'approver' })).items.map(({ id }) => id)).toContain(requestId);
  });

  test('a delegate decides in the seat of whoever is away, which is taken once; what was delegated is not passed on', async () => {
    onTerms({ requirements: [demand(['group:finance'], 2)] });
    const { requestId } = await world.ask();
    const delegation = await delegate(ana, cem);
    const chain = await delegate(cem, dora);
    expect((await viewOf(requestId, cem)).can_decide).toEqual({ is_allowed: true, reason: null, on_behalf_of: { user_id: ana, name: 'ana' } });
    expect(await codeOf(decide(requestId, dora))).toBe('APPROVAL_NOT_ELIGIBLE');
    await decide(requestId, cem);
    expect(await codeOf(decide(requestId, ana))).toBe('APPROVAL_ALREADY_VOTED');
    expect((await viewOf(requestId, ben)).votes).toMatchObject([{ by: { user_id: cem }, on_behalf_of: { user_id: ana, name: 'ana' }, counts: true }]);
    await revokeDelegation(world.deps, { delegationId: delegation, actor: { userId: ana, name: 'ana', role: 'approver' } });
    expect((await viewOf(requestId, ben)).votes_missing).toEqual([2]);
    await decide(requestId, ana);
    expect(await decide(requestId, ben)).toMatchObject({ status: 'approved' });
    await revokeDelegation(world.deps, { delegationId: chain, actor: { userId: dora, name: 'dora', role: 'admin' } });
  });

  test('whoever started the run does not approve it, neither themselves nor by a delegate, and may still reject it', async () => {
    onTerms({ requirements: [demand(['group:finance'])], forbids_self_approval: true });
    const { requestId } = await world.ask({ startedBy: ana });
    const delegation = await delegate(ana, cem);
    expect(await codeOf(decide(requestId, ana))).toBe('APPROVAL_SELF_FORBIDDEN');
    expect(await codeOf(decide(requestId, cem))).toBe('APPROVAL_SELF_FORBIDDEN');
    expect(await codeOf(decide(requestId, ana, { verdict: 'provide_result', result: 1 }))).toBe('APPROVAL_SELF_FORBIDDEN');
    expect(await decide(requestId, ana, { verdict: 'reject', note: 'I was wrong' })).toMatchObject({ status: 'rejected' });
    await revokeDelegation(world.deps, { delegationId: delegation, actor: { userId: ana, name: 'ana', role: 'approver' } });
  });

  test('a delegate of somebody else does not approve a run they started', async () => {
    onTerms({ requirements: [demand(['group:finance'])], forbids_self_approval: true });
    const { requestId } = await world.ask({ startedBy: cem });
    const delegation = await delegate(ana, cem);
    expect(await codeOf(decide(requestId, cem))).toBe('APPROVAL_SELF_FORBIDDEN');
    await revokeDelegation(world.deps, { delegationId: delegation, actor: { userId: ana, name: 'ana', role: 'approver' } });
  });

  test('a Temporal signal approves only what anybody may, and its refusal is audited', async () => {
    for (const terms of [{ requirements: [demand(['group:finance'])] }, { requirements: [demand([], 2)] }, { forbids_self_approval: true }]) {
      onTerms(terms);
      const { requestId } = await world.ask();
      expect(await takeDecision(world.deps, { requestId, verdict: 'approve', by: 'sre' })).toMatchObject({ status: 'pending' });
      expect(await auditOf(requestId)).toEqual(['approval.signal_refused']);
      expect(await takeDecision(world.deps, { requestId, verdict: 'reject', by: 'sre' })).toMatchObject({ status: 'declined' });
    }
    onTerms({ requirements: [demand([])] });
    const { requestId } = await world.ask();
    expect(await takeDecision(world.deps, { requestId, verdict: 'approve', by: 'sre' })).toMatchObject({ status: 'approved' });
  });
});

describe('the clock', () => {
  const past = (requestId: string, seconds: number) =>
    database.db.updateTable('hitl_requests').set({ requested_at: new Date(Date.now() - seconds * 1_000) } as never).where('id', '=', requestId).execute();

  test('reminds once, escalates step by step to people who then may decide, and never approves', async () => {
    onTerms({ requirements: [demand(['group:finance'])], reminder_after_seconds: 60, escalations: [{ after_seconds: 300, approvers: ['role:admin'] }, { after_seconds: 120, approvers: [`user:${cem}`] }] });
    const { requestId } = await world.ask();
    const { requested_at: asked } = await rowOf(requestId);
    expect(await expireApproval(world.deps, { requestId })).toMatchObject({ status: 'pending', wakeAtMs: asked.getTime() + 60_000 });
    await past(requestId, 61);
    const { requested_at: start } = await rowOf(requestId);
    expect(await expireApproval(world.deps, { requestId })).toMatchObject({ wakeAtMs: start.getTime() + 120_000 });
    expect(await expireApproval(world.deps, { requestId })).toMatchObject({ wakeAtMs: start.getTime() + 120_000 });
    expect(await codeOf(decide(requestId, cem))).toBe('APPROVAL_NOT_ELIGIBLE');
    await past(requestId, 121);
    await expireApproval(world.deps, { requestId });
    expect(await viewOf(requestId, cem)).toMatchObject({ escalated_to: [`user:${cem}`], can_decide: { is_allowed: true }, concerns_me: true });
    expect(await codeOf(decide(requestId, dora))).toBe('APPROVAL_NOT_ELIGIBLE');
    await past(requestId, 400);
    const { expires_at: expiresAt } = await rowOf(requestId);
    expect(await expireApproval(world.deps, { requestId })).toMatchObject({ status: 'pending', wakeAtMs: expiresAt?.getTime() });
    expect(await eventsOf(requestId)).toEqual(['reminded', 'escalated', 'escalated']);
    expect(await auditOf(requestId)).toEqual(['approval.escalate', 'approval.escalate']);
    await database.db.updateTable('hitl_requests').set({ expires_at: new Date(Date.now() - 1) }).where('id', '=', requestId).execute();
    expect(await codeOf(decide(requestId, dora))).toBe('APPROVAL_ALREADY_DECIDED');
    expect(await expireApproval(world.deps, { requestId })).toMatchObject({ status: 'declined' });
  });

  test('what one policy escalates meets its own demand and no other policy\'s', async () => {
    onTerms({ requirements: [demand([`user:${cem}`], 1, 'sales'), demand(['group:finance'])], escalations: [{ after_seconds: 60, approvers: ['role:admin'], policy_id: 'sales' }] });
    const { requestId } = await world.ask();
    await past(requestId, 61);
    await expireApproval(world.deps, { requestId });
    expect(await decide(requestId, dora)).toMatchObject({ status: 'pending' });
    expect(await viewOf(requestId, ana)).toMatchObject({ votes_missing: [0, 1], escalated_to: ['role:admin'] });
    expect(await decide(requestId, ana)).toMatchObject({ status: 'approved' });
  });

  test('an extension moves the expiry as far as the terms let it, and the run looks again then', async () => {
    onTerms({ expires_after_seconds: 3_600, extendable_to_seconds: 7_200 });
    const { requestId } = await world.ask();
    const { requested_at: asked } = await rowOf(requestId);
    const extend = (minutes: number) => extendApproval(world.deps, { requestId, actor: { userId: ana, name: 'ana' }, expiresAt: new Date(asked.getTime() + minutes * 60_000), seen: { version: 1 } });
    expect((await viewOf(requestId, ana)).extendable_until).toBe(new Date(asked.getTime() + 7_200_000).toISOString());
    expect((await failureOf(extend(121))).details).toMatchObject({ extendable_until: new Date(asked.getTime() + 7_200_000).toISOString() });
    expect(await codeOf(extend(30))).toBe('APPROVAL_NOT_EXTENDABLE');
    await extend(120);
    expect(await takeDecision(world.deps, { requestId })).toMatchObject({ status: 'pending', wakeAtMs: asked.getTime() + 7_200_000, expiresAtMs: asked.getTime() + 7_200_000 });
    expect(await codeOf(extend(120))).toBe('APPROVAL_NOT_EXTENDABLE');
    expect((await viewOf(requestId, ana)).extendable_until).toBeNull();
    expect([await auditOf(requestId), await eventsOf(requestId)]).toEqual([['approval.extend'], ['extended']]);
    onTerms({ extendable_to_seconds: null });
    const { requestId: fixed } = await world.ask();
    expect(await codeOf(extendApproval(world.deps, { requestId: fixed, actor: { userId: ana, name: 'ana' }, expiresAt: new Date(Date.now() + 48 * 3_600_000), seen: {} }))).toBe('APPROVAL_NOT_EXTENDABLE');
  });
});

describe('an edit', () => {
  /** Up to 100 by finance alone, above by an admin and finance, above 1,000 never; nothing up to 10 is asked about. */
  const byAmount = (): void => {
    world.rule = ({ facts }) => {
      const amount = (facts['arguments'] as { amount?: number } | undefined)?.amount ?? (facts['amount'] as number);
      if (amount <= 10) return { verdict: 'allow', terms: null };
      if (amount > 1_000) return { verdict: 'deny', terms: null, reason: 'Too much.' };
      return { terms: termsWith({ requirements: amount > 100 ? [demand(['group:finance']), demand(['role:admin'], 1, 'large')] : [demand(['group:finance'])], editable_fields: ['amount'] }) };
    };
  };

  test('that needs somebody else stays open as another version with the editor\'s yes; earlier yeses are void', async () => {
    byAmount();
    const { requestId, toolCallId } = await world.ask();
    expect(await decide(requestId, ana, { editedArguments: { amount: 500 }, note: 'the whole sum' })).toMatchObject({ status: 'pending' });
    expect(await viewOf(requestId, ben)).toMatchObject({
      status: 'pending', version: 2, arguments: { amount: 500 }, original_arguments: { amount: 50 }, arguments_hash: hashJson({ amount: 500 }), votes: [{ by: { user_id: ana } }], votes_missing: [0, 1], effect_sentence: 'Pay 500',
    });
    const stale = await failureOf(decide(requestId, dora, { seen: { version: 1 } }));
    expect([stale.code, stale.details]).toMatchObject(['APPROVAL_STALE', { version: 2, changed_by: 'ana', changed_at: expect.any(String), changed_fields: ['amount'] }]);
    const unseen = await failureOf(decide(requestId, dora));
    expect([unseen.code, unseen.details]).toEqual([stale.code, stale.details]);
    expect(await decide(requestId, dora, { seen: { version: 2, argumentsHash: hashJson({ amount: 500 }) } })).toMatchObject({ status: 'approved_with_edits' });
    expect(await callOf(toolCallId)).toMatchObject({ state: 'allowed', arguments: { amount: 50 }, edited_arguments: { amount: 500 } });
    expect((await viewOf(requestId, ana)).decision).toMatchObject({ edited_arguments: { amount: 500 } });
    expect(await auditOf(requestId)).toEqual(['approval.edit', 'approval.approve']);
  });

  test('that this person alone may approve, or nobody is asked about, settles at once', async () => {
    byAmount();
    for (const amount of [60, 5]) {
      const { requestId, toolCallId } = await world.ask();
      expect(await decide(requestId, ana, { editedArguments: { amount } })).toMatchObject({ status: 'approved_with_edits' });
      expect(await callOf(toolCallId)).toMatchObject({ state: 'allowed', edited_arguments: { amount } });
    }
  });

  test('is refused where the terms keep the field, where it does not fit and where it is denied', async () => {
    byAmount();
    const { requestId } = await world.ask();
    const kept = await failureOf(decide(requestId, ana, { editedArguments: { amount: 50, note: 'x' } }));
    expect([kept.code, kept.message]).toEqual(['APPROVAL_EDIT_INVALID', expect.stringMatching(/Payments.*note.*only amount/)]);
    expect(await codeOf(decide(requestId, ana, { editedArguments: { amount: 'much' } }))).toBe('APPROVAL_EDIT_INVALID');
    expect((await failureOf(decide(requestId, ana, { editedArguments: { amount: 5_000 } }))).message).toContain('Too much.');
    expect(await codeOf(decide(requestId, cem, { editedArguments: { amount: 60 } }))).toBe('APPROVAL_NOT_ELIGIBLE');
    expect(await rowOf(requestId)).toMatchObject({ status: 'pending', version: 1, arguments: { amount: 50 } });
    expect(await decide(requestId, ana, { editedArguments: { amount: 50 } })).toMatchObject({ status: 'approved' });
  });
});

describe('what a person gives', () => {
  test('an answer is what the agent reads, with who gave it; a question is nothing else than answered or rejected', async () => {
    world.rule = () => ({ verdict: 'allow', terms: null });
    const { requestId, toolCallId } = await world.ask({ toolName: 'ask_person', args: { question: 'Which?' } });
    expect(await viewOf(requestId, ana)).toMatchObject({ kind: 'question', status: 'pending', terms: { requirements: [] } });
    expect(await codeOf(decide(requestId, ana))).toBe('APPROVAL_KIND_MISMATCH');
    expect(await codeOf(decide(requestId, ana, { verdict: 'provide_result', result: 1 }))).toBe('APPROVAL_KIND_MISMATCH');
    expect(await decide(requestId, ana, { verdict: 'answer', result: 'The blue one' })).toMatchObject({ status: 'approved' });
    expect(await findToolCallOutcome(database.db, toolCallId)).toMatchObject({ call: { state: 'succeeded', summary: 'answered by ana' }, output: { answer: 'The blue one', answered_by: 'ana' } });
    expect(await takeDecision(world.deps, { requestId })).toMatchObject({ status: 'approved' });
    expect((await viewOf(requestId, ana)).decision).toMatchObject({ verdict: 'answer', result: 'The blue one' });
  });

  test('a result by hand ends the call with it, marked as theirs in trace and result', async () => {
    const { requestId, toolCallId } = await world.ask();
    expect(await codeOf(decide(requestId, ana, { verdict: 'answer', result: 'x' }))).toBe('APPROVAL_KIND_MISMATCH');
    await decide(requestId, ana, { verdict: 'provide_result', result: { receipt: 7 }, note: 'at the counter' });
    expect(await findToolCallOutcome(database.db, toolCallId)).toMatchObject({ call: { state: 'succeeded' }, output: { result: { receipt: 7 }, given_by: 'ana' } });
    const steps = await database.db.selectFrom('steps').select(['kind', 'status', 'summary']).where('tool_call_id', '=', toolCallId).where('kind', 'in', ['approval', 'tool']).orderBy('kind').execute();
    expect(steps).toEqual([{ kind: 'approval', status: 'completed', summary: 'done by hand by ana: at the counter' }, { kind: 'tool', status: 'completed', summary: 'done by hand by ana; the tool was not run' }]);
    expect((await failureOf(decide(requestId, ben))).message).toMatch(/^Already done by hand by ana at/);
  });
});

describe('in bulk', () => {
  const itemOf = async (requestId: string) => {
    const row = await rowOf(requestId);
    return { id: requestId, version: row.version, arguments_hash: row.arguments_hash };
  };
  const bulk = async (verdict: 'approve' | 'reject', ids: string[], reason?: string) =>
    (await decideInBulk(world.deps, { body: { verdict, items: await Promise.all(ids.map(itemOf)), ...(reason === undefined ? {} : { reason }) }, actor: { userId: ana, name: 'ana' } })).outcome.items;

  test('each is decided alone: one that cannot be stops no other', async () => {
    const [first, second, third] = [await world.ask(), await world.ask(), await world.ask()];
    await decide(second.requestId, ben, { verdict: 'reject', note: 'no' });
    const items = await bulk('reject', [first.requestId, second.requestId, third.requestId], 'not today');
    expect(items).toMatchObject([{ status: 'rejected', error: null }, { status: null, error: { code: 'APPROVAL_ALREADY_DECIDED' } }, { status: 'rejected', error: null }]);
    expect((await viewOf(first.requestId, ana)).decision).toMatchObject({ door: 'bulk', note: 'not today' });
  });

  test('only calls that are alike are approved together', async () => {
    const alike = [await world.ask(), await world.ask()].map(({ requestId }) => requestId);
    const question = await world.ask({ toolName: 'ask_person', args: {} });
    world.rule = () => ({ matchedRules: [{ id: 'other', description: 'Another.' }] });
    const other = await world.ask();
    for (const odd of [question, other]) expect(await codeOf(bulk('approve', [...alike, odd.requestId]))).toBe('APPROVAL_BULK_REFUSED');
    await database.db.updateTable('hitl_requests').set({ risk_level: 'HIGH' }).where('id', '=', other.requestId).execute();
    expect(await codeOf(bulk('approve', [other.requestId]))).toBe('APPROVAL_BULK_REFUSED');
    expect(await bulk('approve', alike)).toMatchObject([{ status: 'approved' }, { status: 'approved' }]);
  });
});
