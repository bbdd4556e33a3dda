import { expect, test } from 'vitest';
import { actionWords, groupActions, knownActions, pathOfObject } from './audit-actions.ts';

test('actions read as words', () => {
  expect(actionWords('approval.confirm_happened')).toBe('Approval: confirm happened');
  expect(actionWords('sign_in')).toBe('Sign in');
});

test('all of a kind can be asked for, by its words', () => {
  expect(actionWords('mcp_server.*')).toBe('MCP server: anything');
  const groups = groupActions(['policy.publish', 'policy.*', 'teapot.boil']);
  expect(groups.find(({ kind }) => kind === 'teapot')).toEqual({ kind: 'teapot', actions: ['teapot.boil'] });
  expect(groups.find(({ kind }) => kind === 'policy')?.actions.filter((action) => action === 'policy.publish' || action === 'policy.*')).toEqual(['policy.publish']);
});

test('every known action reads differently', () => {
  expect(new Set(knownActions.map(actionWords)).size).toBe(knownActions.length);
});

test('an object leads to its page; an id cannot lead elsewhere', () => {
  expect(pathOfObject({ object_type: 'run', object_id: 'a/../b' })).toBe('/maestro/runs/a%2F..%2Fb');
  expect(pathOfObject({ object_type: 'user', object_id: '1' })).toBeUndefined();
});
