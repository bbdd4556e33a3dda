import { expect, test } from 'vitest';
import { extendChoices, isExtendable } from './extend-choices.ts';

const at = '2026-11-24T10:00:00.000Z';

test('only spans within the cap are offered, the cap itself last', () => {
  expect(extendChoices(at, '2026-11-24T12:00:00.000Z').map((choice) => choice.at)).toEqual(['2026-11-24T10:15:00.000Z', '2026-11-24T11:00:00.000Z', '2026-11-24T12:00:00.000Z']);
  expect(extendChoices(at, '2026-11-24T10:15:00.000Z').map((choice) => choice.at)).toEqual(['2026-11-24T10:15:00.000Z']);
  expect(extendChoices(at, at)).toEqual([]);
});

test.each([
  [at, '2026-11-24T12:00:00.000Z', true],
  [at, at, false],
  [at, null, false],
  [null, null, false],
])('%s until %s: extendable %s', (expiresAt, until, expected) => {
  expect(isExtendable({ expires_at: expiresAt, extendable_until: until })).toBe(expected);
});
