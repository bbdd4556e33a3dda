import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { toolDescriptionSchema } from '../../contracts/agents.ts';
import { loadConfig } from '../../platform/config.ts';
import { newId } from '../../platform/ids.ts';
import { createSecretBox } from '../../platform/secret-box.ts';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database.ts';
import { idleTool } from '../../tests/support/tools.ts';
import { builtInTools, createTools, createToolRegistry, type PythonSandbox, type Tool, type ToolRegistry } from './index.ts';

const sandbox: PythonSandbox = { packages: [], run: () => expect.unreachable(), warmUp: () => expect.unreachable(), close: () => expect.unreachable() };
const required = { TEMPORAL_ADDRESS: '127.0.0.1:7233', MAESTRO_JWT_SECRET: 'x'.repeat(32), MAESTRO_ENCRYPTION_KEY: '0'.repeat(64) };

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const systemWith = (environment: Record<string, string> = {}) => {
  const config = loadConfig({ DATABASE_URL: database.connectionString, ...required, ...environment });
  return createTools({ db: database.db, config, secretBox: createSecretBox(config.auth.encryptionKey), sandbox }).tools;
};
const toolsWith = (environment: Record<string, string> = {}): Promise<ToolRegistry> => systemWith(environment).current();
const givenNames = ['web_search', 'http_request', 'run_sql', 'execute_python', 'send_email', 'ask_person'];

describe('the tools of a system', () => {
  test('are those of the list, each by its name', async () => {
    expect((await toolsWith()).list().map(({ name }) => name)).toEqual(builtInTools.map(({ name }) => name));
    expect((await toolsWith()).describe().map(({ name }) => name)).toEqual(givenNames);
  });

  test('have the risk and effect the design gives them', async () => {
    expect(Object.fromEntries((await toolsWith()).describe().map((entry) => [entry.name, `${entry.default_risk} ${entry.effect}`]))).toEqual({
      web_search: 'LOW none', http_request: 'MEDIUM external', run_sql: 'MEDIUM none', send_email: 'HIGH external', execute_python: 'MEDIUM none', ask_person: 'LOW none',
    });
  });

  test('say what an admin has to set, and nothing once it is set', async () => {
    const hints = async (environment: Record<string, string>) => Object.fromEntries((await toolsWith(environment)).describe().map((entry) => [entry.name, entry.configuration_hint]));
    expect(await hints({})).toEqual({ web_search: expect.any(String), http_request: null, run_sql: expect.any(String), send_email: expect.any(String), execute_python: null, ask_person: null });
    expect(await hints({ MAESTRO_DATA_SOURCES: 'support=postgres://x@127.0.0.1/y', SMTP_URL: 'smtp://127.0.0.1', BRAVE_API_KEY: 'k' })).toEqual({ web_search: null, http_request: null, run_sql: null, send_email: null, execute_python: null, ask_person: null });
  });

  test('are described without a secret, in the contract\'s form', async () => {
    const described = (await toolsWith({ MAESTRO_DATA_SOURCES: 'support=postgres://user:hunter2@db.internal/y', SMTP_URL: 'smtp://user:hunter2@mail.internal' })).describe();
    for (const entry of described) expect(toolDescriptionSchema.parse({ ...entry, needs_approval: false })).toMatchObject({ name: entry.name, is_configured: entry.configuration_hint === null });
    expect(JSON.stringify(described)).not.toMatch(/hunter2|internal/);
  });
});

