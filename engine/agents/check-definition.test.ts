import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { agentDefinitionSchema, type CreateAgentInput, createAgentBodySchema } from '../../contracts/agents.ts';
import type { FieldIssue } from '../../contracts/errors.ts';
import { insertConnection } from '../../db/repositories/llm-connections.repository.ts';
import { newId } from '../../platform/ids.ts';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database.ts';
import { systemActor } from '../governance/index.ts';
import { createLanguageModels } from '../llm/index.ts';
import { catalogueOf, idleTool } from '../../tests/support/tools.ts';
import { type AgentDeps, createAgent, updateAgent } from './index.ts';

let database: TestDatabase;
let deps: AgentDeps;
let local: string;
let off: string;
const none = { apiKey: undefined, baseUrl: undefined };
beforeAll(async () => {
  database = await createTestDatabase();
  deps = { db: database.db, tools: catalogueOf([idleTool('run_sql')]), models: createLanguageModels({ config: { openai: none, anthropic: none }, db: database.db }) };
  const connect = async (name: string, isEnabled: boolean): Promise<string> => {
    const id = newId();
    await insertConnection(database.db, { id, name, api: 'openai', baseUrl: 'http://127.0.0.1:1/v1', apiKeySealed: null, apiKeyHint: null, limits: { requests_per_minute: null, tokens_per_minute: null }, isEnabled, createdBy: null });
    return id;
  };
  [local, off] = [await connect('Local', true), await connect('Off', false)];
});
afterAll(() => database.close());

let count = 0;
const body = (given: Partial<CreateAgentInput>) => createAgentBodySchema.parse({ name: `Agent ${++count}`, purpose: 'Answers.', llm_provider: 'openai', llm_model: 'some-model', ...given });
const create = (given: Partial<CreateAgentInput>) => createAgent(deps, { body: body(given), actor: systemActor });
async function issuesOf(given: Partial<CreateAgentInput>): Promise<Record<string, string>> {
  const refusal = await create(given).then(() => undefined, (error: unknown) => error as { code: string; details: { issues: FieldIssue[] } });
  if (refusal === undefined) return {};
  expect(refusal.code).toBe('VALIDATION_FAILED');
  return Object.fromEntries(refusal.details.issues.map(({ path, message }) => [path, message]));
}

describe('the connection of an agent', () => {
  test('exists, is of the provider and is on', async () => {
    expect(await issuesOf({ llm_connection: local })).toEqual({});
    expect(await issuesOf({ llm_connection: off })).toEqual({ llm_connection: 'The connection Off is switched off.' });
    expect(await issuesOf({ llm_connection: local, llm_provider: 'anthropic' })).toEqual({ llm_connection: expect.stringContaining('no such connection') as string });
    for (const gone of [newId(), 'openai', 'x']) expect(Object.keys(await issuesOf({ llm_connection: gone }))).toEqual(['llm_connection']);
    expect(Object.keys(await issuesOf({ llm_provider: 'scripted', llm_model: 'support-ticket-analyzer', llm_connection: local }))).toEqual(['llm_connection']);
  });

  test('is checked for each fallback, which is none of those before it', async () => {
    const target = (llm_model: string, llm_connection: string | null = null) => ({ llm_provider: 'openai' as const, llm_connection, llm_model });
    expect(await issuesOf({ llm_connection: local, fallbacks: [target('some-model'), target('other', local)] })).toEqual({});
    expect(Object.keys(await issuesOf({ fallbacks: [target('a'), target('some-model'), target('a'), target('b', off), { llm_provider: 'scripted', llm_connection: null, llm_model: 'unwritten' }] })))
      .toEqual(['fallbacks.1.llm_model', 'fallbacks.2.llm_model', 'fallbacks.3.llm_connection', 'fallbacks.4.llm_model']);
  });
});

