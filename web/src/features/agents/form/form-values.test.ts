import { type Agent, agentDefinitionSchema } from '@contracts/agents.ts';
import { expect, test } from 'vitest';
import { type AgentFormValues, emptyFormValues, toAgentBody, toFormField, toFormValues, toUpdateBody } from './form-values.ts';

const proxy = '0197f000-0000-7000-8000-0000000000aa';
const definition = agentDefinitionSchema.parse({
  fallbacks: [{ llm_provider: 'openai', llm_connection: proxy, llm_model: 'gpt-x' }], parameters: { stop_sequences: ['\n\n'], thinking_budget_tokens: 2048 },
  cache_policy: { mode: 'on', ttl_seconds: 5400 }, output_schema: { type: 'object', properties: { n: { type: 'integer' } } }, max_output_tokens: 8192,
  purpose: 'Reads mail.', llm_provider: 'anthropic', llm_model: 'claude-x', tools: ['run_sql', 'send_email'], temperature: 0, limits: { max_cost_micro_usd: 500_000 },
});
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
  expect(issues.map((issue) => issue.path)).toEqual(['max_output_tokens', 'temperature', 'limits.max_tokens']);
  for (const issue of issues) expect(issue.message).not.toMatch(/NaN|expected|zod/i);
});

test('a field the api names is found in the form, also inside lists; one the form lacks is not', () => {
  expect(toFormField('tools.1')).toBe('tools');
  expect(toFormField('limits.max_cost_micro_usd')).toBe('limits.max_cost');
  expect(toFormField('name')).toBe('name');
  expect(toFormField('fallbacks.1.llm_model')).toBe('fallbacks.1');
  expect(toFormField('fallbacks')).toBe('fallbacks');
  expect(toFormField('llm_connection')).toBe('llm_connection');
  expect(toFormField('parameters.stop_sequences.0')).toBe('parameters.stop_sequences');
  expect(toFormField('output_schema.properties.n')).toBe('output_schema');
  expect(toFormField('cache_policy.ttl_seconds')).toBe('cache_policy.ttl');
  expect(toFormField('parameters.warmth')).toBeUndefined();
  expect(toFormField('quota')).toBeUndefined();
  expect(toFormField('')).toBeUndefined();
});

test('a connection of an admin is sent with its id, and the provider’s own without one', () => {
  expect(toAgentBody(filled({ llm_connection: proxy })).body).toMatchObject({ llm_provider: 'openai', llm_connection: proxy });
  expect(toAgentBody(filled()).body).toMatchObject({ llm_connection: null });
});

test('a schema that is no JSON says where, one that is no object says so, and an empty one is free text', () => {
  expect(toAgentBody(filled({ output_schema: '{\n  "type": object\n}' })).issues).toEqual([{ path: 'output_schema', message: 'Line 2, column 11: expected a value.' }]);
  expect(toAgentBody(filled({ output_schema: '[]' })).issues[0]?.message).toMatch(/expected an object, such as {"type": "object"}/);
  expect(toAgentBody(filled({ output_schema: ' ' })).body.output_schema).toBeNull();
});

test('a fallback without a model is pointed at by its place, after the model and before the parameters', () => {
  const { issues } = toAgentBody(filled({ llm_model: '', fallbacks: [{ llm_provider: 'openai', llm_connection: null, llm_model: 'a' }, { llm_provider: 'openai', llm_connection: null, llm_model: '' }], temperature: '9' }));
  expect(issues.map(({ path }) => path)).toEqual(['llm_model', 'fallbacks.1', 'temperature']);
  expect(issues[1]?.message).toBe('Choose a model.');
});

test('parameters out of bounds are said in words, on their fields', () => {
  const { issues } = toAgentBody(filled({ parameters: { ...emptyFormValues().parameters, top_p: '0', seed: '1.5', thinking_budget_tokens: '12', stop_sequences: 'a\nb\nc\nd\ne' } }));
  expect(issues.map(({ path }) => path)).toEqual(['parameters.top_p', 'parameters.seed', 'parameters.thinking_budget_tokens', 'parameters.stop_sequences']);
  for (const { message } of issues) expect(message).not.toMatch(/NaN|expected|invalid|too (big|small)/i);
});

test('how long answers are kept matters while the cache is on, and stops nobody while it is off', () => {
  const cache = { mode: 'on' as const, ttl: '90', unit: 'minutes' as const };
  expect(toAgentBody(filled({ cache_policy: cache })).body.cache_policy).toEqual({ mode: 'on', ttl_seconds: 5400 });
  expect(toAgentBody(filled({ cache_policy: { ...cache, ttl: '40', unit: 'days' } })).issues).toEqual([{ path: 'cache_policy.ttl', message: 'Answers are kept: from 1 minute to 30 days.' }]);
  expect(toAgentBody(filled({ cache_policy: { ...cache, mode: 'off', ttl: 'soon' } })).body.cache_policy).toEqual({ mode: 'off', ttl_seconds: 86_400 });
});
