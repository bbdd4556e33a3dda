import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJsonObject } from './parse-json-object.ts';

test('nothing typed is no input, an object is read', () => {
  expect(parseJsonObject('  \n')).toEqual({ ok: true, data: undefined });
  expect(parseJsonObject('{"a": [1, null, "x"]}')).toEqual({ ok: true, data: { a: [1, null, 'x'] } });
});

test.each([
  ['{\n  "a": 1,\n}', 'Line 3, column 1: expected a name in double quotes.'],
  ['{"a": 1 "b": 2}', 'Line 1, column 9: expected "," or "}".'],
  ['{"a" 1}', 'Line 1, column 6: expected ":".'],
  ["{'a': 1}", 'Line 1, column 2: expected a name in double quotes.'],
  ['{"a": [1, 2}', 'Line 1, column 12: expected "," or "]".'],
  ['{"a": ', 'Line 1, column 7: expected a value, but the text ends.'],
  ['{"a": undefined}', 'Line 1, column 7: expected a value.'],
  ['{\n "a": "not\nclosed"}', 'Line 2, column 7: expected a text that ends with " on its line.'],
  ['{} {}', 'Line 1, column 4: expected the end.'],
  ['[1]', 'Line 1, column 1: expected an object, such as {"customer": "ACME"}.'],
  ['"text"', 'Line 1, column 1: expected an object, such as {"customer": "ACME"}.'],
])('%j is refused with its place', (text, message) => {
  expect(parseJsonObject(text)).toEqual({ ok: false, message });
});

test('whatever is damaged in a valid object, the answer is a place or the object', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(), fc.string({ maxLength: 1 }), (object, position, character) => {
      const text = JSON.stringify(object, null, 2);
      const damaged = text.slice(0, position % text.length) + character + text.slice((position % text.length) + 1);
      const result = parseJsonObject(damaged);
      if (!result.ok) expect(result.message).toMatch(/^Line \d+, column \d+: expected .+\.$/);
    }),
  );
});
