import { expect, test } from 'vitest';
import { dollarsToMicroUsd, microUsdToDollars } from './dollars.ts';

test.each([
  ['2.50', 2_500_000], ['2.5', 2_500_000], ['1.1', 1_100_000], ['0.075', 75_000], ['.15', 150_000], ['3', 3_000_000], ['$15.00', 15_000_000], ['0', 0],
  ['0.000001', 1], ['0,3', 300_000], ['1,250.5', 1_250_500_000], ['1 250', 1_250_000_000], ['4.3500000', 4_350_000], ['1000000', 1_000_000_000_000],
])('%s dollars are %d micro-dollars', (text, micro) => {
  expect(dollarsToMicroUsd(text)).toBe(micro);
});

test.each(['', '.', '$', '-1', '1.2.3', 'free', '1e3', '0.0000001', '1000000.01', '1,2,3', 'NaN'])('%j is no price', (text) => {
  expect(dollarsToMicroUsd(text)).toBeUndefined();
});

test('every amount survives the way into the field and back', () => {
  for (let micro = 1; micro < 1_000_000_000_000; micro = micro * 3 + 7) expect(dollarsToMicroUsd(microUsdToDollars(micro))).toBe(micro);
});

test.each([[2_500_000, '2.50'], [75_000, '0.075'], [1, '0.000001'], [0, '0.00'], [15_000_000, '15.00'], [1_100_000, '1.10']])('%d micro-dollars read %s', (micro, text) => {
  expect(microUsdToDollars(micro)).toBe(text);
});
