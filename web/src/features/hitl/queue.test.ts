import type { ApprovalRequest } from '@contracts/approvals.ts';
import { describe, expect, test } from 'vitest';
import { holdBackNew, neighbourOf, sortQueue } from './queue.ts';

const request = (id: string, changes: Partial<Pick<ApprovalRequest, 'expires_at' | 'risk_level' | 'requested_at'>> = {}) =>
  ({ id, expires_at: null, risk_level: 'HIGH', requested_at: '2026-11-24T10:00:00.000Z', ...changes }) as const;
const ids = (requests: readonly { id: string }[]): string => requests.map(({ id }) => id).join(' ');

describe('sortQueue', () => {
  test('the nearest expiry comes first, those that wait for ever last', () => {
    const queue = [request('never'), request('late', { expires_at: '2026-11-24T12:00:00.000Z' }), request('soon', { expires_at: '2026-11-24T11:00:00.000Z' })];
    expect(ids(sortQueue(queue))).toBe('soon late never');
  });

  test('at the same expiry the riskier comes first, then the older', () => {
    const queue = [request('medium', { risk_level: 'MEDIUM' }), request('young', { requested_at: '2026-11-24T10:05:00.000Z' }), request('old'), request('critical', { risk_level: 'CRITICAL' })];
    expect(ids(sortQueue(queue))).toBe('critical old young medium');
  });
});

describe('holdBackNew', () => {
  test('the first answer is shown whole', () => {
    expect(holdBackNew([request('a'), request('b')], undefined)).toMatchObject({ shown: [{ id: 'a' }, { id: 'b' }], fresh: [] });
  });

  test('what comes later waits behind the pill, wherever it sorts', () => {
    const { shown, fresh } = holdBackNew([request('new'), request('a'), request('b')], new Set(['a', 'b']));
    expect([ids(shown), ids(fresh)]).toEqual(['a b', 'new']);
  });

  test('with nothing left on the screen new requests are shown at once', () => {
    expect(ids(holdBackNew([request('new')], new Set(['gone'])).shown)).toBe('new');
    expect(ids(holdBackNew([request('new')], new Set()).shown)).toBe('new');
  });
});

test('after a decision comes the next request, at the end the one before, with none left nothing', () => {
  const queue = [request('a'), request('b'), request('c')];
  expect(neighbourOf(queue, 'a')?.id).toBe('b');
  expect(neighbourOf(queue, 'c')?.id).toBe('b');
  expect(neighbourOf([request('a')], 'a')).toBeUndefined();
  expect(neighbourOf(queue, 'gone')?.id).toBe('a');
});
