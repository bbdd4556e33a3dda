import type { PolicyIssue } from '../../../contracts/policies.ts';

/** What a policy's text names that may or may not exist on this system. */
export type NamedKind = 'Tool' | 'Agent' | 'Tag' | 'DataSource' | 'McpServer' | 'group' | 'user';
export interface Named {
  kind: NamedKind;
  name: string;
  /** Where the name stands; lines and columns from 1. */
  place: Pick<PolicyIssue, 'line' | 'column' | 'end_line' | 'end_column'>;
}

/** Comments and plain strings are tokens of their own, so that what stands in them names nothing. */
const token = /\/\/[^\n]*|\b(?<type>Tool|Agent|Tag|DataSource|McpServer)\s*::\s*"(?<entity>(?:[^"\\]|\\.)*)"|@(?:approvers|escalate)\s*\(\s*"(?<people>(?:[^"\\]|\\.)*)"|"(?:[^"\\]|\\.)*"/gs;
const approver = /\b(?<kind>group|user):(?<name>[^\s,;"\\]+)/g;

/** Tells the place of a part of a text by where it begins and ends, which must be on one line. */
export function createPlacer(text: string): (from: number, to: number) => Named['place'] {
  const lineStarts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return (from, to) => {
    const line = lineStarts.findLastIndex((start) => start <= from);
    const start = lineStarts[line] ?? 0;
    return { line: line + 1, column: from - start + 1, end_line: line + 1, end_column: to - start + 1 };
  };
}

/** The names in a text, each time they stand there, in their order. Of text that does not parse: what can be told. */
export function findNames(cedar: string): Named[] {
  const placeOf = createPlacer(cedar);
  return [...cedar.matchAll(token)].flatMap(({ 0: whole, index, groups }): Named[] => {
    // The string is the last part of its token; an annotation's closing bracket is not part of it.
    const textStart = index + whole.lastIndexOf('"', whole.length - 2) + 1;
    if (groups?.['type'] !== undefined && groups['entity'] !== undefined) {
      const name = groups['entity'];
      return [{ kind: groups['type'] as NamedKind, name, place: placeOf(textStart, textStart + name.length) }];
    }
    if (groups?.['people'] === undefined) return [];
    return [...groups['people'].matchAll(approver)].map(({ 0: text, index: offset, groups: parts }): Named => ({
      kind: parts?.['kind'] as NamedKind, name: parts?.['name'] ?? '', place: placeOf(textStart + offset, textStart + offset + text.length),
    }));
  });
}
