import { expect, test } from 'vitest';
import { createKeyring } from './idempotency-key.ts';

test('the same request keeps its key and a changed one gets another', () => {
  const keyFor = createKeyring();
  const first = keyFor({ goal: 'a' });
  expect(first).toMatch(/^[0-9a-f]{32}$/);
  expect(keyFor({ goal: 'a' })).toBe(first);
  expect(keyFor({ goal: 'b' })).not.toBe(first);
});

test('going back to an earlier request is a new request', () => {
  const keyFor = createKeyring();
  const first = keyFor('a');
  keyFor('b');
  expect(keyFor('a')).not.toBe(first);
});

test('two dialogs never share a key', () => {
  expect(createKeyring()('a')).not.toBe(createKeyring()('a'));
});
