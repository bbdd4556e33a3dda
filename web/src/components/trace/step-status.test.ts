import { expect, test } from 'vitest';
import { isInLine } from './step-status.tsx';

test('a call that waits for its turn is told from one a person is asked about, and from steps of another kind', () => {
  expect(isInLine({ kind: 'tool', status: 'waiting', error: null })).toBe(true);
  expect(isInLine({ kind: 'tool', status: 'waiting', error: { code: 'TOOL_FAILED', message: 'It is not known whether this happened' } })).toBe(false);
  expect(isInLine({ kind: 'approval', status: 'waiting', error: null })).toBe(false);
  expect(isInLine({ kind: 'tool', status: 'running', error: null })).toBe(false);
});
