import { expect, test } from 'vitest';
import { indentJson } from './indent-json.ts';

test('JSON is indented', () => {
  expect(indentJson('{"a":[1,2.5],"b":"x: 1"}')).toBe('{\n  "a": [\n    1,\n    2.5\n  ],\n  "b": "x: 1"\n}');
});
test.each([['no JSON'], ['42'], ['"text"'], ['{"id":12345678901234567890}'], ['{"price":1.10}'], ['']])('%s is left as it came', (text) => {
  expect(indentJson(text)).toBeUndefined();
});
