import { expect, test } from 'vitest';
import { toSpacePieces, toWhitePieces } from './spaces.ts';

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

test('white space of a body that is easily missed is found, single spaces between words are not', () => {
  expect(toWhitePieces('a b  c \r\n\td')).toEqual([
    { text: 'a b', kind: 'plain' }, { text: '  ', kind: 'spaces' }, { text: 'c', kind: 'plain' }, { text: ' ', kind: 'spaces' }, { text: '\r', kind: 'carriage_return' },
    { text: '\n', kind: 'plain' }, { text: '\t', kind: 'tab' }, { text: 'd', kind: 'plain' },
  ]);
});

test.each(['', '  two  spaces\n\tand \r\n', '   ', '\n\n', 'plain'])('nothing of %j is lost', (text) => {
  expect(toWhitePieces(text).map((piece) => piece.text).join('')).toBe(text);
});
