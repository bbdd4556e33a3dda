import type { PolicySummary } from '@contracts/policies.ts';
import { expect, test } from 'vitest';
import { arrangePolicies } from './arrange-policies.ts';

const policy = (name: string, changes: Partial<PolicySummary> = {}): PolicySummary => ({
  id: name, name, state: 'live', is_built_in: false, effect: 'allow', scope: 'every call', description: '', live_version: 1, has_draft: false, matches_7d: 0, changed_at: null, changed_by: null, revision: 1, ...changes,
});
const namesOf = (policies: PolicySummary[], search: Parameters<typeof arrangePolicies>[1] = {}): string[] => arrangePolicies(policies, search).map(({ name }) => name);

test('the strictest stands first, and what people wrote before what is built in', () => {
  const all = [policy('allows'), policy('shipped', { effect: 'ask', is_built_in: true }), policy('asks', { effect: 'ask' }), policy('blocks', { effect: 'deny' })];
  expect(namesOf(all)).toEqual(['blocks', 'asks', 'shipped', 'allows']);
});

test('every word must stand in the name, the description or the scope, whatever its case', () => {
  const all = [policy('Mail', { scope: 'send_email', description: 'Ana asked for it.' }), policy('Numbers', { scope: 'run_sql' })];
  expect(namesOf(all, { text: 'MAIL ana' })).toEqual(['Mail']);
  expect(namesOf(all, { text: 'sql' })).toEqual(['Numbers']);
  expect(namesOf(all, { text: 'mail sql' })).toEqual([]);
});

test('effect and state narrow the list together', () => {
  const all = [policy('a', { effect: 'deny', state: 'draft' }), policy('b', { effect: 'deny' }), policy('c')];
  expect(namesOf(all, { effect: 'deny', state: 'live' })).toEqual(['b']);
});

test('sorted both ways; numbers in names count as numbers, and what was never changed came first', () => {
  const all = [policy('Rule 10', { matches_7d: 1, changed_at: '2026-11-02T00:00:00Z' }), policy('Rule 9', { matches_7d: 5 }), policy('Rule 1', { matches_7d: 1, changed_at: '2026-11-01T00:00:00Z' })];
  expect(namesOf(all, { sort: 'name' })).toEqual(['Rule 1', 'Rule 9', 'Rule 10']);
  expect(namesOf(all, { sort: 'matches', direction: 'desc' })).toEqual(['Rule 9', 'Rule 10', 'Rule 1']);
  expect(namesOf(all, { sort: 'changed' })).toEqual(['Rule 9', 'Rule 1', 'Rule 10']);
});
