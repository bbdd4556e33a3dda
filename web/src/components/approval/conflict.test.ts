import { AppError } from '@contracts/errors.ts';
import { expect, test } from 'vitest';
import { ApiError } from '@/lib/api-error.ts';
import { describeConflict, describeRefusedEdit } from './conflict.ts';

const now = Date.parse('2026-11-24T10:00:12.000Z');
const decided = (status: string, decidedBy = 'Ana'): AppError =>
  new AppError('APPROVAL_ALREADY_DECIDED', 'x', { details: { status, decided_by: decidedBy, decided_at: '2026-11-24T10:00:00.000Z' } });

test.each([
  ['approved', 'Ana approved it 12 seconds ago.'],
  ['approved_with_edits', 'Ana approved it with edits 12 seconds ago.'],
  ['rejected', 'Ana rejected it 12 seconds ago.'],
  ['expired', 'Time was up 12 seconds ago, before your decision arrived. It counts as rejected.'],
  ['withdrawn', 'The run ended 12 seconds ago, before your decision arrived.'],
])('decided meanwhile as %s: says by whom and when', (status, sentence) => {
  expect(describeConflict(decided(status), now)).toBe(sentence);
});

test('an answer without details still says that somebody was first', () => {
  expect(describeConflict(new AppError('APPROVAL_ALREADY_DECIDED'), now)).toBe('Somebody decided it.');
});

test('changed arguments ask to be read again', () => {
  expect(describeConflict(new AppError('APPROVAL_STALE'), now)).toContain('changed after you opened it');
});

test('other errors are no conflict', () => {
  expect(describeConflict(new AppError('APPROVAL_SELF_FORBIDDEN'), now)).toBeUndefined();
  expect(describeConflict(new Error('boom'), now)).toBeUndefined();
});

test('a refused edit says what the server says about its fields, each thing once', () => {
  const refused = (message: string, reason: string) =>
    describeRefusedEdit(new ApiError('APPROVAL_EDIT_INVALID', message, { status: 422, details: { issues: [{ path: 'edited_arguments', message: reason }] } }));
  expect(refused('The edit is not valid.', 'to.0: Invalid address')).toBe('The edit is not valid. to.0: Invalid address');
  expect(refused('The policy refuses it. Risk is CRITICAL.', 'Risk is CRITICAL.')).toBe('The policy refuses it. Risk is CRITICAL.');
  expect(describeRefusedEdit(new AppError('APPROVAL_STALE'))).toBeUndefined();
});
