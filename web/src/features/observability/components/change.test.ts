import { expect, test } from 'vitest';
import { changeOf, changeOfShare } from './change.ts';

test('changeOf compares amounts, and has no percentage where there was nothing', () => {
  expect(changeOf(150, 100)).toEqual({ direction: 'up', text: '50 %' });
  expect(changeOf(97, 100)).toEqual({ direction: 'down', text: '3.0 %' });
  expect(changeOf(5, 5)).toEqual({ direction: 'same', text: 'as before' });
  expect(changeOf(5, 0)).toEqual({ direction: 'up', text: 'none before' });
  expect(changeOf(null, 5)).toBeUndefined();
  expect(changeOf(5, null)).toBeUndefined();
});

test('changeOfShare speaks in points', () => {
  expect(changeOfShare(0.9, 0.95)).toEqual({ direction: 'down', text: '5.0 points' });
  expect(changeOfShare(0.9, 0.9)).toEqual({ direction: 'same', text: 'as before' });
  expect(changeOfShare(null, 0.9)).toBeUndefined();
});