describe('the settings of an agent', () => {
  test('are those its provider takes, at the provider itself', async () => {
    expect(Object.keys(await issuesOf({ llm_provider: 'anthropic', llm_model: 'claude-opus-5', temperature: 0.5, parameters: { seed: 1 } }))).toEqual(['parameters.seed', 'temperature']);
    expect(Object.keys(await issuesOf({ llm_model: 'o4-mini', temperature: 0.5, parameters: { thinking_budget_tokens: 2_000 } }))).toEqual(['parameters.thinking_budget_tokens', 'temperature']);
    expect(await issuesOf({ llm_model: 'o4-mini', temperature: 0.5, llm_connection: local })).toEqual({});
  });

  test('hold for its fallbacks too', async () => {
    const issues = await issuesOf({ llm_connection: local, temperature: 0.5, fallbacks: [{ llm_provider: 'anthropic', llm_model: 'claude-opus-5' }] });
    expect(issues).toEqual({ 'fallbacks.0.llm_model': 'Anthropic takes no temperature. Its setting temperature holds for claude-opus-5 too.' });
  });

  test('do not disturb a script', async () => {
    expect(await issuesOf({ llm_provider: 'scripted', llm_model: 'support-ticket-analyzer', temperature: 0.5, parameters: { seed: 1 } })).toEqual({});
  });
});

describe('the output schema of an agent', () => {
  const answer = { type: 'object', properties: { total: { type: 'integer' }, lines: { type: 'array', items: { $ref: '#/$defs/line' } } }, required: ['total'], $defs: { line: { type: 'string' } } };

  test('is JSON Schema 2020-12 of an object', async () => {
    expect(await issuesOf({ output_schema: answer })).toEqual({});
    expect(await issuesOf({ output_schema: { ...answer, $schema: 'https://json-schema.org/draft/2020-12/schema', $id: 'https://example.com/answer' } })).toEqual({});
    // Another agent's schema of the same id is none of its business.
    expect(await issuesOf({ output_schema: { type: 'object', $id: 'https://example.com/answer' } })).toEqual({});
  });

  test.each([
    ['another draft', { ...answer, $schema: 'http://json-schema.org/draft-07/schema#' }, 'output_schema.$schema'],
    ['a check that answers later', { ...answer, $async: true }, 'output_schema.$async'],
    ['itself without end', { type: 'object', $ref: '#' }, 'output_schema.$ref'],
    ['no object at the top', { type: 'array', items: {} }, 'output_schema.type'],
    ['no type at the top', { properties: {} }, 'output_schema.type'],
    ['a type that is none', { type: 'object', properties: { total: { type: 'integr' } } }, 'output_schema.properties.total.type'],
    ['a keyword of the wrong kind', { type: 'object', properties: { total: { minimum: 'one' } } }, 'output_schema.properties.total.minimum'],
    ['a reference to the web', { type: 'object', properties: { a: { $ref: 'https://example.com/schema.json' } } }, 'output_schema.properties.a.$ref'],
    ['a reference to a file', { type: 'object', allOf: [{ $ref: '../other.json#/a' }] }, 'output_schema.allOf.0.$ref'],
    ['a reference to nowhere', { type: 'object', properties: { a: { $ref: '#/$defs/missing' } } }, 'output_schema'],
    ['a pattern that is none', { type: 'object', properties: { a: { type: 'string', pattern: '(' } } }, 'output_schema'],
  ])('with %s is refused by place', async (_what, schema, path) => {
    expect(Object.keys(await issuesOf({ output_schema: schema as CreateAgentInput['output_schema'] & object }))).toEqual([path]);
  });
});

test('all of it is told at once, and a change is checked as a whole', async () => {
  expect(Object.keys(await issuesOf({ llm_provider: 'anthropic', llm_model: 'claude-opus-5', temperature: 1, fallbacks: [{ llm_provider: 'anthropic', llm_model: 'claude-opus-5' }], output_schema: { type: 'string' } })))
    .toEqual(['temperature', 'fallbacks.0.llm_model', 'output_schema.type']);
  const agent = await create({ llm_connection: local, temperature: 0.5 });
  const update = updateAgent(deps, { agentId: agent.id, body: { llm_connection: null, llm_provider: 'anthropic' }, actor: systemActor });
  await expect(update).rejects.toMatchObject({ code: 'VALIDATION_FAILED', details: { issues: [{ path: 'temperature' }] } });
  expect(agentDefinitionSchema.shape.llm_connection.parse(agent.llm_connection)).toBe(local);
});
