/** Longest text shown at once; longer ones are cut with their length said and a button for the rest. */
export const shownCharacters = 2_000;
export const shownLines = 30;

/** The start of a long text, cut at a whole character; undefined when the text is short enough to be shown whole. */
export const shortenText = (text: string, limits: { characters?: number; lines?: number } = {}): string | undefined => {
  const { characters = shownCharacters, lines = shownLines } = limits;
  let end = text.length > characters ? characters : text.length;
  let at = -1;
  for (let line = 0; line < lines; line += 1) {
    at = text.indexOf('\n', at + 1);
    if (at < 0 || at >= end) break;
    if (line === lines - 1) end = at;
  }
  if (end >= text.length) return undefined;
  // A cut between the two halves of a surrogate pair would show a character that is not there.
  const isHalf = /[\ud800-\udbff]/.test(text.charAt(end - 1)) && /[\udc00-\udfff]/.test(text.charAt(end));
  return text.slice(0, isHalf ? end - 1 : end);
};
