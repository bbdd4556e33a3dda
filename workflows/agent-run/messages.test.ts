import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toKeptSignal, toName } from './messages.ts';

test.each([
  ['ana', 'ana'], ['a\u0000b', 'ab'], ['\u0000', undefined], ['', undefined], [`${'x'.repeat(119)}😀`, `${'x'.repeat(119)}\uFFFD`], ['\uD800', '\uFFFD'], [undefined, undefined], [null, undefined], [{ name: 'ana' }, undefined],
])('the name %j is read as %j', (given, expected) => {
  expect(toName(given)).toBe(expected);
});

test.each([undefined, null, 'x', 7, [], {}, { requestId: null }, { requestId: { a: 1 } }, { requestId: 'x'.repeat(65) }])('a decision that names no request, %j, is dropped', (given) => {
  expect(toKeptSignal(given)).toBeUndefined();
});

test('whatever else a decision holds, what is kept of it is small and whole text', () => {
  const anything = fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' }), fc.string({ unit: 'binary', minLength: 1 }).map((text) => text.repeat(2_001)));
  fc.assert(fc.property(anything, anything, anything, (verdict, note, by) => {
    const { requestId, ...kept } = toKeptSignal({ requestId: 'r', verdict, note, by, more: note }) ?? {};
    expect(requestId).toBe('r');
    expect(Object.keys(kept).every((name) => ['verdict', 'note', 'by'].includes(name))).toBe(true);
    for (const text of Object.values(kept)) expect(typeof text === 'string' && text.length <= 2_000 && text.isWellFormed() && !text.includes('\u0000')).toBe(true);
  }));
});
