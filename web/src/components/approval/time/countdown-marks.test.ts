import { describe, expect, test } from 'vitest';
import { isUrgent, markPassed, sentenceOfMark, shareLeft } from './countdown-marks.ts';

describe('markPassed', () => {
  test.each([
    [301_000, 300_000, 'five_minutes'],
    [300_000, 299_000, undefined],
    [60_001, 60_000, 'one_minute'],
    [60_000, 59_000, undefined],
    [1_000, 0, 'expired'],
    [0, -1_000, undefined],
  ] as const)('from %i ms to %i ms left: %s', (previous, left, mark) => {
    expect(markPassed(previous, left)).toBe(mark);
  });

  test('a tab that slept over several marks says only the last', () => {
    expect(markPassed(400_000, 30_000)).toBe('one_minute');
    expect(markPassed(400_000, -5)).toBe('expired');
  });

  test('more time than before passes no mark', () => {
    expect(markPassed(50_000, 400_000)).toBeUndefined();
  });
});

test('the sentence at the end says that it counts as rejected', () => {
  expect(sentenceOfMark('expired', 'send_email')).toContain('counts as rejected');
});

test('the last minute is urgent, the minute itself not yet', () => {
  expect(isUrgent(60_000)).toBe(false);
  expect(isUrgent(59_999)).toBe(true);
  expect(isUrgent(-1)).toBe(true);
});

test('the share left runs from 1 to 0 and never outside', () => {
  const times = { requestedAt: '2026-11-24T10:00:00.000Z', expiresAt: '2026-11-24T10:10:00.000Z' };
  const at = (time: string): number => shareLeft({ ...times, now: Date.parse(time) });
  expect(at('2026-11-24T10:00:00.000Z')).toBe(1);
  expect(at('2026-11-24T10:07:30.000Z')).toBe(0.25);
  expect(at('2026-11-24T09:00:00.000Z')).toBe(1);
  expect(at('2026-11-24T11:00:00.000Z')).toBe(0);
});
