import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createWordSearch } from './word-search.ts';

const search = (words: string[], text: string, from = 0) => createWordSearch(words, 4).next(text, from);

it.each<[string, string[], string, number, { at: number; word: string } | undefined]>([
  ['nothing in a text without one', ['abcd', 'efgh'], 'abc defg', 0, undefined],
  ['the first place', ['efgh', 'abcd'], 'x abcd efgh', 0, { at: 2, word: 'abcd' }],
  ['the longest word there', ['abcd', 'abcdefgh', 'abcdef'], 'xabcdefg', 0, { at: 1, word: 'abcdef' }],
  ['a word at the very end', ['abcd'], 'xxxabcd', 0, { at: 3, word: 'abcd' }],
  ['what overlaps, when asked from behind the start of the one before', ['abcd', 'bcde'], 'abcde', 1, { at: 1, word: 'bcde' }],
  ['nothing in a text shorter than any word', ['abcd'], 'abc', 0, undefined],
  ['nothing without words', [], 'abcdefgh', 0, undefined],
])('finds %s', (_what, words, text, from, expected) => {
  expect(search(words, text, from)).toEqual(expected);
});

it('refuses a word shorter than it was promised', () => {
  expect(() => createWordSearch(['abc'], 4)).toThrow(RangeError);
});

it('finds whatever a search word by word finds', () => {
  // Few letters, so that words overlap, share their starts and hold each other.
  const text = fc.array(fc.constantFrom('a', 'b', 'é', '😀'), { maxLength: 60 }).map((letters) => letters.join(''));
  fc.assert(
    fc.property(fc.array(text.filter((word) => word.length >= 4), { maxLength: 30 }), text, fc.nat(20), (words, hay, from) => {
      let expected: { at: number; word: string } | undefined;
      for (let at = from; at < hay.length && expected === undefined; at++) {
        const word = words.filter((candidate) => hay.startsWith(candidate, at)).toSorted((a, b) => b.length - a.length)[0];
        if (word !== undefined) expected = { at, word };
      }
      expect(search(words, hay, from)).toEqual(expected);
    }),
    { numRuns: 2_000 },
  );
});
