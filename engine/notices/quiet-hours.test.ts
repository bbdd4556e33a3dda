import { expect, test } from 'vitest';
import { afterQuietHours } from './quiet-hours.ts';

const at = (time: string): Date => new Date(`2026-11-29T${time}Z`);

test.each([
  ['none', null, '23:30:00', at('23:30:00')],
  ['the same hour twice', { from: 8, to: 8 }, '08:10:00', at('08:10:00')],
  ['before them', { from: 12, to: 14 }, '11:59:59', at('11:59:59')],
  ['their first moment', { from: 12, to: 14 }, '12:00:00', at('14:00:00')],
  ['their last moment', { from: 12, to: 14 }, '13:59:59', at('14:00:00')],
  ['their end', { from: 12, to: 14 }, '14:00:00', at('14:00:00')],
  ['over midnight, before it', { from: 22, to: 6 }, '23:30:00', new Date('2026-11-30T06:00:00Z')],
  ['over midnight, after it', { from: 22, to: 6 }, '00:00:01', at('06:00:00')],
  ['over midnight, by day', { from: 22, to: 6 }, '12:00:00', at('12:00:00')],
])('quiet hours: %s', (_name, quietHours, now, leaves) => {
  expect(afterQuietHours(quietHours, at(now))).toEqual(leaves);
});
