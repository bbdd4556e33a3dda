import { describe, expect, test } from 'vitest';
import { axisTicks, createAxis, mergeIntervals } from './axis.ts';

const second = 1000;
const hour = 3600 * second;

describe('createAxis', () => {
  test('is true to scale where nothing is idle', () => {
    const axis = createAxis({ work: [{ from: 0, to: 400 }, { from: 400, to: 1000 }], span: { from: 0, to: 1000 }, width: 500 });
    expect(axis.gaps).toEqual([]);
    expect([0, 250, 1000].map(axis.toX)).toEqual([0, 125, 500]);
  });

  test('a wait of two hours becomes 28 px and leaves three seconds of work their room', () => {
    const work = [{ from: 0, to: 2 * second }, { from: 2 * second + 2 * hour, to: 3 * second + 2 * hour }];
    const axis = createAxis({ work, span: { from: 0, to: 3 * second + 2 * hour }, width: 328 });
    expect(axis.gaps).toHaveLength(1);
    expect(axis.gaps[0]).toMatchObject({ width: 28, from: 2 * second, to: 2 * second + 2 * hour });
    expect(axis.toX(2 * second)).toBeCloseTo(200);
    expect(axis.toX(2 * second + 2 * hour)).toBeCloseTo(228);
    expect(axis.toX(3 * second + 2 * hour)).toBeCloseTo(328);
  });

  test('idle time of 5 % or less stays to scale', () => {
    const axis = createAxis({ work: [{ from: 0, to: 500 }, { from: 550, to: 1000 }], span: { from: 0, to: 1000 }, width: 100 });
    expect(axis.gaps).toEqual([]);
  });

  test('an idle stretch that is narrower than a marker stays to scale: shortening must save room', () => {
    const idle = { work: [{ from: 0, to: 450 }, { from: 550, to: 1000 }], span: { from: 0, to: 1000 } };
    expect(createAxis({ ...idle, width: 200 }).gaps).toEqual([]);
    expect(createAxis({ ...idle, width: 400 }).gaps).toHaveLength(1);
  });

  test('idle ends count: a run that waits now, and one whose worker came late', () => {
    const axis = createAxis({ work: [{ from: hour, to: hour + second }], span: { from: 0, to: 2 * hour }, width: 400 });
    expect(axis.gaps.map((gap) => gap.x)).toEqual([0, 372]);
  });

  test('positions never go back as time goes on, and stay within the width', () => {
    const work = Array.from({ length: 30 }, (_, index) => ({ from: index * 1000, to: index * 1000 + (index % 3 === 0 ? 100 : 900) }));
    const axis = createAxis({ work, span: { from: 0, to: 30_000 }, width: 300 });
    let last = -1;
    for (let time = -500; time <= 31_000; time += 37) {
      const x = axis.toX(time);
      expect(x >= last && x >= 0 && x <= 300.001).toBe(true);
      last = x;
    }
  });

  test('markers take at most half of the width', () => {
    const work = [0, 3000, 6000, 9000].map((from) => ({ from, to: from + 100 }));
    const axis = createAxis({ work, span: { from: 0, to: 9100 }, width: 100 });
    expect(axis.gaps).toHaveLength(3);
    expect(axis.gaps.reduce((sum, gap) => sum + gap.width, 0)).toBeCloseTo(50);
  });

  test('has an axis for a run without steps and for one of no length', () => {
    expect(createAxis({ work: [], span: { from: 5, to: 5 }, width: 100 }).toX(5)).toBe(0);
    expect(createAxis({ work: [], span: { from: 0, to: hour }, width: 100 }).gaps).toEqual([]);
  });
});

test('mergeIntervals joins what touches or overlaps, whatever the order', () => {
  expect(mergeIntervals([{ from: 5, to: 6 }, { from: 0, to: 2 }, { from: 1, to: 3 }, { from: 3, to: 4 }])).toEqual([{ from: 0, to: 4 }, { from: 5, to: 6 }]);
});

test('axisTicks keeps marks apart and out of the markers', () => {
  const work = [{ from: 0, to: 2 * second }, { from: 2 * hour, to: 2 * hour + 2 * second }];
  const axis = createAxis({ work, span: { from: 0, to: 2 * hour + 2 * second }, width: 400 });
  const ticks = axisTicks(axis);
  expect(ticks[0]).toEqual({ x: 0, elapsedMs: 0 });
  expect(ticks.length).toBeGreaterThan(2);
  ticks.slice(1).forEach((tick, index) => expect(tick.x - (ticks[index]?.x ?? 0)).toBeGreaterThanOrEqual(64));
  const gap = axis.gaps[0];
  expect(ticks.every((tick) => gap === undefined || tick.x + 32 <= gap.x || tick.x >= gap.x + gap.width)).toBe(true);
});
