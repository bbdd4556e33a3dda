const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;
const splitsPair = (text: string, at: number): boolean => at > 0 && at < text.length && isHigh(text.charCodeAt(at - 1)) && isLow(text.charCodeAt(at));

/** An offset that does not lie within a character of two units: the one before. */
export const toBoundary = (text: string, at: number): number => (splitsPair(text, at) ? at - 1 : at);

/** Characters as JSON writes them, without the quotes. */
export const jsonLength = (text: string): number => JSON.stringify(text).length - 2;

/**
 * The piece of a text from `offset` on: at most `length` characters, and at most `budget` as JSON writes them; whole characters, at
 * least one where there is any.
 */
export function cutText(text: string, { offset, length, budget }: { offset: number; length: number; budget: number }): { text: string; offset: number; end: number } {
  const from = toBoundary(text, Math.min(offset, text.length));
  const smallest = splitsPair(text, from + 1) ? 2 : 1;
  let count = Math.max(smallest, Math.min(length, text.length - from));
  for (;;) {
    const end = Math.max(from + smallest, toBoundary(text, from + count));
    const piece = text.slice(from, end);
    const size = jsonLength(piece);
    if (size <= budget || end - from <= smallest) return { text: piece, offset: from, end: Math.min(end, text.length) };
    // Nearly right the first time, and smaller each time.
    count = Math.max(smallest, Math.min(count - 1, Math.floor((count * budget) / size)));
  }
}
