/** A moment of the range with the value of each series; null where nobody knows it. */
export interface Sample {
  at: string;
  values: readonly (number | null)[];
}

export interface Bucket {
  /** Milliseconds since the epoch. */
  from: number;
  to: number;
  /** Absent where nothing was recorded: a gap and not a zero. */
  values: readonly (number | null)[] | null;
}

/** Every bucket of a range in order, those without a sample too. */
export const toBuckets = (samples: readonly Sample[], { from, to, bucketSeconds }: { from: string; to: string; bucketSeconds: number }): Bucket[] => {
  const start = Date.parse(from);
  const end = Date.parse(to);
  const length = bucketSeconds * 1000;
  const byNumber = new Map(samples.map((sample) => [Math.round((Date.parse(sample.at) - start) / length), sample.values]));
  return Array.from({ length: Math.max(1, Math.ceil((end - start) / length)) }, (_, number) => ({
    from: start + number * length,
    to: Math.min(end, start + (number + 1) * length),
    values: byNumber.get(number) ?? null,
  }));
};

const steps = [1, 2, 2.5, 5, 10];

/** Round values from 0 to at least `most`, about `count` of them; `isWhole` for things that are counted. */
export const roundTicks = (most: number, count = 4, isWhole = false): number[] => {
  if (!(most > 0)) return [0];
  const rough = most / count;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const found = (steps.find((step) => step * magnitude >= rough * 0.999) ?? 10) * magnitude;
  const step = isWhole ? Math.max(1, Math.ceil(found)) : found;
  const ticks = [0];
  for (let number = 1; (ticks.at(-1) ?? 0) < most * 0.999; number += 1) ticks.push(Number((step * number).toPrecision(12)));
  return ticks;
};

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const timeSteps = [5 * minute, 10 * minute, 15 * minute, 30 * minute, hour, 2 * hour, 3 * hour, 4 * hour, 6 * hour, 12 * hour, day, 2 * day, 5 * day, 7 * day];

/** Round moments of the reader's zone between two times, at most `count` of them. */
export const timeTicks = (from: number, to: number, count: number, zoneOffsetMs: number): number[] => {
  const step = timeSteps.find((candidate) => (to - from) / candidate <= Math.max(1, count)) ?? 14 * day;
  const ticks: number[] = [];
  for (let at = Math.ceil((from + zoneOffsetMs) / step) * step - zoneOffsetMs; at <= to; at += step) ticks.push(at);
  return ticks;
};
