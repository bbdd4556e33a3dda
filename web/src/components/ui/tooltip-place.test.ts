import { expect, test } from 'vitest';
import { placeTooltip } from './tooltip-place.ts';

const space = { width: 400, height: 300 };
const size = { width: 100, height: 20 };
const anchor = (left: number, top: number) => ({ left, top, width: 40, height: 10 });

test('it stands above the middle of its anchor', () => {
  expect(placeTooltip({ anchor: anchor(200, 100), size, space, side: 'top' })).toEqual({ left: 170, top: 74 });
});

test('where there is no room it goes to the other side', () => {
  expect(placeTooltip({ anchor: anchor(200, 5), size, space, side: 'top' }).top).toBe(21);
  expect(placeTooltip({ anchor: anchor(350, 100), size, space, side: 'right' }).left).toBe(244);
});

test.each(['top', 'right', 'bottom', 'left'] as const)('on side %s it never leaves the window, also from the corners', (side) => {
  for (const corner of [anchor(0, 0), anchor(380, 0), anchor(0, 295), anchor(380, 295)]) {
    const { left, top } = placeTooltip({ anchor: corner, size, space, side });
    expect(left).toBeGreaterThanOrEqual(8);
    expect(top).toBeGreaterThanOrEqual(8);
    expect(left + size.width).toBeLessThanOrEqual(392);
    expect(top + size.height).toBeLessThanOrEqual(292);
  }
});
