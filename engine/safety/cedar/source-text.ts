/** A part of a text by lines and columns, which count from 1. */
export interface SourceRange {
  line: number;
  column: number;
  end_line: number;
  end_column: number;
}

/** The place of what stands nowhere in particular, or was not found. */
export const nowhere = { line: null, column: null, end_line: null, end_column: null };

/** Converts Cedar's offsets, which count bytes of UTF-8, into lines and columns of the text, which count UTF-16 units as editors do. */
export function createRangeFinder(text: string): (startByte: number, endByte: number) => SourceRange {
  const bytes = Buffer.from(text, 'utf8');
  const lineStarts = [0];
  for (let index = 0; index < text.length; index++) if (text[index] === '\n') lineStarts.push(index + 1);
  const placeOf = (byte: number): [number, number] => {
    const offset = bytes.subarray(0, byte).toString('utf8').length;
    const line = lineStarts.findLastIndex((start) => start <= offset);
    return [line + 1, offset - (lineStarts[line] ?? 0) + 1];
  };
  return (startByte, endByte) => {
    const [line, column] = placeOf(startByte);
    const [endLine, endColumn] = placeOf(Math.max(startByte, endByte));
    return { line, column, end_line: endLine, end_column: endColumn };
  };
}

/**
 * Texts and comments of Cedar: what stands in them is no code. A comment ends with its line, a carriage return included; a text that is not
 * closed goes on to the end, so that each character is looked at once.
 */
const textOrComment = /"(?:[^"\\]|\\.|\\$)*(?:"|$)|\/\/[^\n\r]*/gs;

/** Whether the text has comments, which nothing made from its statements would keep. */
export const hasComments = (cedar: string): boolean => [...cedar.matchAll(textOrComment)].some(([part]) => part.startsWith('//'));

/** The text with its comments blanked, so that every other character stands where it stood. */
export const withoutComments = (cedar: string): string => cedar.replaceAll(textOrComment, (part) => (part.startsWith('//') ? ' '.repeat(part.length) : part));

/** The text with its comments and texts blanked: its code alone. */
export const withoutTexts = (cedar: string): string => cedar.replaceAll(textOrComment, (part) => ' '.repeat(part.length));

/** Where the statements stand in the text, in order. `undefined`: not found. */
export function placesOf(cedar: string, statements: readonly string[]): (number | undefined)[] {
  const code = withoutComments(cedar);
  let from = 0;
  return statements.map((statement) => {
    const place = code.indexOf(withoutComments(statement), from);
    if (place < 0) return undefined;
    from = place + statement.length;
    return place;
  });
}

/** Bytes before a place of the text. */
export const toByteOffset = (text: string, index: number): number => Buffer.byteLength(text.slice(0, index), 'utf8');
