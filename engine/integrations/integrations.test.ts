import { createServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { createServer as createRawServer } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Integration, integrationSchema } from '../../contracts/system.ts';
import { loadConfig } from '../../platform/config.ts';
import { createSecretBox } from '../../platform/secret-box.ts';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database.ts';
import { createFakeAgentRuns } from '../../tests/support/fake-agent-runs.ts';
import { insertTestAgent } from '../../tests/support/agents.ts';
import { createLanguageModels } from '../llm/index.ts';
import { createMemory } from '../memory/index.ts';
import { createPythonSandbox, createTools, type ToolCatalogue } from '../tools/index.ts';
import { explainFailure } from './check.ts';
import { createIntegrations, type IntegrationDeps } from './index.ts';

let database: TestDatabase;
const sandbox = createPythonSandbox({ cacheDir: '.maestro', poolSize: 0 });
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await sandbox.close();
  await database.close();
});

const servers: { close(): unknown }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});
async function listen(server: Server | SMTPServer): Promise<number> {
  servers.push(server);
  const listening = server instanceof SMTPServer ? server.server : server;
  await new Promise<void>((resolve) => (server as Server).listen(0, '127.0.0.1', () => resolve()));
  return (listening.address() as AddressInfo).port;
}
const startHttp = async (status: number, seen: { url?: string | undefined; headers?: Record<string, unknown> }[] = []): Promise<string> =>
  `http://127.0.0.1:${await listen(createServer((request, response) => {
    seen.push({ url: request.url, headers: request.headers });
    response.writeHead(status, status === 302 ? { location: 'http://127.0.0.1:9/elsewhere' } : {}).end('{}');
  }))}`;

