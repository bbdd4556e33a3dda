import { expect, test } from 'vitest';
import { shortenText } from './shorten-text.ts';

test('a short text is shown whole', () => {
  expect(shortenText('a\nb', { characters: 10, lines: 2 })).toBeUndefined();
  expect(shortenText('', {})).toBeUndefined();
});

test('a text of exactly the limit is shown whole, one more is cut', () => {
  expect(shortenText('abcde', { characters: 5 })).toBeUndefined();
  expect(shortenText('abcdef', { characters: 5 })).toBe('abcde');
});

test('many short lines are cut too', () => {
  expect(shortenText('1\n2\n3\n4', { lines: 2 })).toBe('1\n2');
  expect(shortenText('1\n2\n', { lines: 2 })).toBe('1\n2');
});

test('no character is cut in half', () => {
  expect(shortenText('ab😀cd', { characters: 3 })).toBe('ab');
  expect(shortenText('ab😀cd', { characters: 4 })).toBe('ab😀');
});
