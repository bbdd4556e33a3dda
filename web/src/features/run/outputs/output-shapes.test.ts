import { describe, expect, test } from 'vitest';
import { filesIn, toRecordTable, viewOf } from './output-shapes.ts';

const file = { id: '0195c4f2-1111-7abc-8def-0123456789ab', name: 'chart.png', media_type: 'image/png', bytes: 1_234 };

describe('viewOf', () => {
  test.each([
    ['table', { columns: [{ name: 'n', type: 'bigint' }], rows: [{ n: '9007199254740993' }], row_count: 1, truncated: false }],
    ['python', { result: 3, result_note: null, stdout: '', stderr: '', truncated: { stdout: false, stderr: false }, error: null, duration_ms: 12 }],
    ['http', { url: 'https://example.com/', status: 404, headers: { 'content-type': 'text/html' }, body: '<h1>no</h1>', body_encoding: 'text', bytes: 11, truncated: false, redirected_from: [] }],
    ['search', { results: [{ title: 'A', url: 'https://a.example/', snippet: 'a' }] }],
    ['email', { message_id: '<1@example.com>', accepted: ['a@example.com'], refused: [{ recipient: 'b@example.com', reply: '550 no', is_temporary: false }], response: '250 ok' }],
    ['source', { table_count: 1, truncated: false, tables: [{ name: 'orders', kind: 'table', columns: [{ name: 'id', type: 'bigint' }] }] }],
    ['piece', { text: 'abc', offset: 3, total_characters: 90, next_offset: 6 }],
    ['piece', { items: [{ a: 1 }], items_from: 0, total_items: 1, next_items_from: null }],
    ['mcp', { content: [{ type: 'text', text: 'hello' }] }],
  ])('a result of that form is shown as %s', (kind, output) => {
    expect(viewOf(output).kind).toBe(kind);
  });

  test.each([[null], ['text'], [42], [[]], [{}], [{ columns: [], rows: [] }], [{ results: 'none' }], [{ status: '200', url: 'x' }]])('anything else is JSON: %j', (output) => {
    expect(viewOf(output)).toEqual({ kind: 'other' });
  });

  test('rows given as records or as lists come in the order of the columns, with what is missing undefined', () => {
    const columns = [{ name: 'b', type: 'text' }, { name: 'a', type: 'integer' }];
    expect(viewOf({ columns, rows: [{ a: 1, b: null }, { a: 2 }], truncated: true })).toMatchObject({ table: { rows: [[null, 1], [undefined, 2]], isTruncated: true } });
    expect(viewOf({ columns, rows: [['x', 1]] })).toMatchObject({ table: { rows: [['x', 1]], isTruncated: false } });
  });
});

describe('toRecordTable', () => {
  test('a list of records becomes a table with every key', () => {
    expect(toRecordTable([{ a: 1 }, { b: 'x', a: null }])).toEqual({ columns: [{ name: 'a' }, { name: 'b' }], rows: [[1, undefined], [null, 'x']], isTruncated: false });
  });
  test.each([[[]], [[1, 2]], [[{ a: 1 }, 2]], [{ a: 1 }], [[{}]], ['text']])('%j stays what it is', (value) => {
    expect(toRecordTable(value)).toBeUndefined();
  });
});

describe('filesIn', () => {
  test('finds files wherever they stand, each once', () => {
    expect(filesIn({ content: [{ type: 'image', file }, { nested: [{ file }] }], other: { file: 'no' } })).toEqual([file]);
  });
  test('a flood of values is looked through in bounded time', () => {
    expect(filesIn([{ file }, ...Array.from({ length: 50_000 }, (_, index) => ({ index }))])).toEqual([file]);
  });
});
