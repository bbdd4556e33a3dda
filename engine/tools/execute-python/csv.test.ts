import { expect, test } from 'vitest';
import type { Json } from '../tool.ts';
import { toCsv } from './csv.ts';
import { mediaTypeOf } from './media-type-of.ts';

test.each<[name: string, value: Json, csv: string | undefined]>([
  ['objects: the header is every key, in the order it first appears', [{ a: 1, b: 2 }, { b: 3, c: 4 }], 'a,b,c\r\n1,2,\r\n,3,4\r\n'],
  ['lists are rows as they are', [['x', 'y'], [1, true]], 'x,y\r\n1,true\r\n'],
  ['commas, quotes and line ends are quoted', [{ 'a,b': 'say "hi"', c: 'two\nlines' }], '"a,b",c\r\n"say ""hi""","two\nlines"\r\n'],
  ['null is empty, nested values are JSON', [{ a: null, b: [1, { c: 'd' }] }], 'a,b\r\n,"[1,{""c"":""d""}]"\r\n'],
  ['a query\'s output', { columns: [{ name: 'id', type: 'int4' }], rows: [{ id: 1 }], row_count: 1 }, 'id\r\n1\r\n'],
  ['a query without rows keeps its header', { columns: [{ name: 'id', type: 'int4' }, { name: 'body', type: 'text' }], rows: [] }, 'id,body\r\n'],
  ['no rows at all', [], ''],
  ['text is no table', 'a,b', undefined],
  ['numbers are no rows', [1, 2], undefined],
  ['rows of two kinds', [{ a: 1 }, [2]], undefined],
  ['an object without rows', { a: [1] }, undefined],
])('%s', (_name, value, csv) => {
  expect(toCsv(value)).toBe(csv);
});

test.each([['chart.png', 'image/png'], ['Report.CSV', 'text/csv'], ['archive.tar.gz', 'application/gzip'], ['noextension', 'application/octet-stream'], ['odd.constructor', 'application/octet-stream']])('%s is %s', (name, type) => {
  expect(mediaTypeOf(name)).toBe(type);
});
