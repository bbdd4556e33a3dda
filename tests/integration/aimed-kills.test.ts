import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sql } from 'kysely';
import pg from 'pg';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findToolCall, updateToolCall } from '../../db/repositories/tool-calls.repository.ts';
import { judgeAgain, requestApproval, settleApproval } from '../../engine/hitl/index.ts';
import { createMcpServer, refreshMcpServer, reviewMcpTool } from '../../engine/integrations/index.ts';
import { checkToolCall, createPolicies } from '../../engine/safety/index.ts';
import { createPythonSandbox, createTools, executeToolCall, type Tools } from '../../engine/tools/index.ts';
import { loadConfig } from '../../platform/config.ts';
import { hashJson } from '../../platform/hash-json.ts';
import { createSecretBox } from '../../platform/secret-box.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startProcess } from '../support/process.ts';
import { type RealPostgres, startRealPostgres } from '../support/real-postgres.ts';
import { addRun, recordTurn } from '../support/run-records.ts';
import { until } from '../support/until.ts';

// The worker is killed at an aimed moment of an external effect, a hundred times over; then the call is tried again, as Temporal would.
// Real: the process, the kill, PostgreSQL, the mail server, the web server, the MCP server. Aims: `before` the effect, `done` (the other
// side did it, its answer has not come) and `answered` (the answer has come, the outcome cannot be written: its row is locked).

const aims = ['before', 'done', 'answered'] as const;
type Aim = (typeof aims)[number];
const killsPerTool = 36;

let postgres: RealPostgres | undefined;
let database: TestDatabase;
let runId: string;
let env: Record<string, string>;
let system: Tools;
const closing: (() => unknown)[] = [];

/** What the outside world saw, by call. */
const effects = new Map<string, number>();
const reached = new Map<string, Aim>();
const locks = new Map<string, pg.Client>();
/** Once the process is dead nobody holds the line any more: calls made again go through. */
const passing = new Set<string>();

async function lockRow(toolCallId: string): Promise<void> {
  const client = new pg.Client({ connectionString: database.connectionString });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('begin');
  await client.query('select 1 from tool_calls where id = $1 for update', [toolCallId]);
  locks.set(toolCallId, client);
}
const unlockRow = async (toolCallId: string): Promise<void> => {
  await locks.get(toolCallId)?.end();
  locks.delete(toolCallId);
};

/** The other side of a call: does its effect, or not, and answers, or not, as the call is aimed. `answer` sends the answer. */
async function actOutside(toolCallId: string, aim: Aim, answer: () => void): Promise<void> {
  const isPassing = passing.has(toolCallId);
  if (aim === 'before' && !isPassing) return void reached.set(toolCallId, aim);
  if (aim === 'answered' && !isPassing) await lockRow(toolCallId);
  effects.set(toolCallId, (effects.get(toolCallId) ?? 0) + 1);
  if (aim === 'done' && !isPassing) return void reached.set(toolCallId, aim);
  answer();
  reached.set(toolCallId, aim);
}

const addressedTo = (address: string): { aim: Aim; toolCallId: string } => {
  const [, aim, toolCallId] = /^(before|done|answered)\.([0-9a-f-]{36})@/.exec(address) ?? [];
  return { aim: aim as Aim, toolCallId: toolCallId ?? '' };
};

