import { expect, test } from 'vitest';
import { readResult } from './read-result.ts';

test.each([
  ['{"id": 17}', { id: 17 }, false],
  [' [1, "2"] ', [1, '2'], false],
  ['17', 17, false],
  ['17 tickets were closed', '17 tickets were closed', true],
  ['Sent by hand.\n', 'Sent by hand.\n', true],
  ['"17"', '17', false],
])('%j is read with its type', (text, value, isText) => {
  expect(readResult(text)).toEqual({ ok: true, value, isText });
});

test.each(['', ' \n', '{"id": 17', '[1,'])('%j is refused', (text) => {
  expect(readResult(text).ok).toBe(false);
});
