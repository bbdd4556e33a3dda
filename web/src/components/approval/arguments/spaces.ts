/** A piece of JSON text: ordinary, or spaces inside a string that an eye would pass over. */
export interface SpacePiece {
  text: string;
  isSpaces: boolean;
}

const stringLiteral = /"(?:[^"\\]|\\.)*"/g;
/** At the start or the end of a string, beside a line break, or several in a row. */
const easilyMissed = /(?<=^") +| +(?="$)|(?<=\\[nrt]) +| +(?=\\[nrt])| {2,}/g;

/** Splits JSON text so that spaces that matter and are easily missed can be marked; the indentation of the JSON itself is not. */
export const toSpacePieces = (json: string): SpacePiece[] => {
  const pieces: SpacePiece[] = [];
  let from = 0;
  for (const literal of json.matchAll(stringLiteral)) {
    for (const spaces of literal[0].matchAll(easilyMissed)) {
      const at = literal.index + spaces.index;
      if (at > from) pieces.push({ text: json.slice(from, at), isSpaces: false });
      pieces.push({ text: spaces[0], isSpaces: true });
      from = at + spaces[0].length;
    }
  }
  if (from < json.length) pieces.push({ text: json.slice(from), isSpaces: false });
  return pieces;
};

/** A piece of a text of which every character counts: ordinary, or white space an eye would pass over. */
export interface WhitePiece {
  text: string;
  kind: 'plain' | 'spaces' | 'tab' | 'carriage_return';
}

/** Spaces at the start or end of a line or several in a row, each tab, each carriage return. */
const whiteRun = /^ +| +$| {2,}|\t|\r/gm;

/** Splits a text so that white space that is easily missed can be drawn; nothing is lost. */
export const toWhitePieces = (text: string): WhitePiece[] => {
  const pieces: WhitePiece[] = [];
  let from = 0;
  for (const run of text.matchAll(whiteRun)) {
    if (run.index > from) pieces.push({ text: text.slice(from, run.index), kind: 'plain' });
    const [found] = run;
    pieces.push({ text: found, kind: found === '\t' ? 'tab' : found === '\r' ? 'carriage_return' : 'spaces' });
    from = run.index + found.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), kind: 'plain' });
  return pieces;
};
