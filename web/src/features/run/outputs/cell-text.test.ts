import { expect, test } from 'vitest';
import { isNumericColumn, toCellText } from './cell-text.ts';

test('values are written exactly, and NULL is not the text "NULL"', () => {
  expect([1.5, 1e21, -0.1, true, null, undefined, '', 'NULL', { a: [1] }].map(toCellText)).toEqual([
    { text: '1.5', kind: 'number' }, { text: '1e+21', kind: 'number' }, { text: '-0.1', kind: 'number' }, { text: 'true', kind: 'boolean' }, { text: 'NULL', kind: 'null' },
    { text: '', kind: 'absent' }, { text: '', kind: 'text' }, { text: 'NULL', kind: 'text' }, { text: '{"a":[1]}', kind: 'json' },
  ]);
});

test('a column stands at the right by its type, also when its exact numbers come as text', () => {
  expect(isNumericColumn('bigint', ['9007199254740993'])).toBe(true);
  expect(isNumericColumn('numeric(10,2)', ['1.10'])).toBe(true);
  expect(isNumericColumn('integer[]', [[1]])).toBe(false);
  expect(isNumericColumn('text', [1])).toBe(false);
  expect(isNumericColumn(undefined, [1, null])).toBe(true);
  expect(isNumericColumn(undefined, [null])).toBe(false);
});
