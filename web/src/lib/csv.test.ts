import { expect, test } from 'vitest';
import { toCsv } from './csv.ts';

test('quotes, commas and line breaks are quoted', () => {
  expect(toCsv(['a', 'b'], [['x,y', 'say "hi"'], ['two\nlines', null]])).toBe('a,b\r\n"x,y","say ""hi"""\r\n"two\nlines",\r\n');
});

test('text that a spreadsheet would run as a formula is made plain; numbers stay numbers', () => {
  expect(toCsv(['a'], [['=HYPERLINK("http://evil")'], ['+1'], ['@x'], [-3]])).toBe('a\r\n"\'=HYPERLINK(""http://evil"")"\r\n\'+1\r\n\'@x\r\n-3\r\n');
});

test('objects are written as JSON', () => {
  expect(toCsv(['a'], [[{ b: 1 }]])).toBe('a\r\n"{""b"":1}"\r\n');
});
