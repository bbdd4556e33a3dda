import type { ModelProvider, ModelTarget } from '@contracts/agents.ts';
import { expect, test } from 'vitest';
import { connectionIdOf, connectionName, findConnection, forecastModel, preferredConnection } from './model-target.ts';

const entry = (changes: Partial<ModelProvider>): ModelProvider =>
  ({ connection: null, provider: 'openai', label: 'OpenAI', parameters: [], takes_output_schema: true, is_configured: false, is_scripted: false, configuration_hint: null, models: [], ...changes });
const proxy = '0197f000-0000-7000-8000-000000000001';
const items = [
  entry({}), entry({ provider: 'scripted', label: 'Scripted model', is_scripted: true, is_configured: true }),
  entry({ connection: proxy, label: 'Company proxy', is_configured: true }),
];
const target = (llm_connection: string | null, llm_provider: ModelTarget['llm_provider'] = 'openai'): ModelTarget => ({ llm_provider, llm_connection, llm_model: 'm' });

test('two connections of one provider are told apart, and an older agent that names none means the provider’s own', () => {
  expect(findConnection(items, target(proxy))?.label).toBe('Company proxy');
  expect(findConnection(items, target(null))?.label).toBe('OpenAI');
  expect(findConnection(items, { llm_provider: 'openai' })?.label).toBe('OpenAI');
  expect(items.map(connectionIdOf)).toEqual(['openai', 'scripted', proxy]);
});

test('a connection that is gone is said to be, and one that is not read yet is not', () => {
  const gone = target('0197f000-0000-7000-8000-00000000dead');
  expect(connectionName(items, gone)).toBe('a connection that is gone');
  expect(connectionName(undefined, gone)).toBe('openai connection');
});

test('a new agent begins with a real connection that works, whatever its provider', () => {
  expect(preferredConnection(items)).toEqual({ llm_provider: 'openai', llm_connection: proxy });
  expect(preferredConnection(items.slice(0, 2))).toEqual({ llm_provider: 'openai', llm_connection: null });
  expect(preferredConnection(undefined)).toEqual({ llm_provider: 'openai', llm_connection: null });
});

test('a run whose model cannot be reached starts with the first fallback that can, or fails', () => {
  const agent = { ...target(null), fallbacks: [target('0197f000-0000-7000-8000-00000000dead'), target(proxy)] };
  expect(forecastModel(items, agent)).toEqual({ kind: 'fallback', target: agent.fallbacks[1] });
  expect(forecastModel(items, { ...agent, fallbacks: [] })).toEqual({ kind: 'fails' });
  expect(forecastModel(items, { ...target(proxy), fallbacks: [] })).toEqual({ kind: 'fine' });
  expect(forecastModel(undefined, agent)).toEqual({ kind: 'fine' });
});
