import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffArguments, diffLines } from './argument-diff.ts';

test('equal arguments have no difference, whatever the order of their keys', () => {
  expect(diffArguments({ a: 1, b: { c: [1, 2] } }, { b: { c: [1, 2] }, a: 1 })).toEqual([]);
});

test('each difference is named by its path', () => {
  const changes = diffArguments(
    { to: ['a@example.com', 'b@example.com'], subject: 'Hi', retries: 1, cc: [] },
    { to: ['a@example.com', 'c@example.com', 'd@example.com'], subject: 'Hi', retries: '1', bcc: ['x@example.com'] },
  );
  expect(changes).toEqual([
    { path: 'to.1', kind: 'changed', before: 'b@example.com', after: 'c@example.com' },
    { path: 'to.2', kind: 'added', before: undefined, after: 'd@example.com' },
    { path: 'retries', kind: 'changed', before: 1, after: '1' },
    { path: 'cc', kind: 'removed', before: [], after: undefined },
    { path: 'bcc', kind: 'added', before: undefined, after: ['x@example.com'] },
  ]);
});

test('a list in place of an object is a change, and so is null in place of a value', () => {
  expect(diffArguments({ a: {}, b: 0 }, { a: [], b: null }).map(({ path }) => path)).toEqual(['a', 'b']);
});

test('a changed line stands between the lines that stayed', () => {
  expect(diffLines('one\ntwo\nthree', 'one\n2\nthree').map(({ kind, text }) => `${kind} ${text}`)).toEqual(['same one', 'removed two', 'added 2', 'same three']);
});

test('the lines of a diff without the removed ones are the new text, without the added ones the old', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 }).map((lines) => lines.join('\n'));
  fc.assert(fc.property(text, text, (before, after) => {
    const lines = diffLines(before, after);
    expect(lines.filter(({ kind }) => kind !== 'removed').map((line) => line.text).join('\n')).toBe(after);
    expect(lines.filter(({ kind }) => kind !== 'added').map((line) => line.text).join('\n')).toBe(before);
  }));
});
