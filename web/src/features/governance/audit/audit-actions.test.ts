import { expect, test } from 'vitest';
import { actionWords, knownActions, pathOfObject } from './audit-actions.ts';

test('actions read as words', () => {
  expect(actionWords('approval.confirm_happened')).toBe('Approval: confirm happened');
  expect(actionWords('sign_in')).toBe('Sign in');
});

test('every known action reads differently', () => {
  expect(new Set(knownActions.map(actionWords)).size).toBe(knownActions.length);
});

test('an object leads to its page; an id cannot lead elsewhere', () => {
  expect(pathOfObject({ object_type: 'run', object_id: 'a/../b' })).toBe('/maestro/runs/a%2F..%2Fb');
  expect(pathOfObject({ object_type: 'user', object_id: '1' })).toBeUndefined();
});
