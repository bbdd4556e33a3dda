import { describe, expect, test } from 'vitest';
import { addNotice, type ShownNotice } from './notice-groups.ts';

const notify = (times: readonly number[]) => times.reduce(
  ({ recent }: { recent: ShownNotice[]; isGrouped: boolean }, at, index) => addNotice(recent, { id: `r${index}`, at }),
  { recent: [], isGrouped: false },
);

describe('addNotice', () => {
  test('three within ten seconds stand alone, the fourth groups them', () => {
    expect(notify([0, 1_000, 9_999]).isGrouped).toBe(false);
    expect(notify([0, 1_000, 5_000, 9_999])).toMatchObject({ isGrouped: true, recent: { length: 4 } });
  });

  test('what is ten seconds old no longer counts', () => {
    expect(notify([0, 1_000, 5_000, 10_000]).isGrouped).toBe(false);
  });

  test('the same request sent again counts once', () => {
    const { recent } = notify([0, 1, 2]);
    expect(addNotice(recent, { id: 'r0', at: 3 })).toMatchObject({ isGrouped: false, recent: { length: 3 } });
  });
});
