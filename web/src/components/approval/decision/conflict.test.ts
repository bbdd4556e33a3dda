import { AppError } from '@contracts/errors.ts';
import { expect, test } from 'vitest';
import { ApiError } from '@/lib/api-error.ts';
import { describeConflict, describeRefusedEdit } from './conflict.ts';

const now = Date.parse('2026-11-24T10:00:12.000Z');
const decided = (status: string, verdict = 'approve'): AppError =>
  new AppError('APPROVAL_ALREADY_DECIDED', 'x', { details: { status, verdict, decided_by: 'Ana', decided_at: '2026-11-24T10:00:00.000Z' } });

test.each([
  ['approved', 'Ana approved it 12 seconds ago.'],
  ['approved_with_edits', 'Ana approved it with edits 12 seconds ago.'],
  ['rejected', 'Ana rejected it 12 seconds ago.'],
  ['expired', 'Time was up 12 seconds ago, before your decision arrived. It counts as rejected.'],
  ['withdrawn', 'The run ended 12 seconds ago, before your decision arrived.'],
])('decided meanwhile as %s: says by whom and when', (status, sentence) => {
  expect(describeConflict(decided(status), now)).toBe(sentence);
});

test('what was done by hand meanwhile is not called approved', () => {
  expect(describeConflict(decided('approved', 'provide_result'), now)).toBe('Ana did it by hand 12 seconds ago.');
});

test('an answer without details still says that somebody was first', () => {
  expect(describeConflict(new AppError('APPROVAL_ALREADY_DECIDED'), now)).toBe('Somebody decided it.');
});

test('changed arguments ask to be read again', () => {
  expect(describeConflict(new AppError('APPROVAL_STALE'), now)).toContain('changed after you opened it');
});

test('other errors are no conflict', () => {
  expect(describeConflict(new AppError('APPROVAL_EDIT_INVALID'), now)).toBeUndefined();
  expect(describeConflict(new Error('boom'), now)).toBeUndefined();
});

test('who changed the arguments and when is said where the server says so', () => {
  expect(describeConflict(new AppError('APPROVAL_STALE', 'x', { details: { changed_by: 'Ana', changed_at: '2026-11-24T10:00:00.000Z', changed_fields: ['to', 'subject'] } }), now)).toBe('Ana changed to, subject 12 seconds ago, after you opened it. Read it again before you decide.');
});

test('a decision that is for others is refused in the server’s words', () => {
  expect(describeConflict(new AppError('APPROVAL_NOT_ELIGIBLE', 'This is for the group finance.'), now)).toBe('This is for the group finance.');
});

test('a refused edit says what the server says of each field beside it, the rest once', () => {
  const refused = (message: string, ...issues: { path: string; message: string }[]) => describeRefusedEdit(new ApiError('APPROVAL_EDIT_INVALID', message, { status: 422, details: { issues } }), ['to', 'subject']);
  expect(refused('The edit is not valid.', { path: 'edited_arguments', message: 'to.0: Invalid address' })).toEqual({ message: 'The edit is not valid.', fields: { to: 'Invalid address' } });
  expect(refused('The edit is not valid.', { path: 'edited_arguments.subject', message: 'Too long' })).toEqual({ message: 'The edit is not valid.', fields: { subject: 'Too long' } });
  expect(refused('The policy refuses it. Risk is CRITICAL.', { path: 'edited_arguments', message: 'Risk is CRITICAL.' })).toEqual({ message: 'The policy refuses it. Risk is CRITICAL.', fields: {} });
  expect(refused('Not valid.', { path: 'edited_arguments', message: 'other: Unknown' })).toEqual({ message: 'Not valid. other: Unknown', fields: {} });
  expect(describeRefusedEdit(new AppError('APPROVAL_STALE'), [])).toBeUndefined();
});
