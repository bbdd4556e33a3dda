import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rangeOf, replacedPart } from './text-positions.ts';

const at = (line: number | null, column: number | null, endLine: number | null = null, endColumn: number | null = null) => ({ line, column, end_line: endLine, end_column: endColumn });
const marked = (text: string, issue: ReturnType<typeof at>): string | undefined => {
  const range = rangeOf(text, issue);
  return range === undefined ? undefined : text.slice(range.from, range.to);
};

test('an issue marks what lies between its line and column and its end', () => {
  expect(marked('permit (\n  principl,\n);', at(2, 3, 2, 11))).toBe('principl');
  expect(marked('a\nbc\nd', at(1, 1, 3, 2))).toBe('a\nbc\nd');
});

test('an issue without an end or without length marks one character', () => {
  expect(marked('abc', at(1, 2))).toBe('b');
  expect(marked('abc', at(1, 2, 1, 2))).toBe('b');
});

test('what lies outside of the text is drawn in, and nothing is marked where there is nothing', () => {
  expect(rangeOf('abc', at(9, 9))).toEqual({ from: 3, to: 3 });
  expect(rangeOf('ab\ncd', at(1, 99, 1, 120))).toEqual({ from: 2, to: 3 });
  expect(rangeOf('', at(1, 1, 1, 5))).toEqual({ from: 0, to: 0 });
  expect(rangeOf('abc', at(null, null))).toBeUndefined();
});

test('the part to replace makes the new text of the old one', () => {
  const text = fc.array(fc.constantFrom('a', 'b', '\n'), { maxLength: 10 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const part = replacedPart(before, after);
      expect(part === undefined ? before : before.slice(0, part.from) + part.insert + before.slice(part.to)).toBe(after);
    }),
  );
  expect(replacedPart('forbid(x);', 'permit(x);')).toEqual({ from: 0, to: 6, insert: 'permit' });
});
