import { expect, test } from 'vitest';
import { validateInTime } from './validate-in-time.ts';

test('a check that takes for ever is given up, one that goes round in circles fails, and the next one is made as ever', () => {
  const endless = (): boolean => endless() && endless();
  expect(validateInTime((value) => /^(a+)+$/.test(value as string), `${'a'.repeat(60)}!`)).toBe('slow');
  expect(validateInTime(() => { for (;;); }, 1)).toBe('slow');
  expect(validateInTime(endless, 1)).toBe('endless');
  expect(validateInTime((value) => value === 1, 1)).toBe('fits');
  expect(validateInTime((value) => value === 1, 2)).toBe('does_not_fit');
  expect(validateInTime(() => 'almost', 2)).toBe('does_not_fit');
});
