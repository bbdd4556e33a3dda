import type { PolicyIssue } from '@contracts/policies.ts';

/** Offset of a line and column, both from 1; past the end of the line its end, past the last line the end of the text. */
const offsetOf = (text: string, line: number, column: number): number => {
  let start = 0;
  for (let passed = 1; passed < line; passed++) {
    const end = text.indexOf('\n', start);
    if (end === -1) return text.length;
    start = end + 1;
  }
  const end = text.indexOf('\n', start);
  return Math.min(start + column - 1, end === -1 ? text.length : end);
};

/** Where in the text an issue stands; undefined when it is about the whole. What has no length spans one character where there is one. */
export const rangeOf = (text: string, issue: Pick<PolicyIssue, 'line' | 'column' | 'end_line' | 'end_column'>): { from: number; to: number } | undefined => {
  if (issue.line === null) return undefined;
  const from = offsetOf(text, issue.line, issue.column ?? 1);
  const end = issue.end_line === null ? from : offsetOf(text, issue.end_line, issue.end_column ?? Number.MAX_SAFE_INTEGER);
  return { from, to: Math.min(Math.max(end, from + 1), text.length) };
};

/** The smallest replacement that makes `after` of `before`, so that a cursor elsewhere stays; undefined when they are the same. */
export const replacedPart = (before: string, after: string): { from: number; to: number; insert: string } | undefined => {
  if (before === after) return undefined;
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) };
};
