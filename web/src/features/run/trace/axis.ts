/** A stretch of work, in milliseconds since the epoch. */
export interface Interval {
  from: number;
  to: number;
}

export interface AxisSegment extends Interval {
  /** Pixels from the left end. */
  x: number;
  width: number;
  /** Nothing worked: drawn as a marker of fixed width with its true length. */
  isGap: boolean;
}

export interface Axis {
  segments: AxisSegment[];
  gaps: AxisSegment[];
  width: number;
  /** Where a moment lies, in pixels; moments outside lie at the ends. */
  toX: (time: number) => number;
}

const gapShare = 0.05;
const gapWidth = 28;

/** Stretches in which anything worked, joined where they touch, in order. */
export const mergeIntervals = (intervals: readonly Interval[]): Interval[] => {
  const merged: Interval[] = [];
  for (const { from, to } of [...intervals].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else merged.push({ from, to });
  }
  return merged;
};

/** Idle stretches between `from` and `to` longer than a share of the whole: a wait for a person, a pause, a worker that was down. */
const gapsIn = (work: readonly Interval[], { from, to }: Interval, share: number): Interval[] => {
  const shortest = (to - from) * share;
  const gaps: Interval[] = [];
  let idleSince = from;
  const note = (until: number): void => {
    if (until - idleSince > shortest) gaps.push({ from: idleSince, to: until });
  };
  for (const stretch of work) {
    note(Math.min(stretch.from, to));
    idleSince = Math.max(idleSince, Math.min(stretch.to, to));
  }
  note(to);
  return gaps;
};

/**
 * The time axis of a run on `width` pixels: true to scale, but for idle stretches above 5 % of the run, which become
 * markers of 28 px, so that a wait of two hours does not squash three seconds of work. Stretches that take less than a
 * marker to scale stay as they are.
 */
export const createAxis = ({ work, span, width }: { work: readonly Interval[]; span: Interval; width: number }): Axis => {
  const total = Math.max(1, span.to - span.from);
  const idle = work.length === 0 ? [] : gapsIn(mergeIntervals(work), span, Math.max(gapShare, gapWidth / Math.max(1, width)));
  // Markers never take more than half of what there is.
  const marker = idle.length === 0 ? 0 : Math.min(gapWidth, width / 2 / idle.length);
  const workMs = Math.max(1, total - idle.reduce((sum, gap) => sum + gap.to - gap.from, 0));
  const pixelsPerMs = Math.max(0, width - marker * idle.length) / workMs;
  const segments: AxisSegment[] = [];
  let x = 0;
  const add = (from: number, to: number, isGap: boolean): void => {
    if (to <= from) return;
    const own = isGap ? marker : (to - from) * pixelsPerMs;
    segments.push({ from, to, x, width: own, isGap });
    x += own;
  };
  let at = span.from;
  for (const gap of idle) {
    add(at, gap.from, false);
    add(gap.from, gap.to, true);
    at = gap.to;
  }
  add(at, span.from + total, false);

  const toX = (time: number): number => {
    let low = 0;
    let high = segments.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (time > (segments[middle] as AxisSegment).to) low = middle + 1;
      else high = middle;
    }
    const segment = segments[low];
    if (segment === undefined) return 0;
    const share = Math.min(1, Math.max(0, (time - segment.from) / (segment.to - segment.from)));
    return segment.x + share * segment.width;
  };
  return { segments, gaps: segments.filter((segment) => segment.isGap), width, toX };
};

const niceSteps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000, 7_200_000, 21_600_000, 43_200_000, 86_400_000];
const leastTickDistance = 64;
/** How far the length of an idle stretch, written over its marker, reaches beyond it. */
const gapLabelRoom = 16;

/** Times since the start worth a mark on the axis, at least 64 px apart and clear of the gap markers. */
export const axisTicks = (axis: Axis): { x: number; elapsedMs: number }[] => {
  const start = axis.segments[0]?.from ?? 0;
  const workMs = axis.segments.reduce((sum, segment) => sum + (segment.isGap ? 0 : segment.to - segment.from), 0);
  const room = Math.max(1, Math.floor(axis.width / leastTickDistance));
  const step = niceSteps.find((candidate) => workMs / candidate <= room) ?? Math.ceil(workMs / room / 86_400_000) * 86_400_000;
  const ticks = [{ x: 0, elapsedMs: 0 }];
  for (const segment of axis.segments) {
    if (segment.isGap) continue;
    const first = Math.ceil((segment.from - start) / step) * step;
    for (let elapsedMs = first; start + elapsedMs <= segment.to; elapsedMs += step) {
      const x = axis.toX(start + elapsedMs);
      const isClear = axis.gaps.every((gap) => x >= gap.x + gap.width + gapLabelRoom || x + leastTickDistance / 2 <= gap.x - gapLabelRoom);
      if (isClear && x - (ticks.at(-1)?.x ?? 0) >= leastTickDistance && x + leastTickDistance / 2 <= axis.width) ticks.push({ x, elapsedMs });
    }
  }
  return ticks;
};
