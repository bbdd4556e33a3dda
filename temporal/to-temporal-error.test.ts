import { ServiceError } from '@temporalio/client';
import { expect, test } from 'vitest';
import { toTemporalError } from './to-temporal-error.ts';

const answered = (code: number, details: string): Error => Object.assign(new Error(`${code} ${details}`), { code, details, metadata: {} });
const wrapped = (cause: Error): Error => new ServiceError('Failed to signal Workflow', { cause });

test.each([
  ['nobody answers', answered(14, 'No connection established')], ['no answer in time', answered(4, 'Deadline exceeded')], ['nobody has time', answered(8, 'Workflow is busy.')],
  ['no connection comes about', new ServiceError('Failed to connect to Temporal server', { cause: new Error('Failed to connect before the deadline') })], ['the connection breaks', new Error('transport error')],
])('%s: Temporal is unavailable', (_what, error) => {
  for (const thrown of [error, wrapped(error)]) expect(toTemporalError(thrown, 'run 1')).toMatchObject({ code: 'TEMPORAL_UNAVAILABLE', retryable: true, message: 'run 1', cause: thrown });
});

test.each([
  ['too many signals', answered(3, 'exceeded workflow execution limit for signal events')], ['a state it does not fit', answered(9, 'no')], ['something it does not know', answered(5, 'no')],
  ['somebody it does not let', answered(7, 'no')], ['a request it does not understand', answered(12, 'no')],
])('%s: Temporal refused', (_what, error) => {
  for (const thrown of [error, wrapped(error)]) expect(toTemporalError(thrown, 'run 1')).toMatchObject({ code: 'TEMPORAL_REFUSED', retryable: false, message: 'run 1', cause: thrown });
});

test('a bug stays a bug', () => {
  const bug = new TypeError('x is not a function');
  expect(toTemporalError(bug, 'run 1')).toBe(bug);
});
