import type { Statement } from './compile-policy.ts';
import { createRangeFinder, nowhere, placesOf, type SourceRange, toByteOffset } from './source-text.ts';

/** Tells where annotations of a policy's statements stand, with what they say. */
export function createAnnotationFinder(cedar: string, statements: readonly Statement[]): (statement: Statement, annotation: string) => SourceRange | typeof nowhere {
  const rangeOf = createRangeFinder(cedar);
  const places = placesOf(cedar, statements.map(({ text }) => text));
  return (statement, annotation) => {
    const place = places[statements.indexOf(statement)];
    const written = new RegExp(`@\\s*${annotation}\\b(\\s*\\(\\s*"(?:[^"\\\\]|\\\\.)*"\\s*\\))?`, 's').exec(statement.text);
    if (written === null || place === undefined) return nowhere;
    const start = place + written.index;
    return rangeOf(toByteOffset(cedar, start), toByteOffset(cedar, start + written[0].length));
  };
}
