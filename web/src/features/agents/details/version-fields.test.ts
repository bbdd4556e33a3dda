import { agentDefinitionSchema, type AgentVersion, updateAgentBodySchema } from '@contracts/agents.ts';
import { expect, test } from 'vitest';
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
