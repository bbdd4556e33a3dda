import { expect, test } from 'vitest';
import { parseStoredDraft } from './draft-store.ts';

const stored = JSON.stringify({ argumentsHash: 'a', mode: 'edit', fields: { subject: 'Typed' }, preset: 'Wrong target', reason: 'not them', note: 'n', answer: '', result: '' });

test('a draft is read back for the arguments it was made on', () => {
  expect(parseStoredDraft(stored, 'a')).toMatchObject({ mode: 'edit', fields: { subject: 'Typed' } });
});

test('for changed arguments the edits are dropped and the words kept', () => {
  expect(parseStoredDraft(stored, 'b')).toEqual({ argumentsHash: 'b', mode: 'view', fields: {}, preset: 'Wrong target', reason: 'not them', note: 'n', answer: '', result: '' });
});

test.each([null, '', '{', '{"mode":"fly"}', '[]'])('%j gives an empty draft', (text) => {
  expect(parseStoredDraft(text, 'a')).toMatchObject({ argumentsHash: 'a', mode: 'view', fields: {} });
});
