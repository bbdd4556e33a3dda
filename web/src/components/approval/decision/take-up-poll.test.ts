import type { ApprovalDecision } from '@contracts/approvals.ts';
import { expect, test } from 'vitest';
import { takeUpPollMs } from './take-up-poll.ts';

const decision: ApprovalDecision = {
  verdict: 'approve', door: 'api', decided_by: { user_id: null, name: 'Ana' }, decided_at: '2026-11-24T10:00:00.000Z', time_to_decide_ms: 1,
  taken_up_at: null, note: null, edited_arguments: null, result: null,
};
const at = (serverTime: string, changes: Partial<ApprovalDecision> = {}) => takeUpPollMs({ decision: { ...decision, ...changes }, server_time: serverTime }, 0);

test('a fresh decision is followed each second, an older one slower, one of long ago not at all', () => {
  expect(at('2026-11-24T10:00:01.000Z')).toBe(1_000);
  expect(at('2026-11-24T10:01:00.000Z')).toBe(10_000);
  expect(at('2026-11-24T11:00:00.000Z')).toBe(false);
});

test('nothing is asked when the run has taken it up, when nobody decided, or while it is open', () => {
  expect(at('2026-11-24T10:00:01.000Z', { taken_up_at: '2026-11-24T10:00:00.500Z' })).toBe(false);
  expect(at('2026-11-24T10:00:01.000Z', { door: 'expiry' })).toBe(false);
  expect(takeUpPollMs({ decision: null, server_time: '2026-11-24T10:00:01.000Z' }, 0)).toBe(false);
});
