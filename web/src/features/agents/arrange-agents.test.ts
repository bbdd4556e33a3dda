import type { Agent } from '@contracts/agents.ts';
import { expect, test } from 'vitest';
import { modelChoices, sortAgents } from './arrange-agents.ts';

const agent = (name: string, stats: Partial<Agent['stats']> = {}, llm_model = 'm'): Agent =>
  ({ name, llm_model, stats: { runs_7d: 0, success_rate_7d: null, cost_micro_usd_7d: 0, waiting: 0, last_run: null, ...stats } }) as Agent;
const names = (agents: Agent[]): string => agents.map(({ name }) => name).join(' ');

test('without a sort the order of the server stays', () => {
  expect(names(sortAgents([agent('b'), agent('a')], undefined))).toBe('b a');
});

test('names go as people count, whatever their case', () => {
  const agents = [agent('Agent 10'), agent('agent 9'), agent('Beta')];
  expect(names(sortAgents(agents, 'name'))).toBe('agent 9 Agent 10 Beta');
  expect(names(sortAgents(agents, 'name', 'desc'))).toBe('Beta Agent 10 agent 9');
});

test('an unknown figure comes last in both directions and is not taken for 0', () => {
  const agents = [agent('none'), agent('half', { success_rate_7d: 0.5 }), agent('zero', { success_rate_7d: 0 })];
  expect(names(sortAgents(agents, 'success'))).toBe('zero half none');
  expect(names(sortAgents(agents, 'success', 'desc'))).toBe('half zero none');
});

test('equal figures keep the order of names', () => {
  expect(names(sortAgents([agent('b', { runs_7d: 2 }), agent('a', { runs_7d: 2 }), agent('c', { runs_7d: 1 })], 'runs', 'desc'))).toBe('a b c');
});

test('a model is offered once, whether an agent or a provider names it', () => {
  expect(modelChoices([agent('a', {}, 'z-model'), agent('b', {}, 'a-model')], ['a-model', 'k'])).toEqual(['a-model', 'k', 'z-model']);
});