async function startMailServer(): Promise<string> {
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'], disableReverseLookup: true, closeTimeout: 100,
    onRcptTo({ address }, _session, callback) {
      const { aim, toolCallId } = addressedTo(address);
      if (aim === 'before' && !passing.has(toolCallId)) reached.set(toolCallId, aim);
      else callback();
    },
    onData(stream, { envelope }, callback) {
      const { aim, toolCallId } = addressedTo(envelope.rcptTo[0]?.address ?? '');
      stream.resume().once('end', () => void actOutside(toolCallId, aim, () => callback()));
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  closing.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
}

/** A web server that does something for each POST, and an MCP server with one tool under `/mcp`. */
async function startWebServer(): Promise<string> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => {
      const json = (value: unknown): void => void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
      const [, aim = '', toolCallId = ''] = (request.url ?? '').split('/');
      if (aim !== 'mcp') return void actOutside(toolCallId, aim as Aim, () => json({ ok: true }));
      if (request.method !== 'POST') return void response.writeHead(405).end();
      const { id, method, params } = JSON.parse(Buffer.concat(chunks).toString()) as { id?: number; method: string; params?: { arguments?: { aim: Aim; order: string }; protocolVersion?: string } };
      if (id === undefined) return void response.writeHead(202).end();
      const reply = (result: unknown): void => json({ jsonrpc: '2.0', id, result });
      if (method === 'initialize') return reply({ protocolVersion: params?.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'orders', version: '1' } });
      if (method === 'tools/list') return reply({ tools: [{ name: 'place_order', description: 'Places an order.', inputSchema: { type: 'object', properties: { aim: { type: 'string' }, order: { type: 'string' } }, required: ['aim', 'order'] } }] });
      if (method !== 'tools/call' || params?.arguments === undefined) return json({ jsonrpc: '2.0', id, error: { code: -32_601, message: 'no such method' } });
      void actOutside(params.arguments.order, params.arguments.aim, () => reply({ content: [{ type: 'text', text: 'placed' }] }));
    });
    request.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  closing.push(() => { server.closeAllConnections(); server.close(); });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  if (process.env['MAESTRO_TEST_DATABASE_URL'] === undefined) {
    postgres = await startRealPostgres();
    process.env['MAESTRO_TEST_DATABASE_URL'] = postgres.connectionString;
  }
  database = await createTestDatabase();
  runId = await addRun(database.db);
  const [smtpUrl, webUrl] = [await startMailServer(), await startWebServer()];
  env = {
    DATABASE_URL: database.connectionString, TEMPORAL_ADDRESS: '127.0.0.1:1', MAESTRO_JWT_SECRET: 'a secret of the tests, long enough', MAESTRO_ENCRYPTION_KEY: '0'.repeat(64),
    SMTP_URL: smtpUrl, HTTP_TOOL_ALLOW_HOSTS: new URL(webUrl).host, DATABASE_MAX_CONNECTIONS: '8',
  };
  const config = loadConfig(env);
  const secretBox = createSecretBox(config.auth.encryptionKey);
  const sandbox = createPythonSandbox({ cacheDir: config.dataDir, poolSize: 0 });
  system = createTools({ db: database.db, config, secretBox, sandbox });
  closing.push(() => system.mcpSessions.close());
  const deps = { ...system, db: database.db, config, secretBox };
  const actor = { userId: null, name: 'Maestro' };
  const made = await createMcpServer(deps, { body: { name: 'Orders', slug: 'orders', transport: { type: 'streamable_http', url: `${webUrl}/mcp`, headers: {} }, timeout_seconds: 60, is_enabled: true }, actor, signal: new AbortController().signal });
  const server = made.tools.length > 0 ? made : await refreshMcpServer(deps, { serverId: made.id, actor, signal: new AbortController().signal });
  const [tool] = server.tools;
  if (tool === undefined) throw new Error(`the MCP server listed no tool: ${JSON.stringify(server.last_test)}`);
  await reviewMcpTool(deps, { serverId: server.id, toolId: tool.id, body: { hash: tool.hash, is_enabled: true, risk: 'MEDIUM', effect: 'external' }, actor });
  system.tools.forget();
  toolsUnderTest.http_request = (toolCallId, aim) => ({ method: 'POST', url: `${webUrl}/${aim}/${toolCallId}`, body: '{}' });
  toolsUnderTest[tool.registered_name] = toolsUnderTest['mcp'] as ArgumentsOf;
  delete toolsUnderTest['mcp'];
});
afterAll(async () => {
  for (const toolCallId of locks.keys()) await unlockRow(toolCallId);
  for (const close of closing.toReversed()) await close();
  await database?.close();
  if (postgres !== undefined) {
    delete process.env['MAESTRO_TEST_DATABASE_URL'];
    await postgres.stop();
  }
});

type ArgumentsOf = (toolCallId: string, aim: Aim) => Record<string, unknown>;
const toolsUnderTest: Record<string, ArgumentsOf> = {
  send_email: (toolCallId, aim) => ({ to: [`${aim}.${toolCallId}@example.com`], subject: 'Your order', text: 'It is on its way.' }),
  mcp: (toolCallId, aim) => ({ aim, order: toolCallId }),
};

