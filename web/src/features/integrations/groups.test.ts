import { type Integration, integrationSchema } from '@contracts/system.ts';
import { expect, test } from 'vitest';
import { groupIntegrations, groups } from './groups.ts';

const one = (id: string, kind: Integration['kind'], state: Integration['state']): Integration =>
  ({ id, kind, name: id, state, detail: '', missing_settings: [], latency_ms: null, used_by_agents: 0, checked_at: null });

test('every kind of the contract has its group', () => {
  expect(groups.map(({ kind }) => kind).toSorted()).toEqual([...integrationSchema.shape.kind.options].toSorted());
});

test('the failing come first within their group, empty groups are left out', () => {
  const grouped = groupIntegrations([one('a', 'tool', 'healthy'), one('b', 'tool', 'failing'), one('c', 'tool', 'not_configured'), one('d', 'email', 'built_in')]);
  expect(grouped.map(({ kind, items }) => [kind, items.map(({ id }) => id)])).toEqual([['tool', ['b', 'c', 'a']], ['email', ['d']]]);
});

test('one kind alone can be asked for', () => {
  expect(groupIntegrations([one('a', 'tool', 'healthy'), one('d', 'email', 'built_in')], 'email').map(({ kind }) => kind)).toEqual(['email']);
});