/** A port nothing listens on any more. */
async function findClosedPort(): Promise<number> {
  const server = createRawServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const password = 'hunter2-never-shown';
function depsWith(env: Record<string, string> = {}): IntegrationDeps & { models: ReturnType<typeof createLanguageModels>; agentRuns: ReturnType<typeof createFakeAgentRuns>; tools: ToolCatalogue } {
  const config = loadConfig({
    DATABASE_URL: database.connectionString, TEMPORAL_ADDRESS: '127.0.0.1:7233', MAESTRO_JWT_SECRET: 'a secret of the tests, long enough', MAESTRO_ENCRYPTION_KEY: '0'.repeat(64), ...env,
  });
  const secretBox = createSecretBox(config.auth.encryptionKey);
  return {
    db: database.db, config, models: createLanguageModels({ config: config.llm, db: database.db }), secretBox, ...createTools({ db: database.db, config, secretBox, sandbox }),
    memory: createMemory({ db: database.db, config: config.memory }), agentRuns: createFakeAgentRuns(),
  };
}
async function check(env: Record<string, string> = {}): Promise<Map<string, Integration>> {
  const items = integrationSchema.array().parse(await createIntegrations(depsWith(env)).list());
  expect(JSON.stringify(items)).not.toContain(password);
  expect(new Set(items.map((item) => item.id)).size).toBe(items.length);
  return new Map(items.map((item) => [item.id, item]));
}

test('what is missing says what to set, what is built in says so, and what the system stands on is healthy', async () => {
  const items = await check();
  expect(items.get('model_provider:openai')).toMatchObject({ state: 'not_configured', missing_settings: ['OPENAI_API_KEY'], checked_at: null });
  expect(items.get('model_provider:anthropic')).toMatchObject({ state: 'not_configured', missing_settings: ['ANTHROPIC_API_KEY'] });
  expect(items.get('model_provider:scripted')).toMatchObject({ state: 'built_in', detail: expect.stringContaining('No model is called') });
  expect(items.get('vector_store:pgvector')).toMatchObject({ state: 'healthy', detail: expect.stringMatching(/pgvector \d+\.\d+/), latency_ms: expect.any(Number) });
  expect(items.get('embedding')).toMatchObject({ state: 'built_in', detail: expect.stringContaining('No model is called') });
  expect(items.get('email')).toMatchObject({ state: 'not_configured', missing_settings: ['SMTP_URL'] });
  expect(items.get('data_source')).toMatchObject({ state: 'not_configured', missing_settings: ['MAESTRO_DATA_SOURCES'] });
  expect(items.get('tool:run_sql')).toMatchObject({ state: 'not_configured', missing_settings: ['MAESTRO_DATA_SOURCES'] });
  expect(items.get('tool:execute_python')).toMatchObject({ state: 'built_in' });
  expect(items.get('temporal')).toMatchObject({ state: 'healthy', detail: '127.0.0.1:7233, namespace default.' });
  expect(items.get('database')).toMatchObject({ state: 'healthy' });
});

test.each([
  [200, 'healthy', /takes the key/],
  [401, 'failing', /refuses the key.*OPENAI_API_KEY/],
  [404, 'degraded', /OPENAI_BASE_URL/],
  [429, 'degraded', /limits requests/],
  [302, 'failing', /elsewhere.*OPENAI_BASE_URL/],
  [500, 'failing', /status 500/],
])('a model provider that answers %i is %s', async (status, state, detail) => {
  const seen: { url?: string | undefined; headers?: Record<string, unknown> }[] = [];
  const url = await startHttp(status, seen);
  const items = await check({ OPENAI_API_KEY: password, OPENAI_BASE_URL: `${url}/v1` });
  expect(items.get('model_provider:openai')).toMatchObject({ state, detail: expect.stringMatching(detail) });
  expect(seen).toMatchObject([{ url: '/v1/models', headers: { authorization: `Bearer ${password}` } }]);
});

test('Anthropic is asked in its own way', async () => {
  const seen: { url?: string | undefined; headers?: Record<string, unknown> }[] = [];
  const items = await check({ ANTHROPIC_API_KEY: password, ANTHROPIC_BASE_URL: await startHttp(200, seen) });
  expect(items.get('model_provider:anthropic')?.state).toBe('healthy');
  expect(seen).toMatchObject([{ url: '/v1/models?limit=1000', headers: { 'x-api-key': password, 'anthropic-version': '2023-06-01' } }]);
});

test('connections that cannot be made are failing with the reason, and nothing of their passwords is said', async () => {
  const closed = await findClosedPort();
  const items = await check({
    OPENAI_API_KEY: password, OPENAI_BASE_URL: `http://127.0.0.1:${closed}/v1`,
    ANTHROPIC_API_KEY: password, ANTHROPIC_BASE_URL: 'http://no-such-host.invalid',
    SMTP_URL: `smtp://mailer:${password}@127.0.0.1:${closed}`,
    MAESTRO_DATA_SOURCES: `gone=postgres://reader:${password}@127.0.0.1:${closed}/shop`,
    CHROMA_URL: `http://127.0.0.1:${closed}`,
  });
  for (const id of ['model_provider:openai', 'email', 'data_source:gone']) {
    expect(items.get(id), id).toMatchObject({ state: 'failing', detail: expect.stringContaining('nothing listens at that address'), latency_ms: null, checked_at: expect.any(String) });
  }
  expect(items.get('model_provider:anthropic')).toMatchObject({ state: 'failing', detail: expect.stringMatching(/no host of that name|could not be looked up/) });
  expect(items.get('vector_store:chroma')).toMatchObject({ state: 'failing' });
  expect(items.get('tool:run_sql')).toMatchObject({ state: 'failing', detail: 'gone: failing.' });
  expect(items.get('tool:send_email')).toMatchObject({ state: 'failing' });
});

test('a mail server and a data source that can be signed in at are healthy, and so are the tools that use them', async () => {
  const smtp = new SMTPServer({ authOptional: true, disabledCommands: ['STARTTLS'], onAuth: (auth, _session, done) => done(auth.password === password ? null : new Error('no'), { user: 'mailer' }) });
  const port = await listen(smtp);
  const env = { SMTP_URL: `smtp://mailer:${password}@127.0.0.1:${port}`, MAESTRO_DATA_SOURCES: `shop=${database.connectionString}` };
  const items = await check(env);
  for (const id of ['email', 'data_source:shop', 'tool:run_sql', 'tool:send_email']) expect(items.get(id), id).toMatchObject({ state: 'healthy' });
  const refused = await check({ ...env, SMTP_URL: `smtp://mailer:wrong@127.0.0.1:${port}` });
  expect(refused.get('email')).toMatchObject({ state: 'failing', detail: expect.stringContaining('sign-in was refused') });
});

test('a server that accepts and then says nothing is failing in time', async () => {
  const port = await listen(createRawServer(() => undefined));
  const items = await check({ OPENAI_API_KEY: password, OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`, SMTP_URL: `smtp://127.0.0.1:${port}`, MAESTRO_DATA_SOURCES: `silent=postgres://127.0.0.1:${port}/x` });
  for (const id of ['model_provider:openai', 'email', 'data_source:silent']) expect(items.get(id), id).toMatchObject({ state: 'failing' });
});

test('Temporal away is failing', async () => {
  const deps = depsWith();
  deps.agentRuns.isDown = true;
  expect((await createIntegrations(deps).list()).find((item) => item.id === 'temporal')).toMatchObject({ state: 'failing' });
});

test('uses count agents that are not deleted', async () => {
  const deps = depsWith();
  await insertTestAgent(deps, { tools: ['send_email', 'run_sql'] });
  await insertTestAgent(deps, { tools: ['send_email'] });
  const items = new Map((await createIntegrations(deps).list()).map((item) => [item.id, item.used_by_agents]));
  expect([items.get('tool:send_email'), items.get('email'), items.get('tool:run_sql'), items.get('model_provider:openai'), items.get('model_provider:anthropic'), items.get('database')]).toEqual([2, 2, 1, 2, 0, 2]);
});

test('checks are shared by all who ask within 15 seconds, and made anew afterwards', async () => {
  const seen: { url?: string | undefined }[] = [];
  let now = 0;
  const integrations = createIntegrations(depsWith({ OPENAI_API_KEY: password, OPENAI_BASE_URL: `${await startHttp(200, seen)}/v1` }), () => now);
  await Promise.all([integrations.list(), integrations.list()]);
  now = 14_999;
  await integrations.list();
  expect(seen).toHaveLength(1);
  now = 15_000;
  await integrations.list();
  expect(seen).toHaveLength(2);
});

test('a failure is explained by its innermost known code and never by its message', () => {
  const inner = Object.assign(new Error(`connect to postgres://u:${password}@h`), { code: 'ECONNREFUSED' });
  expect(explainFailure(new TypeError('fetch failed', { cause: new AggregateError([inner]) }))).toBe('nothing listens at that address');
  expect(explainFailure(Object.assign(new Error(password), { code: 'E_ODD' }))).toBe('it could not be used (E_ODD)');
  expect(explainFailure(new Error(password))).toBe('it could not be used');
  expect(explainFailure(password)).toBe('it could not be used');
});
