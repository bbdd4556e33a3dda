import { expect, test } from 'vitest';
import { isBackwards } from './time-range.ts';

test('a range without an end is never backwards; one of no length is', () => {
  const at = '2026-11-29T10:00:00.000Z';
  expect(isBackwards({ from: at, to: undefined })).toBe(false);
  expect(isBackwards({ from: at, to: at })).toBe(true);
  expect(isBackwards({ from: at, to: '2026-11-29T10:00:00.001Z' })).toBe(false);
});
