import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { toolDescriptionSchema } from '../../contracts/agents.ts';
import { toolNames } from '../../contracts/tools.ts';
import { loadConfig } from '../../platform/config.ts';
import { createAgentTools, createToolRegistry, type PythonSandbox, type Tool } from './index.ts';

const sandbox: PythonSandbox = { run: () => expect.unreachable(), warmUp: () => expect.unreachable(), close: () => expect.unreachable() };
const required = { DATABASE_URL: 'postgres://a@127.0.0.1/maestro', TEMPORAL_ADDRESS: '127.0.0.1:7233', MAESTRO_JWT_SECRET: 'x'.repeat(32), MAESTRO_ENCRYPTION_KEY: '0'.repeat(64) };
const toolsWith = (environment: Record<string, string> = {}) => {
  const { tools, mail } = loadConfig({ ...required, ...environment });
  return createAgentTools({ tools, mail, sandbox });
};

describe('the tools of a system', () => {
  test('are the five the contracts name', () => {
    expect(toolsWith().list().map(({ name }) => name).toSorted()).toEqual([...toolNames].toSorted());
  });

  test('have the risks and effects of the catalogue', () => {
    expect(Object.fromEntries(toolsWith().describe().map((entry) => [entry.name, `${entry.default_risk} ${entry.effect}`]))).toEqual({
      web_search: 'LOW none', http_request: 'MEDIUM external', run_sql: 'MEDIUM none', send_email: 'HIGH external', execute_python: 'MEDIUM none',
    });
  });

  test('say what is missing until it is set', () => {
    const hints = (environment: Record<string, string>) => Object.fromEntries(toolsWith(environment).describe().map((entry) => [entry.name, entry.configuration_hint]));
    expect(hints({})).toEqual({ web_search: expect.any(String), http_request: null, run_sql: expect.any(String), send_email: expect.any(String), execute_python: null });
    expect(hints({ MAESTRO_DATA_SOURCES: 'support=postgres://x@127.0.0.1/y', SMTP_URL: 'smtp://127.0.0.1', BRAVE_API_KEY: 'k' })).toEqual({ web_search: null, http_request: null, run_sql: null, send_email: null, execute_python: null });
  });

  test('describe themselves as the contract demands, without settings or secrets', () => {
    const described = toolsWith({ MAESTRO_DATA_SOURCES: 'support=postgres://user:hunter2@db.internal/y', SMTP_URL: 'smtp://user:hunter2@mail.internal' }).describe();
    for (const entry of described) expect(toolDescriptionSchema.parse({ ...entry, needs_approval: false })).toMatchObject({ name: entry.name, is_configured: entry.configuration_hint === null });
    expect(JSON.stringify(described)).not.toMatch(/hunter2|internal/);
  });
});

describe('what a model is shown', () => {
  const samples: Record<string, { good: unknown[]; bad: unknown[] }> = {
    web_search: { good: [{ query: 'x' }], bad: [{}, { query: 5 }, { query: 'x', more: 1 }] },
    http_request: { good: [{ url: 'https://example.com/' }, { url: 'https://example.com/', method: 'POST', headers: { accept: 'x' }, body: '' }], bad: [{}, { url: 'https://example.com/', method: 'GO' }] },
    run_sql: { good: [{ data_source: 'support', query: 'select 1' }], bad: [{ query: 'select 1' }, { data_source: 'other', query: 'select 1' }, { data_source: 'support', query: 'x', max_rows: 1.5 }] },
    send_email: { good: [{ to: ['a@example.com'], subject: 's', text: 't' }], bad: [{ to: [], subject: 's', text: 't' }, { to: ['a@example.com'], subject: 's' }, { to: ['a@example.com'], subject: 'a\nb', text: 't' }] },
    execute_python: { good: [{ code: '1', inputs: { a: { value: { deep: [null] } }, b: { result_of: 'call_1' } } }], bad: [{}, { code: '1', inputs: { a: 5 } }, { code: '1', timeout_seconds: 0 }] },
  };
  const tools = toolsWith({ MAESTRO_DATA_SOURCES: 'support=postgres://x@127.0.0.1/y' });

  test.each(toolNames)('%s: the JSON Schema and the check of the arguments agree', (name) => {
    const [shown] = tools.toModelTools([name]);
    const validate = new Ajv2020({ strict: false, formats: { email: true } }).compile(shown?.parameters ?? false);
    for (const args of samples[name]?.good ?? []) expect([validate(args), tools.parseArguments(name, args).ok], JSON.stringify(args)).toEqual([true, true]);
    for (const args of samples[name]?.bad ?? []) expect([validate(args), tools.parseArguments(name, args).ok], JSON.stringify(args)).toEqual([false, false]);
    expect(shown?.parameters).toMatchObject({ type: 'object', additionalProperties: false });
    expect(shown?.parameters).not.toHaveProperty('$schema');
  });

  test('are the tools it was given, and no other', () => {
    expect(tools.toModelTools(['send_email', 'run_sql', 'rm_rf']).map(({ name }) => name).toSorted()).toEqual(['run_sql', 'send_email']);
  });
});

describe('a registry', () => {
  const tool: Tool = {
    name: 'run_sql', description: 'd', argumentsSchema: z.strictObject({ a: z.object({ b: z.number() }), c: z.string() }), defaultRisk: 'LOW', risk: () => 'LOW', defaultEffect: 'none', effect: () => 'none',
    missingConfiguration: null, timeoutMs: 1, facts: () => ({}), effectSentence: () => '', execute: () => expect.unreachable(),
  };

  test('tells every field that does not fit, by its path', () => {
    const parsed = createToolRegistry([tool]).parseArguments('run_sql', { a: { b: 'x' }, d: 1 });
    expect(parsed).toMatchObject({ ok: false, message: expect.stringMatching(/a\.b: .*c: .*"d"/) });
  });

  test('knows no tool by a name of JavaScript\'s own', () => {
    for (const name of ['toString', '__proto__', 'constructor', '']) {
      expect(createToolRegistry([tool]).find(name)).toBeUndefined();
      expect(() => createToolRegistry([tool]).get(name)).toThrow(expect.objectContaining({ code: 'TOOL_UNKNOWN' }));
    }
  });

  test('takes a name once', () => {
    expect(() => createToolRegistry([tool, tool])).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
  });
});