describe('what an admin sets', () => {
  const set = (name: string, values: { is_enabled?: boolean; timeout_seconds?: number; max_concurrent?: number; calls_per_minute?: number; options?: string }) =>
    database.db.insertInto('tool_settings').values({ tool_name: name, ...values }).onConflict((conflict) => conflict.column('tool_name').doUpdateSet(values)).execute();

  test('counts from the next look on: a tool that is switched off is no longer offered, and says why', async () => {
    const catalogue = systemWith();
    expect((await catalogue.current()).namesOffered(givenNames)).toContain('execute_python');
    await set('execute_python', { is_enabled: false });
    catalogue.forget();
    const registry = await catalogue.current();
    expect(registry.namesOffered(givenNames)).not.toContain('execute_python');
    expect(registry.find('execute_python')).toBeUndefined();
    expect([registry.has('execute_python'), registry.refusalOf('execute_python')]).toEqual([true, expect.stringContaining('switched')]);
    expect(registry.describe().find(({ name }) => name === 'execute_python')).toMatchObject({ is_enabled: false });
    await set('execute_python', { is_enabled: true });
  });

  test('is seen without a word after a moment', async () => {
    let now = 0;
    const config = loadConfig({ DATABASE_URL: database.connectionString, ...required });
    const { createToolCatalogue } = await import('./catalogue.ts');
    const { secrets, mcpSessions } = createTools({ db: database.db, config, secretBox: createSecretBox(config.auth.encryptionKey), sandbox });
    const catalogue = createToolCatalogue({ db: database.db, config, secretBox: createSecretBox(config.auth.encryptionKey), secrets, mcpSessions, sandbox, findDelivered: undefined }, () => now);
    expect((await catalogue.current()).setupOf('http_request')).toMatchObject({ maxConcurrent: null, callsPerMinute: null });
    await set('http_request', { timeout_seconds: 7, max_concurrent: 2, calls_per_minute: 30 });
    now = 1_999;
    expect((await catalogue.current()).setupOf('http_request')).toEqual({ isEnabled: true, timeoutMs: 7_000, maxConcurrent: 2, callsPerMinute: 30 });
  });

  test('counts for a look that may be no older than now, and what did not change is not read again', async () => {
    const catalogue = systemWith();
    const now = (): Promise<ToolRegistry> => catalogue.current({ maxAgeMs: 0 });
    const before = await now();
    expect(await now()).toBe(before);
    await set('http_request', { timeout_seconds: 8 });
    const after = await now();
    expect([before.setupOf('http_request').timeoutMs, after.setupOf('http_request').timeoutMs]).toEqual([7_000, 8_000]);
    const secret = { id: newId(), name: 'github', value_sealed: 'sealed', hint: '…', hosts: JSON.stringify(['api.github.com']), description: '' };
    await database.db.insertInto('secrets').values(secret).execute();
    expect((await now()).get('http_request').description).toMatch(/github/);
    await database.db.updateTable('secrets').set({ hosts: JSON.stringify(['gitlab.example']) }).execute();
    expect((await now()).get('http_request').description).toMatch(/gitlab/);
    await database.db.deleteFrom('secrets').execute();
    expect((await now()).get('http_request').description).not.toMatch(/gitlab/);
    expect(await now()).toBe(await now());
  });

  test('that a tool can no longer read holds that tool alone', async () => {
    await set('send_email', { options: JSON.stringify({ max_recipients: 'many' }) });
    const registry = await toolsWith();
    expect(registry.find('send_email')).toBeUndefined();
    expect(registry.refusalOf('send_email')).toMatch(/cannot be read/);
    expect(registry.find('http_request')).toBeDefined();
    await set('send_email', { options: '{}' });
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

  test.each(givenNames)('%s: the JSON Schema and the check of the arguments agree', async (name) => {
    const tools = await toolsWith({ MAESTRO_DATA_SOURCES: 'support=postgres://x@127.0.0.1/y' });
    const shown = tools.toModelTools([name]).find((tool) => tool.name === name);
    const validate = new Ajv2020({ strict: false, formats: { email: true, uuid: true } }).compile(shown?.parameters ?? false);
    for (const args of samples[name]?.good ?? []) expect([validate(args), tools.parseArguments(name, args).ok], JSON.stringify(args)).toEqual([true, true]);
    for (const args of samples[name]?.bad ?? []) expect([validate(args), tools.parseArguments(name, args).ok], JSON.stringify(args)).toEqual([false, false]);
    expect(shown?.parameters).toMatchObject({ type: 'object', additionalProperties: false });
    expect(shown?.parameters).not.toHaveProperty('$schema');
  });

  test('of secrets is their names and where they may go, so that it can name them; those that go nowhere are left out', async () => {
    const row = (name: string, hosts: string[]) => ({ id: newId(), name, value_sealed: 'sealed', hint: '…', hosts: JSON.stringify(hosts), description: 'our bot' });
    await database.db.insertInto('secrets').values([row('github', ['api.github.com']), row('mcp_key', [])]).execute();
    const { description } = (await toolsWith()).get('http_request');
    expect(description).toMatch(/\{\{secret:github\}\} for api\.github\.com \(our bot\)/);
    expect(description).not.toMatch(/mcp_key|sealed/);
    await database.db.deleteFrom('secrets').execute();
  });

  test('is what the agent was given and what comes with it; names nobody knows are left out', async () => {
    const tools = await toolsWith({ MAESTRO_DATA_SOURCES: 'support=postgres://x@127.0.0.1/y' });
    expect(tools.namesOffered(['send_email', 'run_sql', 'rm_rf']).toSorted()).toEqual(['describe_data_source', 'read_result', 'run_sql', 'send_email']);
    expect(tools.namesOffered(['http_request']).toSorted()).toEqual(['http_request', 'read_result']);
    expect(tools.toModelTools([])).toEqual([]);
  });
});

describe('a registry', () => {
  const tool: Tool = { ...idleTool('run_sql'), argumentsSchema: z.strictObject({ a: z.object({ b: z.number() }), c: z.string() }) };

  test('tells every argument that does not fit, by its path', () => {
    const parsed = createToolRegistry([tool]).parseArguments('run_sql', { a: { b: 'x' }, d: 1 });
    expect(parsed).toMatchObject({ ok: false, message: expect.stringMatching(/a\.b: .*c: .*"d"/) });
  });

  test('knows its own names only, not those of JavaScript', () => {
    for (const name of ['toString', '__proto__', 'constructor', '']) {
      expect(createToolRegistry([tool]).find(name)).toBeUndefined();
      expect(() => createToolRegistry([tool]).get(name)).toThrow(expect.objectContaining({ code: 'TOOL_UNKNOWN' }));
    }
  });

  test('refuses two tools of one name', () => {
    expect(() => createToolRegistry([tool, tool])).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
  });

  test('does not offer a tool that is held, and says why', () => {
    const registry = createToolRegistry([{ ...tool, heldReason: 'Its definition changed.' }]);
    expect(registry.namesOffered(['run_sql'])).toEqual([]);
    expect(registry.describe()[0]).toMatchObject({ is_enabled: false, configuration_hint: 'Its definition changed.' });
  });
});
