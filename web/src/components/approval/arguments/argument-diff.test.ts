import { expect, test } from 'vitest';
import { diffArguments } from './argument-diff.ts';

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
