import { expect, test } from 'vitest';
import { z } from 'zod';
import { searchParams } from './search-params.ts';

const read = searchParams({ range: z.enum(['1h', '24h']), text: z.string() });

test('good values are taken, unknown names are dropped', () => {
  expect(read({ range: '1h', text: 'x', other: 1 })).toStrictEqual({ range: '1h', text: 'x' });
  expect(read({})).toStrictEqual({});
});

test('a bad or empty value is taken back from the address, so that its default holds', () => {
  expect(read({ range: 'bogus', text: 'x' })).toStrictEqual({ range: undefined, text: 'x' });
  expect(read({ range: '', text: null })).toStrictEqual({ range: undefined, text: undefined });
});
