/** An answer of any length is streamed in no more pieces than these. */
const maxPieces = 2_000;

/** A text in pieces of one word with the space after it; a very long text in larger ones. Joined, they are the text. */
export function toPieces(text: string): string[] {
  const words = text.match(/\S+\s*|\s+/g) ?? [];
  const share = Math.ceil(words.length / maxPieces);
  if (share <= 1) return words;
  return Array.from({ length: Math.ceil(words.length / share) }, (_, index) => words.slice(index * share, (index + 1) * share).join(''));
}
