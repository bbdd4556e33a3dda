import { describe, expect, test } from 'vitest';
import { roundTicks, timeTicks, toBuckets } from './buckets.ts';
import { prepareBars, prepareLines } from './prepare-chart.ts';

const range = { from: '2026-11-24T10:00:00.000Z', to: '2026-11-24T14:00:00.000Z', bucketSeconds: 3600 };
const size = { width: 448, height: 108, left: 40, bottom: 20 };
const sample = (hour: number, ...values: (number | null)[]) => ({ at: `2026-11-24T${hour}:00:00.000Z`, values });

describe('toBuckets', () => {
  test('has a bucket for every stretch of the range; one without a sample is a gap and not a zero', () => {
    expect(toBuckets([sample(10, 1), sample(12, 0)], range).map((bucket) => bucket.values)).toEqual([[1], null, [0], null]);
  });
  test('ends the last bucket with the range', () => {
    const buckets = toBuckets([], { ...range, to: '2026-11-24T12:30:00.000Z' });
    expect(buckets).toHaveLength(3);
    expect(buckets[2]?.to).toBe(Date.parse('2026-11-24T12:30:00.000Z'));
  });
});

describe('roundTicks', () => {
  test.each([
    [7, [0, 2, 4, 6, 8]],
    [100, [0, 25, 50, 75, 100]],
    [0.3, [0, 0.1, 0.2, 0.3]],
    [0, [0]],
  ])('up to %d', (most, ticks) => expect(roundTicks(most)).toEqual(ticks));
  test('counts have whole marks', () => expect(roundTicks(2, 4, true)).toEqual([0, 1, 2]));
});

test('timeTicks are round in the zone of the reader', () => {
  const from = Date.parse(range.from);
  const ticks = timeTicks(from, from + 86_400_000, 5, 5.5 * 3_600_000);
  expect(ticks.map((at) => new Date(at + 5.5 * 3_600_000).toISOString().slice(11, 16))).toEqual(['18:00', '00:00', '06:00', '12:00']);
});

describe('prepareLines', () => {
  test('breaks the line at a gap and draws a lone value as a dot', () => {
    const buckets = toBuckets([sample(10, 10), sample(11, 20), sample(13, 5)], range);
    const [line] = prepareLines(buckets, [0], size).lines;
    expect(line?.path.match(/M/g)).toHaveLength(1);
    expect(line?.path).toBe('M90.0 48.0L190.0 8.0');
    expect(line?.dots).toHaveLength(1);
  });
  test('an unknown value is a gap too, and a hidden series does not stretch the axis', () => {
    const buckets = toBuckets([sample(10, 10, 900), sample(11, null, 900), sample(12, 10, 900)], range);
    const chart = prepareLines(buckets, [0], size);
    expect(chart.lines[0]?.dots).toHaveLength(2);
    expect(chart.valueTicks.at(-1)?.value).toBe(10);
  });
});

describe('prepareBars', () => {
  test('stacks the series of a bucket from the ground up and leaves gaps empty', () => {
    const { bars, baseline, valueTicks } = prepareBars(toBuckets([sample(10, 3, 1), sample(12, 0, 2)], range), [0, 1], size, { isWhole: true });
    expect(bars.map((bar) => [bar.bucket, bar.series])).toEqual([[0, 0], [0, 1], [2, 1]]);
    const [below, above] = bars;
    expect((below?.y ?? 0) + (below?.height ?? 0)).toBeCloseTo(baseline);
    expect((above?.y ?? 0) + (above?.height ?? 0)).toBeCloseTo(below?.y ?? -1);
    expect(valueTicks.at(-1)?.value).toBe(4);
  });
});
