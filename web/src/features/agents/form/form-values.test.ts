import { type Agent, agentDefinitionSchema } from '@contracts/agents.ts';
import { expect, test } from 'vitest';
import { type AgentFormValues, emptyFormValues, toAgentBody, toFormField, toFormValues, toUpdateBody } from './form-values.ts';

const definition = agentDefinitionSchema.parse({ purpose: 'Reads mail.', llm_provider: 'anthropic', llm_model: 'claude-x', tools: ['run_sql', 'send_email'], temperature: 0, limits: { max_cost_micro_usd: 500_000 } });
const agent = {
  id: '0197f000-0000-7000-8000-000000000001', status: 'ready', name: 'Reader', version: 3, ...definition, is_demo: false, created_by: null,
  created_at: '2026-11-24T10:00:00.000Z', updated_at: '2026-11-24T10:00:00.000Z',
  stats: { runs_7d: 0, success_rate_7d: null, cost_micro_usd_7d: 0, waiting: 0, last_run: null },
} satisfies Agent;

const filled = (changes: Partial<AgentFormValues> = {}): AgentFormValues => ({ ...emptyFormValues(), name: 'A', purpose: 'B', llm_model: 'm', ...changes });

test('an agent opened for editing and sent back changes nothing', () => {
  const { body, issues } = toAgentBody(toFormValues(agent));
  expect(issues).toEqual([]);
  expect(toUpdateBody(body, agent)).toBeUndefined();
});

test('only changed fields are sent, with the version they were made against', () => {
  const { body } = toAgentBody({ ...toFormValues(agent), purpose: 'Reads all mail.', temperature: '' });
  expect(toUpdateBody(body, agent)).toEqual({ purpose: 'Reads all mail.', temperature: null, version: 3 });
});

test('empty fields are named in the words of the contract and the order of the page', () => {
  expect(toAgentBody(emptyFormValues()).issues).toEqual([
    { path: 'name', message: 'Give the agent a name.' },
    { path: 'purpose', message: 'Say what the agent is for.' },
    { path: 'llm_model', message: 'Choose a model.' },
  ]);
});

test('numbers that are none, or out of bounds, stay on their fields', () => {
  const { issues } = toAgentBody(filled({ temperature: 'warm', max_output_tokens: '3', limits: { ...emptyFormValues().limits, max_tokens: '1' } }));
  expect(issues.map((issue) => issue.path)).toEqual(['temperature', 'max_output_tokens', 'limits.max_tokens']);
  for (const issue of issues) expect(issue.message).not.toMatch(/NaN|expected|zod/i);
});

test('a field the api names is found in the form, also inside lists; one the form lacks is not', () => {
  expect(toFormField('tools.1')).toBe('tools');
  expect(toFormField('limits.max_cost_micro_usd')).toBe('limits.max_cost');
  expect(toFormField('name')).toBe('name');
  expect(toFormField('quota')).toBeUndefined();
  expect(toFormField('')).toBeUndefined();
});
