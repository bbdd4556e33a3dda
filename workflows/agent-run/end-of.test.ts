import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/common';
import { expect, test } from 'vitest';
import { endOf } from './end-of.ts';

const inActivity = (cause: Error): ActivityFailure => new ActivityFailure('Activity task failed', 'takeDecision', '1', 'NON_RETRYABLE_FAILURE', 'worker', cause);
const application = ApplicationFailure.nonRetryable('There is no such approval request.', 'APPROVAL_NOT_FOUND');
const timeout = new TimeoutFailure('activity timed out', undefined, 'SCHEDULE_TO_CLOSE');

test.each([
  ['an activity', inActivity(application), { code: 'APPROVAL_NOT_FOUND', message: 'There is no such approval request.' }],
  ['a local activity', application, { code: 'APPROVAL_NOT_FOUND', message: 'There is no such approval request.' }],
  ['an activity that took too long', inActivity(timeout), { code: 'INTERNAL', message: 'takeDecision did not end: activity timed out' }],
  ['a local activity that took too long', timeout, { code: 'INTERNAL', message: 'An activity did not end: activity timed out' }],
])('the failure of %s ends the run', (_what, error, end) => {
  expect(endOf(undefined, undefined, error)).toEqual({ phase: 'failed', end });
});

test('a bug of the workflow is thrown on, so that Temporal holds the run until it is mended', () => {
  expect(() => endOf(undefined, undefined, new TypeError('x is not a function'))).toThrow('x is not a function');
});

test('half a character in a message is made whole, since Temporal takes no other text', () => {
  expect(endOf('MODEL_MISTAKES', 'no \uD83D').end.message).toBe('no \uFFFD');
});
