import { expect, test } from 'vitest';
import { toSecretPieces } from './secret-pieces.ts';

test('the places of secrets are told from the text around them', () => {
  expect(toSecretPieces('Bearer {{secret:github}}{{ secret:other }}!')).toEqual([
    { kind: 'text', text: 'Bearer ' }, { kind: 'secret', name: 'github' }, { kind: 'secret', name: 'other' }, { kind: 'text', text: '!' },
  ]);
});

test.each(['', 'plain', '{{secret:}}', '{{secret:UPPER}}', '$& $1'])('%j has none', (text) => {
  expect(toSecretPieces(text)).toEqual(text === '' ? [] : [{ kind: 'text', text }]);
});
