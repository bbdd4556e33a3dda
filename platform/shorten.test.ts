import { expect, test } from 'vitest';
import { clip, toLine } from './shorten.ts';

test('a text is clipped behind whole characters', () => {
  expect(clip('short', 5)).toBe('short');
  expect(clip('longer', 5)).toBe('longe…');
  expect(clip('😀😀😀', 3)).toBe('😀…');
});

test('text of somebody else becomes one line that a terminal obeys nothing of', () => {
  expect(toLine('  two\r\nlines\u2028and\u001b[31m red\ttabs  ', 100)).toBe('two lines and [31m red tabs');
  expect(toLine(`half \uD83D ${'x'.repeat(20)}`, 10)).toBe('half \uFFFD xxx…');
});
