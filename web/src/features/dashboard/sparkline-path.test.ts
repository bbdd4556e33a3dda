import { expect, test } from 'vitest';
import { sparklinePath, toHours } from './sparkline-path.ts';

const box = { width: 30, height: 10 };

test('the highest value touches the top and 0 the bottom', () => {
  expect(sparklinePath([0, 5, 10, 0], box)).toBe('M0 10L10 5L20 0L30 10');
});

test.each([[[0, 0]], [[null, null]], [[]], [[null, 3, null]]])('%j says nothing and is not drawn', (values) => {
  expect(sparklinePath(values, box)).toBe('');
});

test('a gap is not bridged, and a value alone between gaps is still a dot', () => {
  expect(sparklinePath([1, null, 1, 1], box)).toBe('M0 0h0.01M20 0L30 0');
});

test('buckets fall into their hour, several into one are added, what is older is left out', () => {
  const to = '2026-11-24T12:00:00.000Z';
  const at = (time: string, runs: number | null) => ({ at: time, runs });
  const hours = toHours([at('2026-11-24T11:30:00.000Z', 2), at('2026-11-24T11:10:00.000Z', 1), at('2026-11-23T12:30:00.000Z', 4), at('2026-11-23T11:00:00.000Z', 9), at('2026-11-24T05:30:00.000Z', null)], to, (bucket) => bucket.runs);
  expect(hours[23]).toBe(3);
  expect(hours[0]).toBe(4);
  expect(hours.filter((hour) => hour !== null)).toHaveLength(2);
});
