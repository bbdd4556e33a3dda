import { expect, test } from 'vitest';
import { checklistOf } from './checklist.ts';

const fresh = { agents: [{ is_demo: true }], models: [{ is_configured: true, is_scripted: true }], users: [{ role: 'admin' as const, is_disabled: false }], hasSeenPolicies: false };
const done = (given: Parameters<typeof checklistOf>[0]): string[] => checklistOf(given).filter((item) => item.isDone).map((item) => item.label);

test('on a fresh system nothing is done: the demo agent and the scripted model are no achievements', () => {
  expect(checklistOf(fresh)).toHaveLength(4);
  expect(done(fresh)).toEqual([]);
});

test('each thing done is ticked by itself', () => {
  expect(done({ ...fresh, agents: [{ is_demo: true }, { is_demo: false }] })).toEqual(['Create your agent']);
  expect(done({ ...fresh, models: [{ is_configured: true, is_scripted: false }] })).toEqual(['Connect a model']);
  expect(done({ ...fresh, models: [{ is_configured: false, is_scripted: false }] })).toEqual([]);
  expect(done({ ...fresh, hasSeenPolicies: true })).toEqual(['Review the policies']);
  expect(done({ ...fresh, users: [{ role: 'approver', is_disabled: false }] })).toEqual(['Invite an approver']);
});

test('an approver who may not sign in does not count, and who cannot see people is not asked to invite one', () => {
  expect(done({ ...fresh, users: [{ role: 'approver', is_disabled: true }] })).toEqual([]);
  expect(checklistOf({ ...fresh, users: undefined }).map((item) => item.label)).not.toContain('Invite an approver');
});
