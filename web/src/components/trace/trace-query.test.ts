import type { Step } from '@contracts/runs.ts';
import { describe, expect, test } from 'vitest';
import { settledPages } from './trace-query.ts';

const step = (sequence: number, isOpen = false): Step =>
  ({ id: String(sequence), sequence, status: isOpen ? 'running' : 'completed', finished_at: isOpen ? null : '2026-11-24T10:00:00.000Z' }) as Step;
const page = (number: number, items: Step[], isLast = false) => ({ cursor: number === 0 ? null : `c${number}`, items, next: isLast ? null : `c${number + 1}` });

describe('settledPages', () => {
  test('keeps full pages of ended steps, but for the last full one and the open end', () => {
    const pages = [page(0, [step(1)]), page(1, [step(2)]), page(2, [step(3)]), page(3, [step(4)], true)];
    expect(settledPages(pages)).toEqual(pages.slice(0, 2));
  });
  test('stops one page before the first page with a step that has not ended', () => {
    const pages = [page(0, [step(1)]), page(1, [step(2)]), page(2, [step(3, true)]), page(3, [step(4)]), page(4, [step(5)], true)];
    expect(settledPages(pages)).toEqual(pages.slice(0, 1));
  });
  test('keeps nothing of a single page', () => {
    expect(settledPages([page(0, [step(1)], true)])).toEqual([]);
    expect(settledPages([])).toEqual([]);
  });
});
