import { expect, test } from 'vitest';
import { fromLocalInput, isBackwards, toLocalInput } from './local-time.ts';

test('a moment goes through a date-time field and comes back to the minute', () => {
  const at = new Date(2026, 0, 5, 3, 7, 42).toISOString();
  expect(toLocalInput(at)).toBe('2026-01-05T03:07');
  expect(fromLocalInput(toLocalInput(at))).toBe(new Date(2026, 0, 5, 3, 7).toISOString());
});

test('an empty or half filled field is no moment', () => {
  expect(fromLocalInput('')).toBeUndefined();
  expect(fromLocalInput('2026-13-45T')).toBeUndefined();
  expect(toLocalInput(undefined)).toBe('');
});

test('a range without an end is never backwards; one of no length is', () => {
  const at = '2026-11-29T10:00:00.000Z';
  expect(isBackwards({ from: at, to: undefined })).toBe(false);
  expect(isBackwards({ from: at, to: at })).toBe(true);
  expect(isBackwards({ from: at, to: '2026-11-29T10:00:00.001Z' })).toBe(false);
});
