import { defaultRunLimits, runLimitsSchema } from '@contracts/agents.ts';
import { expect, test } from 'vitest';
import { changedLimits, fromLimitValues, parseTypedNumber, toLimitField, toLimitValues } from './limit-values.ts';

test('limits survive the way into the form and back', () => {
  for (const limits of [
    defaultRunLimits,
    { max_iterations: 3, max_tokens: 100, max_cost_micro_usd: 250_000, max_duration_seconds: 90 },
    { max_iterations: 200, max_tokens: 1_000_000, max_cost_micro_usd: 1, max_duration_seconds: 5400 },
  ]) {
    expect(fromLimitValues(toLimitValues(limits))).toEqual({ limits, issues: [] });
  }
});

test('time is shown in the largest unit that needs no fraction', () => {
  expect(toLimitValues({ ...defaultRunLimits, max_duration_seconds: 7 * 86_400 })).toMatchObject({ max_duration: '7', duration_unit: 'days' });
  expect(toLimitValues({ ...defaultRunLimits, max_duration_seconds: 5400 })).toMatchObject({ max_duration: '90', duration_unit: 'minutes' });
});

test('an empty cost is no limit, and every field out of bounds is named', () => {
  const values = toLimitValues(defaultRunLimits);
  expect(fromLimitValues({ ...values, max_cost: ' ' }).limits.max_cost_micro_usd).toBeNull();
  const { issues } = fromLimitValues({ max_iterations: '0', max_tokens: 'many', max_cost: '-1', max_duration: '31', duration_unit: 'days' });
  expect(issues.map((issue) => issue.path)).toEqual(['limits.max_iterations', 'limits.max_tokens', 'limits.max_cost', 'limits.max_duration']);
  expect(fromLimitValues({ ...values, max_iterations: '2.5' }).issues).toEqual([{ path: 'limits.max_iterations', message: 'Iterations: enter a whole number.' }]);
});

test.each([['0.000001', '10000'], ['0.5', '9999.99']])('costs from %s to %s dollars are limits the api takes', (low, high) => {
  for (const max_cost of [low, high]) {
    const { limits, issues } = fromLimitValues({ ...toLimitValues(defaultRunLimits), max_cost });
    expect(issues).toEqual([]);
    expect(runLimitsSchema.safeParse(limits).success).toBe(true);
  }
});

test.each([['500 000', 500_000], ['500,000', 500_000], ['1,5', 1.5], ['12', 12], ['1,234,567', 1_234_567]])('%s is read as %d', (text, value) => {
  expect(parseTypedNumber(text)).toBe(value);
});

test.each(['', 'ten', '1.2.3'])('%j is no number', (text) => {
  expect(parseTypedNumber(text)).toBeNaN();
});

test('fields the server names land on the field that holds them', () => {
  expect(['limits.max_cost_micro_usd', 'limits.max_duration_seconds', 'limits.max_tokens'].map(toLimitField)).toEqual(['limits.max_cost', 'limits.max_duration', 'limits.max_tokens']);
});

test('only limits that differ from the agent are sent with a run', () => {
  expect(changedLimits({ ...defaultRunLimits, max_iterations: 3 }, defaultRunLimits)).toEqual({ max_iterations: 3 });
  expect(changedLimits(defaultRunLimits, defaultRunLimits)).toEqual({});
});
