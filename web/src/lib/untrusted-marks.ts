/** A piece of untrusted text: ordinary text, or one character that would not be seen and is drawn as a mark. */
export type UntrustedPiece = { kind: 'text'; text: string } | { kind: 'mark'; label: string; name: string };

const names: Record<number, string> = {
  0x00: 'NULL', 0x07: 'BELL', 0x08: 'BACKSPACE', 0x0b: 'VERTICAL TAB', 0x0c: 'FORM FEED', 0x0d: 'CARRIAGE RETURN', 0x1b: 'ESCAPE', 0x7f: 'DELETE',
  0x85: 'NEXT LINE', 0xa0: 'NO-BREAK SPACE', 0xad: 'SOFT HYPHEN', 0x034f: 'COMBINING GRAPHEME JOINER', 0x061c: 'ARABIC LETTER MARK', 0x180e: 'MONGOLIAN VOWEL SEPARATOR',
  0x200b: 'ZERO WIDTH SPACE', 0x200c: 'ZERO WIDTH NON-JOINER', 0x200d: 'ZERO WIDTH JOINER', 0x200e: 'LEFT-TO-RIGHT MARK', 0x200f: 'RIGHT-TO-LEFT MARK',
  0x2028: 'LINE SEPARATOR', 0x2029: 'PARAGRAPH SEPARATOR', 0x202a: 'LEFT-TO-RIGHT EMBEDDING', 0x202b: 'RIGHT-TO-LEFT EMBEDDING',
  0x202c: 'POP DIRECTIONAL FORMATTING', 0x202d: 'LEFT-TO-RIGHT OVERRIDE', 0x202e: 'RIGHT-TO-LEFT OVERRIDE', 0x2060: 'WORD JOINER',
  0x2066: 'LEFT-TO-RIGHT ISOLATE', 0x2067: 'RIGHT-TO-LEFT ISOLATE', 0x2068: 'FIRST STRONG ISOLATE', 0x2069: 'POP DIRECTIONAL ISOLATE',
  0x3164: 'HANGUL FILLER', 0xfeff: 'BYTE ORDER MARK', 0xfffc: 'OBJECT REPLACEMENT', 0xfffd: 'REPLACEMENT CHARACTER',
};

/**
 * Characters that are not seen, reorder what is seen, or look like nothing: all of Cc but tab and line feed, all of Cf (bidi, zero width, tags),
 * line and paragraph separators, fillers, lone surrogates, variation selectors beyond the two that choose text or emoji form, private use.
 */
const hidden =
  // oxlint-disable-next-line no-control-regex no-misleading-character-class -- finding such characters is the purpose
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00a0\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2028\u2029\u3164\ufe00-\ufe0d\uffa0\ufffc\ufffd\u{e0100}-\u{e01ef}]|\p{Cf}|\p{Cs}|\p{Co}/u;

const isEmojiPart = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f/u;

/** A joiner between two emoji is how one emoji is written (a family, a profession), not something hidden. */
const isEmojiJoiner = (characters: string[], index: number): boolean =>
  characters[index] === '\u200d' && isEmojiPart.test(characters[index - 1] ?? '') && isEmojiPart.test(characters[index + 1] ?? '');

/**
 * Splits untrusted text so that nothing in it stays invisible: each control, zero-width, bidi, tag or lone surrogate
 * character becomes a mark (`U+202E`, RIGHT-TO-LEFT OVERRIDE). Tab, line feed and CR LF line ends stay as they are.
 */
export const toUntrustedPieces = (text: string): UntrustedPiece[] => {
  const pieces: UntrustedPiece[] = [];
  const characters = [...text];
  let plain = '';
  const flush = (): void => {
    if (plain !== '') pieces.push({ kind: 'text', text: plain });
    plain = '';
  };
  characters.forEach((character, index) => {
    if (character === '\r' && characters[index + 1] === '\n') return;
    if (!hidden.test(character) || isEmojiJoiner(characters, index)) {
      plain += character;
      return;
    }
    flush();
    const code = character.codePointAt(0) ?? 0;
    pieces.push({ kind: 'mark', label: `U+${code.toString(16).toUpperCase().padStart(4, '0')}`, name: names[code] ?? 'INVISIBLE CHARACTER' });
  });
  flush();
  return pieces;
};

/** How many characters of a text would not be seen. */
export const countHiddenCharacters = (text: string): number =>
  toUntrustedPieces(text).filter((piece) => piece.kind === 'mark').length;
