import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffLines, diffLinesBelow } from './line-diff.ts';

const kinds = (before: string, after: string): string => diffLines(before, after).map(({ kind }) => kind[0]).join('');

test('equal texts are the same on every row', () => {
  expect(kinds('a\nb', 'a\nb')).toBe('ss');
  expect(diffLines('', '')).toEqual([]);
});

test('a changed line stands beside its new form, what is around it stays', () => {
  expect(diffLines('a\nb\nc', 'a\nB\nc')).toEqual([
    { kind: 'same', left: 'a', right: 'a' },
    { kind: 'changed', left: 'b', right: 'B' },
    { kind: 'same', left: 'c', right: 'c' },
  ]);
});

test('lines put in or taken out do not shift the others', () => {
  expect(kinds('a\nc', 'a\nb\nc')).toBe('sas');
  expect(kinds('a\nb\nc', 'a\nc')).toBe('srs');
  expect(kinds('', 'a')).toBe('a');
  expect(kinds('a', '')).toBe('r');
});

test('either side, read down its rows, is the text it came from', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', ' d'), { minLength: 1, maxLength: 12 }).map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const rows = diffLines(before, after);
      expect(rows.flatMap(({ left }) => left ?? []).join('\n')).toBe(before);
      expect(rows.flatMap(({ right }) => right ?? []).join('\n')).toBe(after);
      for (const { kind, left, right } of rows) expect(left === right).toBe(kind === 'same');
    }),
  );
});

test('texts too long to compare exactly are still shown whole', () => {
  const before = Array.from({ length: 1500 }, (_, line) => `old ${line}`).join('\n');
  const after = Array.from({ length: 1500 }, (_, line) => `new ${line}`).join('\n');
  expect(diffLines(before, after)).toHaveLength(1500);
});

test('a changed line stands between the lines that stayed', () => {
  expect(diffLinesBelow('one\ntwo\nthree', 'one\n2\nthree').map(({ kind, text }) => `${kind} ${text}`)).toEqual(['same one', 'removed two', 'added 2', 'same three']);
});

test('the lines of a diff without the removed ones are the new text, without the added ones the old', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 }).map((lines) => lines.join('\n'));
  fc.assert(fc.property(text, text, (before, after) => {
    const lines = diffLinesBelow(before, after);
    expect(lines.filter(({ kind }) => kind !== 'removed').map((line) => line.text).join('\n')).toBe(after);
    expect(lines.filter(({ kind }) => kind !== 'added').map((line) => line.text).join('\n')).toBe(before);
  }));
});
