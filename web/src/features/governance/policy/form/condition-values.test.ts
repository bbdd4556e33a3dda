import type { PolicyFact } from '@contracts/policy-words.ts';
import { expect, test } from 'vitest';
import { factWords, groupFacts, kindOfFact, toNumberValue, withFact, withOperator } from './condition-values.ts';

const fact = (name: string, type: PolicyFact['type'], operators: PolicyFact['operators'], tools: string[] = []): PolicyFact => ({ name, attribute: `context.${name}`, type, operators, tools, is_always_known: tools.length === 0, description: '' });
const facts = [
  fact('host', 'text', ['is', 'is_not', 'matches', 'is_known'], ['http_request']),
  fact('hour', 'number', ['is', 'at_least', 'at_most']),
  fact('has_html', 'boolean', ['is', 'is_known'], ['send_email']),
  fact('agent.tags', 'text_set', ['contains', 'contains_any']),
];

test('another fact keeps the comparison it takes and drops the value, which was of another kind', () => {
  expect(withFact(facts, { fact: 'hour', operator: 'is', value: 9 }, 'host')).toEqual({ fact: 'host', operator: 'is' });
  expect(withFact(facts, { fact: 'hour', operator: 'at_least', value: 9 }, 'agent.tags')).toEqual({ fact: 'agent.tags', operator: 'contains' });
  expect(withFact(facts, { fact: '', operator: 'is' }, 'has_html')).toEqual({ fact: 'has_html', operator: 'is', value: true });
});

test('another comparison keeps the value in the form it takes', () => {
  const contains = { fact: 'agent.tags', operator: 'contains', value: 'finance' } as const;
  const any = withOperator(facts, contains, 'contains_any');
  expect(any).toEqual({ ...contains, operator: 'contains_any', value: ['finance'] });
  expect(withOperator(facts, any, 'contains')).toEqual(contains);
  expect(withOperator(facts, { fact: 'host', operator: 'is', value: 'a' }, 'is_known')).toEqual({ fact: 'host', operator: 'is_known' });
});

test('arguments of tools are facts by their name', () => {
  expect(kindOfFact(facts, { fact: 'numbers.amount', operator: 'is' })).toMatchObject({ type: 'number' });
  expect(kindOfFact(facts, { fact: 'arguments.subject', operator: 'is' }).operators).toContain('matches');
});

test('a fact nobody knows any more is shown as its condition says', () => {
  expect(kindOfFact(facts, { fact: 'gone', operator: 'at_most', value: 3 })).toEqual({ type: 'number', operators: ['at_most'] });
});

test('whole numbers become numbers; anything else stays as typed for the server to refuse', () => {
  expect(['12', ' -3 ', '', '1.5', 'x'].map(toNumberValue)).toEqual([12, -3, undefined, '1.5', 'x']);
});

test('facts stand in groups: any call, the agent, then each tool', () => {
  expect(groupFacts(facts).map(({ label }) => label)).toEqual(['http_request', 'Any call', 'send_email', 'The agent']);
  expect(factWords('agent.tags')).toBe('Agent tags');
});
