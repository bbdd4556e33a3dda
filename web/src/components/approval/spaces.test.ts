import { expect, test } from 'vitest';
import { toSpacePieces } from './spaces.ts';

const marked = (value: unknown): string => toSpacePieces(JSON.stringify(value, null, 2)).map(({ text, isSpaces }) => (isSpaces ? `[${text.length}]` : text)).join('');

test('leading, trailing and repeated spaces of a string are marked, single ones between words are not', () => {
  expect(marked(' a b  c ')).toBe('"[1]a b[2]c[1]"');
});

test('spaces beside a line break are marked', () => {
  expect(marked('a \n b')).toBe('"a[1]\\n[1]b"');
});

test('the indentation of the JSON itself is not marked', () => {
  expect(marked({ a: { b: 1 } })).toBe(JSON.stringify({ a: { b: 1 } }, null, 2));
});

test('an escaped quote does not end the string', () => {
  expect(marked('x"  y')).toBe('"x\\"[2]y"');
});

test('nothing is lost', () => {
  const json = JSON.stringify({ text: '  two  spaces\n\tand\\ more "  quotes  " ', list: ['', ' ', '  '] }, null, 2);
  expect(toSpacePieces(json).map(({ text }) => text).join('')).toBe(json);
});
