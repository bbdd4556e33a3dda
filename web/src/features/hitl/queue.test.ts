import type { ApprovalRequest } from '@contracts/approvals.ts';
import { describe, expect, test } from 'vitest';
import { holdBackNew, neighbourOf, sortQueue, summarizeDecided } from './queue.ts';

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

describe('summarizeDecided', () => {
  const midnight = Date.parse('2026-11-24T00:00:00.000Z');
  const decided = (ms: number, at = '2026-11-24T09:00:00.000Z', door: 'api' | 'expiry' = 'api') =>
    ({ decision: { verdict: 'approve', door, decided_by: { user_id: null, name: 'Ana' }, decided_at: at, time_to_decide_ms: ms, taken_up_at: null, note: null, edited_arguments: null, result: null } }) as const;

  test('counts what people decided since midnight and takes the median', () => {
    expect(summarizeDecided([decided(30), decided(10), decided(20)], midnight)).toEqual({ count: 3, medianMs: 20 });
    expect(summarizeDecided([decided(10), decided(20)], midnight)).toEqual({ count: 2, medianMs: 15 });
  });

  test('expiries, earlier days and open requests are left out', () => {
    expect(summarizeDecided([decided(1, '2026-11-23T23:59:59.999Z'), decided(1, undefined, 'expiry'), { decision: null }], midnight)).toEqual({ count: 0, medianMs: null });
  });
});

test('after a decision comes the next request, at the end the one before, with none left nothing', () => {
  const queue = [request('a'), request('b'), request('c')];
  expect(neighbourOf(queue, 'a')?.id).toBe('b');
  expect(neighbourOf(queue, 'c')?.id).toBe('b');
  expect(neighbourOf([request('a')], 'a')).toBeUndefined();
  expect(neighbourOf(queue, 'gone')?.id).toBe('a');
});
