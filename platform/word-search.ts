/** Finds the longest of many words at each place of a text. */
export interface WordSearch {
  /** The first place at `from` or behind it where a word stands, and the longest one there. */
  next(text: string, from: number): { at: number; word: string } | undefined;
}

const blockSize = 3;
const tableBits = 17;
const hashOf = (a: number, b: number, c: number): number => ((a * 0x9e_5f) ^ (b * 0x3b_d1) ^ (c * 0x05_3b)) & ((1 << tableBits) - 1);

/**
 * Searches for all words at once by the method of Wu and Manber: the last three characters of a window as long as the shortest word say
 * how far it may move on, so that most of a text is never looked at. A regular expression of alternatives would do for a few dozen words;
 * a hundred long ones take seconds to compile, and thousands end the process.
 *
 * @param minLength characters of the shortest word, at least 3 and at most 200.
 * @see http://webglimpse.net/pubs/TR94-17.pdf
 */
export function createWordSearch(words: Iterable<string>, minLength: number): WordSearch {
  const furthest = minLength - blockSize + 1;
  const moves = new Uint8Array(1 << tableBits).fill(furthest);
  const byStart = new Map<string, string[]>();
  for (const word of words) {
    const start = word.slice(0, minLength);
    if (start.length < minLength) throw new RangeError(`A word has fewer than ${minLength} characters.`);
    byStart.set(start, [...(byStart.get(start) ?? []), word]);
    for (let end = blockSize - 1; end < minLength; end++) {
      const block = hashOf(start.charCodeAt(end - 2), start.charCodeAt(end - 1), start.charCodeAt(end));
      moves[block] = Math.min(moves[block] as number, minLength - 1 - end);
    }
  }
  for (const group of byStart.values()) group.sort((a, b) => b.length - a.length);
  return {
    next(text, from) {
      for (let end = from + minLength - 1; end < text.length; ) {
        const move = moves[hashOf(text.charCodeAt(end - 2), text.charCodeAt(end - 1), text.charCodeAt(end))] as number;
        if (move > 0) {
          end += move;
          continue;
        }
        const at = end - minLength + 1;
        const word = byStart.get(text.slice(at, end + 1))?.find((candidate) => text.startsWith(candidate, at));
        if (word !== undefined) return { at, word };
        end += 1;
      }
      return undefined;
    },
  };
}