let iteration = 0;
/** A judged and approved call of the tool, aimed. */
async function propose(toolName: string, aim: Aim): Promise<string> {
  const [id = ''] = await recordTurn(database.db, { runId, iteration: ++iteration, thought: 'now', calls: [{ toolName, arguments: {} }] });
  const args = (toolsUnderTest[toolName] as ArgumentsOf)(id, aim);
  await database.db.updateTable('tool_calls').set({ arguments: JSON.stringify(args), arguments_hash: hashJson(args) }).where('id', '=', id).execute();
  await checkToolCall({ db: database.db, tools: system.tools, policies: createPolicies({ db: database.db, environment: 'test' }) }, { toolCallId: id });
  await updateToolCall(database.db, id, { state: 'allowed' });
  return id;
}

const stateOf = async (id: string): Promise<string> => (await findToolCall(database.db, id))?.state ?? 'gone';
const tryAgain = (toolCallId: string) => executeToolCall({ db: database.db, ...system, judgeAgain: (registry, call) => judgeAgain({ db: database.db, policies: createPolicies({ db: database.db, environment: 'test' }) }, registry, call) }, { toolCallId, attempt: 2, maxAttempts: 5, signal: new AbortController().signal });

/** One kill: three calls of one process, each brought to its own moment, then SIGKILL, then each call tried again. */
async function killOnce(toolName: string): Promise<{ aim: Aim; id: string; state: string; effects: number }[]> {
  const calls = await Promise.all(aims.map(async (aim) => ({ aim, id: await propose(toolName, aim) })));
  const worker = startProcess('tests/support/execute-calls.ts', {}, [JSON.stringify({ env, toolCallIds: calls.map(({ id }) => id) })]);
  await until(`every call at its moment (${worker.output()})`, async () => {
    if (!worker.isAlive()) throw new Error(`the worker ended by itself: ${worker.output()}`);
    return calls.every(({ id }) => reached.has(id));
  });
  const answered = calls.find(({ aim }) => aim === 'answered')?.id ?? '';
  await until('the outcome to wait for its row', async () => {
    const { rows } = await sql<{ waiting: number }>`select count(*)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%tool_calls%'`.execute(database.db);
    return (rows[0]?.waiting ?? 0) > 0;
  });
  await worker.kill();
  await unlockRow(answered);
  for (const { id } of calls) passing.add(id);
  await Promise.all(calls.map(({ id }) => tryAgain(id)));
  return Promise.all(calls.map(async ({ aim, id }) => ({ aim, id, state: await stateOf(id), effects: effects.get(id) ?? 0 })));
}

describe.each(['send_email', 'http_request', 'mcp_orders_place_order'])('%s', (toolName) => {
  test(`killed ${killsPerTool} times with three calls under way: nothing happens twice, nothing is lost, whatever is uncertain is asked`, async () => {
    const outcomes: Awaited<ReturnType<typeof killOnce>> = [];
    for (let kill = 0; kill < killsPerTool; kill += 2) outcomes.push(...(await Promise.all([killOnce(toolName), killOnce(toolName)])).flat());
    expect(outcomes).toHaveLength(3 * killsPerTool);
    for (const { aim, state, effects: count } of outcomes) {
      expect(count, `${aim}: happened ${count} times`).toBeLessThanOrEqual(1);
      // Nobody can ask these servers what they did: what may have happened is asked, never repeated and never called failed.
      if (aim === 'done' || aim === 'answered') expect([count, state], aim).toEqual([1, 'outcome_unknown']);
      // SMTP tells the moment before the message; over HTTP the request itself may be the effect.
      else expect([count, state], aim).toEqual(toolName === 'send_email' ? [1, 'succeeded'] : [0, 'outcome_unknown']);
    }

    const asked = outcomes.filter(({ state }) => state === 'outcome_unknown');
    const deps = { db: database.db, ...system, policies: createPolicies({ db: database.db, environment: 'test' }), notifier: { wake: async () => undefined } };
    const actor = { userId: null, name: 'Ana' };
    for (const [index, { id, effects: before }] of asked.entries()) {
      const { requestId } = await requestApproval(deps, { runId, toolCallId: id, kind: 'outcome_unknown' });
      const verdict = (['confirm_happened', 'approve', 'reject'] as const)[index % 3] ?? 'reject';
      await settleApproval(deps, { requestId, verdict, door: 'api', actor, note: 'I looked.' });
      if (verdict === 'approve') expect(await tryAgain(id)).toEqual({ state: 'succeeded' });
      expect([verdict, await stateOf(id), effects.get(id) ?? 0]).toEqual([verdict, verdict === 'reject' ? 'failed' : 'succeeded', before + (verdict === 'approve' ? 1 : 0)]);
    }
  }, 600_000);
});
