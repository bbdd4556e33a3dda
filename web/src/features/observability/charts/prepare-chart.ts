import { type Bucket, roundTicks, timeTicks } from './buckets.ts';

export interface ChartSize {
  width: number;
  height: number;
  /** Room for the labels of the value axis. */
  left: number;
  /** Room for the labels of the time axis. */
  bottom: number;
}

interface Frame {
  valueTicks: { value: number; y: number }[];
  timeTicks: { at: number; x: number }[];
  /** Where each bucket lies, for pointing at it. */
  slots: { x: number; width: number }[];
  baseline: number;
}

export interface LineChart extends Frame {
  /** One per series that is shown: stretches without gaps as path data, and points that stand alone. */
  lines: { series: number; path: string; dots: { x: number; y: number }[] }[];
}

export interface BarChart extends Frame {
  bars: { series: number; bucket: number; x: number; y: number; width: number; height: number }[];
}

const top = 8;
const right = 8;
const leastTimeDistance = 84;

const prepareFrame = (buckets: readonly Bucket[], most: number, size: ChartSize, isWhole: boolean, zoneOffsetMs: number): Frame & { toX: (at: number) => number; toY: (value: number) => number } => {
  const ticks = roundTicks(most, 4, isWhole);
  const highest = ticks.at(-1) || 1;
  const from = buckets[0]?.from ?? 0;
  const to = buckets.at(-1)?.to ?? 1;
  const plotWidth = Math.max(1, size.width - size.left - right);
  const baseline = size.height - size.bottom;
  const toX = (at: number): number => size.left + ((at - from) / Math.max(1, to - from)) * plotWidth;
  const toY = (value: number): number => baseline - (value / highest) * (baseline - top);
  return {
    valueTicks: ticks.map((value) => ({ value, y: toY(value) })),
    timeTicks: timeTicks(from, to, Math.floor(plotWidth / leastTimeDistance), zoneOffsetMs).map((at) => ({ at, x: toX(at) })),
    slots: buckets.map((bucket) => ({ x: toX(bucket.from), width: toX(bucket.to) - toX(bucket.from) })),
    baseline,
    toX,
    toY,
  };
};

/** Lines over time: a bucket without a value breaks the line. */
export const prepareLines = (buckets: readonly Bucket[], shown: readonly number[], size: ChartSize, zoneOffsetMs = 0): LineChart => {
  const most = Math.max(0, ...buckets.flatMap((bucket) => shown.map((series) => bucket.values?.[series] ?? 0)));
  const { toX, toY, ...frame } = prepareFrame(buckets, most, size, false, zoneOffsetMs);
  const lines = shown.map((series) => {
    const stretches: { x: number; y: number }[][] = [[]];
    for (const bucket of buckets) {
      const value = bucket.values?.[series] ?? null;
      if (value === null) stretches.push([]);
      else stretches.at(-1)?.push({ x: toX((bucket.from + bucket.to) / 2), y: toY(value) });
    }
    return {
      series,
      path: stretches.filter((stretch) => stretch.length > 1).map((stretch) => stretch.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('')).join(''),
      dots: stretches.filter((stretch) => stretch.length === 1).flat(),
    };
  });
  return { ...frame, lines };
};

/** Bars over time, the series of a bucket on top of each other. Unknown values have no bar. */
export const prepareBars = (buckets: readonly Bucket[], shown: readonly number[], size: ChartSize, { isWhole = false, zoneOffsetMs = 0 } = {}): BarChart => {
  const sums = buckets.map((bucket) => shown.reduce((sum, series) => sum + (bucket.values?.[series] ?? 0), 0));
  const { toX, toY, ...frame } = prepareFrame(buckets, Math.max(0, ...sums), size, isWhole, zoneOffsetMs);
  const bars: BarChart['bars'] = [];
  buckets.forEach((bucket, number) => {
    const slot = frame.slots[number];
    if (bucket.values === null || slot === undefined) return;
    const gap = Math.min(4, slot.width * 0.2);
    let below = 0;
    for (const series of shown) {
      const value = bucket.values[series] ?? 0;
      if (value > 0) bars.push({ series, bucket: number, x: toX(bucket.from) + gap / 2, y: toY(below + value), width: Math.max(1, slot.width - gap), height: toY(below) - toY(below + value) });
      below += value;
    }
  });
  return { ...frame, bars };
};
