import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { effectiveLimits, type Line, placeInLine } from './place-in-line.ts';

const limits = (requests: number | null, tokens: number | null = null) => ({ requests_per_minute: requests, tokens_per_minute: tokens });
const empty: Line = { nowMs: 1_000_000, requestsDueMs: null, tokensDueMs: null, blockedUntilMs: null };

describe('placeInLine', () => {
  test('a minute’s worth goes at once, the next waits for its share of a minute', () => {
    let line = empty;
    const dues = Array.from({ length: 4 }, () => {
      const place = placeInLine(line, limits(3), 10);
      line = { ...line, ...place };
      return place.dueMs - empty.nowMs;
    });
    expect(dues).toEqual([0, 0, 0, 20_000]);
  });

  test('tokens count like requests, each call by its size', () => {
    const first = placeInLine(empty, limits(null, 1_000), 900);
    expect(first.dueMs).toBe(empty.nowMs);
    expect(placeInLine({ ...empty, ...first }, limits(null, 1_000), 200).dueMs - empty.nowMs).toBe(6_000);
  });

  test('a call larger than a whole minute goes when the line is empty, and the next pays for it', () => {
    const large = placeInLine(empty, limits(null, 1_000), 5_000);
    expect(large.dueMs).toBe(empty.nowMs);
    expect(placeInLine({ ...empty, ...large }, limits(null, 1_000), 100).dueMs - empty.nowMs).toBe(246_000);
  });

  test('nothing goes while the connection is blocked', () => {
    expect(placeInLine({ ...empty, blockedUntilMs: empty.nowMs + 7_000 }, limits(null), 1).dueMs).toBe(empty.nowMs + 7_000);
  });

  test('of an admin’s limit and a learned one the smaller counts, and each alone where the other is unknown', () => {
    expect(effectiveLimits(limits(10, null), limits(5, 700))).toEqual(limits(5, 700));
    expect(effectiveLimits(limits(10, 100), null)).toEqual(limits(10, 100));
  });

  test('whoever comes later is never due earlier, and no minute sees more than twice the limit', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 20 }), fc.array(fc.integer({ min: 0, max: 30_000 }), { minLength: 1, maxLength: 80 }), (perMinute, gaps) => {
      let line = empty;
      const dues: number[] = [];
      for (const gap of gaps) {
        line = { ...line, nowMs: line.nowMs + gap };
        const place = placeInLine(line, limits(perMinute), 1);
        line = { ...line, ...place };
        dues.push(place.dueMs);
      }
      for (const [index, due] of dues.entries()) {
        if (index > 0) expect(due).toBeGreaterThanOrEqual(dues[index - 1] as number);
        expect(dues.filter((other) => other >= due && other < due + 60_000).length).toBeLessThanOrEqual(2 * perMinute);
      }
    }));
  });
});
