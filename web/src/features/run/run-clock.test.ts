import { describe, expect, test } from 'vitest';
import { serverNowOf, timesAt } from './run-clock.ts';

const run = { status: 'running' as const, started_at: '2026-11-24T10:00:00.000Z', finished_at: null, wall_ms: 5000, active_ms: 3000, waiting_ms: 2000 };
const receivedAt = 1_000_000;

describe('timesAt', () => {
  test('a running run goes on in wall and active time', () => {
    expect(timesAt(run, receivedAt, receivedAt + 700)).toEqual({ wallMs: 5700, activeMs: 3700, waitingMs: 2000 });
  });
  test('a waiting or paused run goes on in wall and waiting time', () => {
    for (const status of ['waiting_for_approval', 'paused'] as const) {
      expect(timesAt({ ...run, status }, receivedAt, receivedAt + 700)).toEqual({ wallMs: 5700, activeMs: 3000, waitingMs: 2700 });
    }
  });
  test('an ended run stands still, and one that has not begun has no wall time', () => {
    expect(timesAt({ ...run, status: 'failed' }, receivedAt, receivedAt + 700)).toEqual({ wallMs: 5000, activeMs: 3000, waitingMs: 2000 });
    expect(timesAt({ ...run, status: 'queued', started_at: null, wall_ms: null, active_ms: null, waiting_ms: 0 }, receivedAt, receivedAt + 700)).toEqual({ wallMs: null, activeMs: null, waitingMs: 0 });
  });
});

test('serverNowOf follows the server, however wrong the clock of the browser is', () => {
  expect(serverNowOf(run, receivedAt, receivedAt + 250)).toBe(Date.parse(run.started_at) + 5250);
});
