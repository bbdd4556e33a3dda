import type { PolicyIssue } from '../../../../contracts/policies.ts';

/** What a policy's text names that may or may not exist on this system. */
export type NamedKind = 'Tool' | 'Agent' | 'Tag' | 'DataSource' | 'McpServer' | 'group' | 'user';
export interface Named {
  kind: NamedKind;
  name: string;
  /** Where the name stands; lines and columns from 1. */
  place: Pick<PolicyIssue, 'line' | 'column' | 'end_line' | 'end_column'>;
}

/** The inside of a string and its end, which may be missing: what stands behind an open quote is a string to the end of the text, so that each character is looked at once. */
const restOfString = (group: string): string => String.raw`(?<${group}>(?:[^"\\]|\\.|\\$)*)(?:"|$)`;

/** What may stand between the parts of a name. A comment is taken whole or not at all, so that there is one way to read it. */
const gap = String.raw`(?:[\s\u0085]|//[^\n\r]*(?=[\n\r]|$))*`;

/** Comments and plain strings are tokens of their own, so that what stands in them names nothing. */
const token = new RegExp(
  [String.raw`//[^\n\r]*`, String.raw`\b(?<type>Tool|Agent|Tag|DataSource|McpServer)${gap}::${gap}"${restOfString('entity')}`, String.raw`@(?:approvers|escalate)\s*\(\s*"${restOfString('people')}`, `"${restOfString('plain')}`].join('|'),
  'gs',
);
const approver = /\b(?<kind>group|user):(?<name>[^\s,;"\\]+)/g;

/** Tells the place of a part of a text by where it begins and ends, which must be on one line. */
function createPlacer(text: string): (from: number, to: number) => Named['place'] {
  const lineStarts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return (from, to) => {
    const line = lineStarts.findLastIndex((start) => start <= from);
    const start = lineStarts[line] ?? 0;
    return { line: line + 1, column: from - start + 1, end_line: line + 1, end_column: to - start + 1 };
  };
}

const escaped: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** What a string says that is written so. Escapes of what no name can hold (NUL, halves of characters, no character at all) stay as they are written. */
const toSaid = (written: string): string =>
  written.replaceAll(/\\(?:u\{(?<point>[\dA-Fa-f_]+)\}|x(?<byte>[0-7][\dA-Fa-f])|(?<sign>["'\\nrt]))/g, (whole: string, point?: string, byte?: string, sign?: string) => {
    if (sign !== undefined) return escaped[sign] ?? sign;
    const code = Number.parseInt((point ?? byte ?? '').replaceAll('_', ''), 16);
    const said = code > 0 && code <= 0x10_FF_FF ? String.fromCodePoint(code) : '';
    return said !== '' && said.isWellFormed() ? said : whole;
  });

/** The names in a text, each time they stand there, in their order. Of text that does not parse: what can be told. */
export function findNames(cedar: string): Named[] {
  const placeOf = createPlacer(cedar);
  return [...cedar.matchAll(token)].flatMap(({ 0: whole, index, groups }): Named[] => {
    // The string is the last part of its token.
    const text = groups?.['entity'] ?? groups?.['people'] ?? '';
    const textStart = index + whole.length - text.length - (whole.endsWith(`${text}"`) ? 1 : 0);
    if (groups?.['type'] !== undefined) {
      return [{ kind: groups['type'] as NamedKind, name: toSaid(text), place: placeOf(textStart, textStart + text.length) }];
    }
    if (groups?.['people'] === undefined) return [];
    return [...groups['people'].matchAll(approver)].map(({ 0: whom, index: offset, groups: parts }): Named => ({
      kind: parts?.['kind'] as NamedKind, name: parts?.['name'] ?? '', place: placeOf(textStart + offset, textStart + offset + whom.length),
    }));
  });
}
