import { describe, expect, test } from 'vitest';
import { findToolCallOutcome } from '../../../db/repositories/tool-calls.repository.ts';
import { demand } from '../../../tests/support/approvals.ts';
import { financeWorldOfFile } from '../../../tests/support/finance-world.ts';
import { failureOf } from '../../../tests/support/tools.ts';
import { revokeDelegation } from '../../people/index.ts';
import { listApprovals } from '../../traces/index.ts';
import { extendApproval, takeDecision } from '../index.ts';

const { db, world, ana, ben, cem, dora, decide, codeOf, onTerms, viewOf, auditOf, eventsOf, callOf, delegate } = await financeWorldOfFile();

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
    await db.deleteFrom('approver_group_members').where('group_id', '=', group).where('user_id', '=', eva).execute();
    expect(await decide(requestId, finn)).toMatchObject({ status: 'pending' });
    expect((await viewOf(requestId, ana)).votes.map(({ counts }) => counts)).toEqual([false, true]);
    await db.updateTable('users').set({ is_disabled: true }).where('id', '=', finn).execute();
    expect(await decide(requestId, ana)).toMatchObject({ status: 'pending' });
    await db.updateTable('users').set({ is_disabled: false }).where('id', '=', finn).execute();
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

describe('what a person gives', () => {
  test('an answer is what the agent reads, with who gave it; a question is nothing else than answered or rejected', async () => {
    world.rule = () => ({ verdict: 'allow', terms: null });
    const { requestId, toolCallId } = await world.ask({ toolName: 'ask_person', args: { question: 'Which?' } });
    expect(await viewOf(requestId, ana)).toMatchObject({ kind: 'question', status: 'pending', terms: { requirements: [] } });
    expect(await codeOf(decide(requestId, ana))).toBe('APPROVAL_KIND_MISMATCH');
    expect(await codeOf(decide(requestId, ana, { verdict: 'provide_result', result: 1 }))).toBe('APPROVAL_KIND_MISMATCH');
    expect(await decide(requestId, ana, { verdict: 'answer', result: 'The blue one' })).toMatchObject({ status: 'approved' });
    expect(await findToolCallOutcome(db, toolCallId)).toMatchObject({ call: { state: 'succeeded', summary: 'answered by ana' }, output: { answer: 'The blue one', answered_by: 'ana' } });
    expect(await takeDecision(world.deps, { requestId })).toMatchObject({ status: 'approved' });
    expect((await viewOf(requestId, ana)).decision).toMatchObject({ verdict: 'answer', result: 'The blue one' });
  });

  test('a result by hand ends the call with it, marked as theirs in trace and result', async () => {
    const { requestId, toolCallId } = await world.ask();
    expect(await codeOf(decide(requestId, ana, { verdict: 'answer', result: 'x' }))).toBe('APPROVAL_KIND_MISMATCH');
    await decide(requestId, ana, { verdict: 'provide_result', result: { receipt: 7 }, note: 'at the counter' });
    expect(await findToolCallOutcome(db, toolCallId)).toMatchObject({ call: { state: 'succeeded' }, output: { result: { receipt: 7 }, given_by: 'ana' } });
    const steps = await db.selectFrom('steps').select(['kind', 'status', 'summary']).where('tool_call_id', '=', toolCallId).where('kind', 'in', ['approval', 'tool']).orderBy('kind').execute();
    expect(steps).toEqual([{ kind: 'approval', status: 'completed', summary: 'done by hand by ana: at the counter' }, { kind: 'tool', status: 'completed', summary: 'done by hand by ana; the tool was not run' }]);
    expect((await failureOf(decide(requestId, ben))).message).toMatch(/^Already done by hand by ana at/);
  });
});
