import { rejectBodySchema } from '@contracts/approvals.ts';
import { expect, test } from 'vitest';
import { composeReason, problemOfReason, rejectPresets } from './reject-reason.ts';

test('a preset, own words, or both make the reason', () => {
  expect(composeReason('Wrong target', '')).toBe('Wrong target');
  expect(composeReason('', ' not them ')).toBe('not them');
  expect(composeReason('Wrong target', 'not them')).toBe('Wrong target: not them');
  expect(composeReason('', ' ')).toBe('');
});

test('what the form lets through, the contract takes; what it stops, the contract refuses', () => {
  for (const reason of ['', ...rejectPresets, 'x'.repeat(2_000), 'x'.repeat(2_001)]) {
    expect(problemOfReason(reason) === undefined).toBe(rejectBodySchema.safeParse({ reason }).success);
  }
});
