import { runPhases } from '@contracts/runs.ts';
import { expect, test } from 'vitest';
import { isPhaseList, toPhases, togglePhase } from './phases.ts';

test('an address holds phases comma separated; anything else is not understood', () => {
  expect(isPhaseList('failed,timed_out')).toBe(true);
  expect(isPhaseList('failed,broken')).toBe(false);
  expect(isPhaseList('')).toBe(false);
  expect(toPhases('timed_out,failed,failed')).toEqual(['failed', 'timed_out']);
  expect(toPhases(undefined)).toEqual([]);
});

test('choosing adds and removes; none and all are the same as no filter', () => {
  expect(togglePhase(undefined, 'running')).toBe('running');
  expect(togglePhase('failed', 'running')).toBe('running,failed');
  expect(togglePhase('running', 'running')).toBeUndefined();
  expect(togglePhase(runPhases.slice(1).join(','), 'queued')).toBeUndefined();
});
