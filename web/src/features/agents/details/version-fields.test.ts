import { agentDefinitionSchema, type AgentVersion, updateAgentBodySchema } from '@contracts/agents.ts';
import { expect, test } from 'vitest';
import { parameterWords } from '../definition-words.ts';
import { changedFields, toRestoreBody } from './version-fields.ts';

const first: AgentVersion = {
  agent_id: '0197f000-0000-7000-8000-000000000001', version: 1, name: 'Reader', created_by: 'Ana', created_at: '2026-11-24T10:00:00.000Z',
  ...agentDefinitionSchema.parse({ purpose: 'Reads.', llm_provider: 'openai', llm_model: 'm', tools: ['run_sql', 'send_email'] }),
};

test('what differs between versions is named; the order of tools is no difference', () => {
  expect(changedFields(first, { ...first, version: 2, tools: ['send_email', 'run_sql'] })).toEqual([]);
  expect(changedFields(first, { ...first, version: 2, purpose: 'Writes.', temperature: 0 })).toEqual(['Purpose', 'Temperature']);
});

test('restoring sends the whole old definition against the current version, as the api takes it', () => {
  const body = toRestoreBody(first, 7);
  expect(updateAgentBodySchema.parse(body)).toMatchObject({ version: 7, name: 'Reader', purpose: 'Reads.', temperature: null });
  expect(body).not.toHaveProperty('agent_id');
});

const proxy = '0197f000-0000-7000-8000-0000000000aa';
const other = '0197f000-0000-7000-8000-0000000000bb';

test('another connection of the same provider is a difference, also where nobody knows its name any more', () => {
  const on = (llm_connection: string | null): AgentVersion => ({ ...first, llm_connection });
  expect(changedFields(on(proxy), on(other))).toEqual(['Model']);
  expect(changedFields(on(proxy), on(proxy))).toEqual([]);
});

test('fallbacks, parameters, cache and schema are compared, the order of fallbacks included', () => {
  const chain = [{ llm_provider: 'openai' as const, llm_connection: proxy, llm_model: 'a' }, { llm_provider: 'openai' as const, llm_connection: other, llm_model: 'a' }];
  const before = { ...first, fallbacks: chain };
  expect(changedFields(before, { ...before, fallbacks: chain.toReversed() })).toEqual(['Fallbacks']);
  expect(changedFields(first, { ...first, parameters: { ...first.parameters, seed: 7 }, cache_policy: { mode: 'on', ttl_seconds: 60 }, output_schema: { type: 'object' } })).toEqual(['Parameters', 'Answer cache', 'Output schema']);
});

test('parameters are told in the words of the form', () => {
  expect(parameterWords({ ...first.parameters, reasoning_effort: 'low', parallel_tool_calls: false, stop_sequences: ['\n', 'END'] })).toEqual([
    ['Reasoning effort', 'Low'], ['Several tool calls at once', 'One at a time'], ['Stop sequences', '\\n, END'],
  ]);
});
