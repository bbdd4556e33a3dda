import { expect, test } from 'vitest';
import { demand } from '../../tests/support/approvals.ts';
import { financeWorldOfFile } from '../../tests/support/finance-world.ts';
import { expireApproval } from './take-decision.ts';

const { db, world, ana, cem, dora, decide, codeOf, onTerms, rowOf, viewOf, auditOf, eventsOf } = await financeWorldOfFile();

const past = (requestId: string, seconds: number) =>
  db.updateTable('hitl_requests').set({ requested_at: new Date(Date.now() - seconds * 1_000) } as never).where('id', '=', requestId).execute();

test('the clock reminds once, escalates step by step to people who then may decide, and never approves', async () => {
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
  await db.updateTable('hitl_requests').set({ expires_at: new Date(Date.now() - 1) }).where('id', '=', requestId).execute();
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
