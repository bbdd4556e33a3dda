import { expect, test } from 'vitest';
import { mergeChanges } from './merge-changes.ts';

const before = { name: 'Proxy', url: 'https://a.example.com', limit: '60', is_enabled: true };

test('what only they changed is taken, what only I changed stays', () => {
  expect(mergeChanges({ before, theirs: { ...before, url: '', is_enabled: false }, values: { ...before, name: 'Mine' } })).toEqual({
    values: { name: 'Mine', url: '', limit: '60', is_enabled: false }, clashes: [], taken: ['url', 'is_enabled'],
  });
});

test('what both changed is left to decide, with what I typed standing', () => {
  expect(mergeChanges({ before, theirs: { ...before, name: 'Theirs' }, values: { ...before, name: 'Mine' } })).toEqual({
    values: { ...before, name: 'Mine' }, clashes: [{ field: 'name', theirs: 'Theirs' }], taken: [],
  });
});

test('the same change made by both is no clash', () => {
  expect(mergeChanges({ before, theirs: { ...before, limit: '10' }, values: { ...before, limit: '10' } })).toEqual({ values: { ...before, limit: '10' }, clashes: [], taken: [] });
});

test('a field only their version has is taken over', () => {
  const theirs: Record<string, string | boolean> = { ...before, 'options.provider': 'brave' };
  expect(mergeChanges({ before: before as Record<string, string | boolean>, theirs, values: { ...before } as Record<string, string | boolean> })).toMatchObject({ clashes: [], taken: ['options.provider'], values: { 'options.provider': 'brave' } });
});
