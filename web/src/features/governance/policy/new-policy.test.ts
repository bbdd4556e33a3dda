import { expect, test } from 'vitest';
import { newPolicyForm, overridingForm, overridingName } from './new-policy.ts';

test('a policy that overrides another one is about the same calls and stricter', () => {
  expect(overridingForm({ id: 'built-in.high-asks', form: null, effect: 'ask' })).toMatchObject({ effect: 'deny', risk_levels: ['HIGH'] });
  expect(overridingForm({ id: 'built-in.low-and-medium-run', form: null, effect: 'allow' })).toMatchObject({ effect: 'ask', risk_levels: ['LOW', 'MEDIUM'] });
  expect(overridingForm({ id: 'x', form: { ...newPolicyForm, effect: 'allow', tools: ['run_sql'], reason: 'old' }, effect: 'allow' })).toMatchObject({ effect: 'ask', tools: ['run_sql'], reason: '' });
  expect(overridingName({ name: 'a'.repeat(120) })).toHaveLength(120);
});
