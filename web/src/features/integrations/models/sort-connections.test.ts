import type { Connection } from '@contracts/connections.ts';
import { expect, test } from 'vitest';
import { sortConnections } from './sort-connections.ts';

const one = (name: string, state: Connection['state'], api: Connection['api'] = 'openai') => ({ name, state, api }) as Connection;

test('the failing comes first and what stands in for a model last', () => {
  const sorted = sortConnections([one('scripted', 'healthy', 'scripted'), one('openai', 'not_configured'), one('b', 'healthy'), one('a', 'healthy'), one('off', 'off'), one('new', 'untested'), one('down', 'failing')]);
  expect(sorted.map(({ name }) => name)).toEqual(['down', 'new', 'a', 'b', 'off', 'openai', 'scripted']);
});
