import type { PolicyRule } from '@contracts/system.ts';
import { expect, test } from 'vitest';
import { judgeAtRisk } from './tool-policy.ts';

const rule = (id: string, effect: PolicyRule['effect'], risk_levels: PolicyRule['risk_levels']): PolicyRule => ({ id, name: id, description: '', effect, risk_levels, is_built_in: true, matches_7d: 0 });

test('the rule for the risk decides', () => {
  const rules = [rule('run', 'allow', ['LOW', 'MEDIUM']), rule('ask', 'ask', ['HIGH'])];
  expect(judgeAtRisk(rules, 'MEDIUM')).toMatchObject({ effect: 'allow', rule: { id: 'run' } });
  expect(judgeAtRisk(rules, 'HIGH')).toMatchObject({ effect: 'ask', rule: { id: 'ask' } });
});

test('a block wins over asking and asking over allowing, in whatever order they stand', () => {
  const rules = [rule('allow', 'allow', ['HIGH']), rule('ask', 'ask', ['HIGH']), rule('deny', 'deny', ['HIGH'])];
  expect(judgeAtRisk(rules, 'HIGH').rule?.id).toBe('deny');
  expect(judgeAtRisk(rules.slice(0, 2), 'HIGH').rule?.id).toBe('ask');
});

test('where no rule speaks the call is blocked', () => {
  expect(judgeAtRisk([rule('run', 'allow', ['LOW'])], 'CRITICAL')).toEqual({ effect: 'deny', rule: undefined });
});
