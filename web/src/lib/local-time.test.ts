import { expect, test } from 'vitest';
import { fromLocalInput, toLocalInput } from './local-time.ts';

test('what a field shows is read back as the same minute', () => {
  const at = new Date('2026-11-04T09:05:00.000Z');
  expect(fromLocalInput(toLocalInput(at))).toBe(at.toISOString());
  expect(toLocalInput(new Date(2026, 0, 5, 3, 7, 42))).toBe('2026-01-05T03:07');
});

test.each(['', '2026-13-45T', 'tomorrow', '2026-13-40T99:00'])('%j is no moment', (text) => {
  expect(fromLocalInput(text)).toBeUndefined();
});
