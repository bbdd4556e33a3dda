import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { agentDefinitionSchema } from '../../contracts/agents.ts';
import { type ListMemoryQuery, listMemoryQuerySchema, memorySchema } from '../../contracts/memory.ts';
import { pageOf } from '../../contracts/pagination.ts';
import { insertAgent, insertAgentVersion, markAgentDeleted } from '../../db/repositories/agents.repository.ts';
import { listAuditEntries } from '../../db/repositories/audit.repository.ts';
import { insertRun } from '../../db/repositories/runs.repository.ts';
import { insertStep } from '../../db/repositories/steps.repository.ts';
import { insertToolCalls } from '../../db/repositories/tool-calls.repository.ts';
import type { Config } from '../../platform/config.ts';
import { newId } from '../../platform/ids.ts';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database.ts';
import { systemActor } from '../governance/index.ts';
import { createMemory, type Memory } from './index.ts';

let database: TestDatabase;
let memory: Memory;
const local: Config['memory'] = { embedding: undefined, chromaUrl: undefined };
const unreachable = 'http://127.0.0.1:9';
const memoryWith = (config: Partial<Config['memory']>): Memory => createMemory({ db: database.db, config: { ...local, ...config } });

beforeAll(async () => {
  database = await createTestDatabase();
  memory = memoryWith({});
});
afterAll(() => database.close());

const definition = agentDefinitionSchema.parse({ purpose: 'p', llm_provider: 'scripted', llm_model: 'm' });
async function addAgent(): Promise<string> {
  const id = newId();
  await insertAgent(database.db, { id, name: id, isDemo: false, createdBy: null });
  await insertAgentVersion(database.db, { agentId: id, version: 1, name: id, definition, createdBy: null });
  return id;
}
async function addRun(agentId: string): Promise<string> {
  const id = newId();
  await insertRun(database.db, { id, agentId, agentVersion: 1, inputs: { goal: 'g' }, limits: definition.limits, startedBy: null, idempotencyKey: null, requestHash: 'x' });
  return id;
}
let position = 0;
async function addToolCall(runId: string): Promise<{ toolCallId: string; stepId: string }> {
  const [toolCallId, stepId] = [newId(), newId()];
  await insertToolCalls(database.db, [
    { id: toolCallId, runId, iteration: 1, position: position++, providerCallId: toolCallId, toolName: 'run_sql', arguments: {}, rawArguments: null, argumentsHash: 'h', idempotencyKey: toolCallId, state: 'proposed', error: null },
  ]);
  await insertStep(database.db, { id: stepId, runId, iteration: 1, kind: 'tool', status: 'completed', toolCallId });
  return { toolCallId, stepId };
}
async function remember(agentId: string, text: string, options: { in?: Memory; runId?: string } = {}): Promise<{ runId: string; toolCallId: string; stepId: string }> {
  const runId = options.runId ?? (await addRun(agentId));
  const call = await addToolCall(runId);
  await (options.in ?? memory).remember({ agentId, runId, toolCallId: call.toolCallId, iteration: 1, toolName: 'run_sql', text });
  return { runId, ...call };
}
const list = async (agentId: string, query: Partial<ListMemoryQuery> = {}, from = memory) => {
  const { mode, ...page } = await from.list({ agentId, query: listMemoryQuerySchema.parse(query) });
  return { mode, ...pageOf(memorySchema).parse(page) };
};
const textsOf = (found: { text: string }[]): string[] => found.map((entry) => entry.text);

const ticketTexts = [
  'run_sql: 47 support tickets of today, most of them about refunds that did not arrive',
  'execute_python: the average sentiment of the tickets is -0.21',
  'send_email: the summary was delivered to the support lead',
  'run_sql: the warehouse has 12 forklifts',
];

test('an outcome is remembered with its vector, its step and its event, and says where it came from', async () => {
  const agentId = await addAgent();
  const { runId, toolCallId, stepId } = await remember(agentId, ticketTexts[0] ?? '');
  const { items, mode } = await list(agentId);
  expect(mode).toBe('list');
  expect(items).toMatchObject([{ kind: 'episode', text: ticketTexts[0], run_id: runId, step_id: stepId, embedding_state: 'ready', embedding_model: 'local-lexical-1', last_used_at: null, score: null }]);
  const steps = await database.db.selectFrom('steps').select(['kind', 'status', 'memory_id']).where('tool_call_id', '=', toolCallId).where('kind', '=', 'memory').execute();
  expect(steps).toEqual([{ kind: 'memory', status: 'completed', memory_id: items[0]?.id }]);
  const events = await database.db.selectFrom('events').select(['type', 'data']).where('run_id', '=', runId).where('type', '=', 'memory-changed').execute();
  expect(events).toEqual([{ type: 'memory-changed', data: { agent_id: agentId, memory_id: items[0]?.id, change: 'added' } }]);
});

test('a memory says which tools it came from: the one called, and those its arguments were copied from, if that was looked for', async () => {
  const agentId = await addAgent();
  const runId = await addRun(agentId);
  const { toolCallId } = await addToolCall(runId);
  await database.db.insertInto('safety_checks').values({
    id: newId(), tool_call_id: toolCallId, run_id: runId, arguments_hash: 'h', facts: JSON.stringify({ taint: { read_from: ['lookup', 'web_search'], copied_from: ['web_search'], handed_over: [] } }),
    risk_level: 'LOW', verdict: 'allow', reason: '', policy_version: 'p', matched_rules: '[]', agent_id: agentId, tool_name: 'run_sql', effect: 'none', problems: '[]',
  }).execute();
  await memory.remember({ agentId, runId, toolCallId, iteration: 1, toolName: 'run_sql', text: 'forklifts' });
  expect(await memory.recall({ agentId, query: 'forklifts', limit: 1 })).toMatchObject([{ cameFrom: ['run_sql', 'web_search'] }]);
  await remember(agentId, 'shipments');
  expect(await memory.recall({ agentId, query: 'shipments', limit: 1 })).toMatchObject([{ cameFrom: null }]);
});

test('what many calls of one agent remember at once is all in the index', async () => {
  const agentId = await addAgent();
  const texts = Array.from({ length: 12 }, (_, index) => `crate ${index} was weighed`);
  await Promise.all(texts.map((text) => remember(agentId, text)));
  const { items } = await list(agentId);
  expect(textsOf(items).toSorted()).toEqual(texts.toSorted());
  expect(items.every((item) => item.embedding_state === 'ready')).toBe(true);
});

test('a tool call is remembered once, however often and however simultaneously it is asked for', async () => {
  const agentId = await addAgent();
  const { runId, toolCallId } = await remember(agentId, 'once');
  await Promise.all(Array.from({ length: 4 }, () => memory.remember({ agentId, runId, toolCallId, iteration: 1, toolName: 'run_sql', text: 'once' })));
  expect((await list(agentId)).items).toHaveLength(1);
  expect(await database.db.selectFrom('steps').select('id').where('run_id', '=', runId).where('kind', '=', 'memory').execute()).toHaveLength(1);
});

test('recall gives the best first, by meaning of the words, notes the use and leaves out the run that asks', async () => {
  const agentId = await addAgent();
  const runs = [];
  for (const text of ticketTexts) runs.push((await remember(agentId, text)).runId);
  const recalled = await memory.recall({ agentId, query: "Analyse today's refund tickets", limit: 2 });
  expect(recalled[0]?.text).toBe(ticketTexts[0]);
  expect(textsOf(recalled)).not.toContain(ticketTexts[3]);
  expect(recalled.every((entry) => entry.score > 0 && entry.score <= 1)).toBe(true);
  const used = (await list(agentId)).items.filter((item) => item.last_used_at !== null);
  expect(used.map((item) => item.id).sort()).toEqual(recalled.map((entry) => entry.id).sort());
  const others = await memory.recall({ agentId, query: 'refund tickets', limit: 5, excludeRunId: runs[0] });
  expect(textsOf(others)).not.toContain(ticketTexts[0]);
});

test('an agent never recalls, lists or deletes what another remembers', async () => {
  const [agentId, otherId] = [await addAgent(), await addAgent()];
  await remember(otherId, 'the secret plan of the other agent');
  const other = (await list(otherId)).items[0]?.id ?? '';
  expect(await memory.recall({ agentId, query: 'secret plan', limit: 5 })).toEqual([]);
  expect((await list(agentId, { query: 'secret plan' })).items).toEqual([]);
  await expect(memory.remove({ agentId, memoryId: other, actor: systemActor })).rejects.toMatchObject({ code: 'MEMORY_NOT_FOUND' });
});

test('a search finds inflected words by their letters and says nothing about texts with nothing in common', async () => {
  const agentId = await addAgent();
  await remember(agentId, 'customers complained about delayed shipments to Zürich');
  expect((await list(agentId, { query: 'customer complaints shipment zurich' })).items).toHaveLength(1);
  expect((await list(agentId, { query: 'quantum chromodynamics' })).items).toEqual([]);
});

test.each([`'; drop table memories; --`, `\\ ' " | & ! ( ) : *`, '<->', 'a', '\u0000x', '😀 x:*', 'word '.repeat(300)])('a query is text, whatever it holds: %j', async (query) => {
  const agentId = await addAgent();
  await remember(agentId, 'some words');
  await expect(memory.recall({ agentId, query, limit: 3 })).resolves.toBeDefined();
});

test('lists go newest first in pages without gaps, by kind and by run', async () => {
  const agentId = await addAgent();
  const runId = await addRun(agentId);
  for (let index = 0; index < 5; index++) await remember(agentId, `entry ${index}`, index < 3 ? { runId } : {});
  const first = await list(agentId, { limit: 2 });
  const second = await list(agentId, { limit: 2, cursor: first.next_cursor ?? '' });
  const third = await list(agentId, { limit: 2, cursor: second.next_cursor ?? '' });
  expect(textsOf([...first.items, ...second.items, ...third.items])).toEqual(['entry 4', 'entry 3', 'entry 2', 'entry 1', 'entry 0']);
  expect(third.next_cursor).toBeNull();
  expect((await list(agentId, { run_id: runId })).items).toHaveLength(3);
  expect((await list(agentId, { run_id: runId, query: 'entry' })).items).toHaveLength(3);
  expect((await list(agentId, { kind: 'fact' })).items).toEqual([]);
  await expect(list(agentId, { cursor: 'x' })).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
  await expect(list(newId())).rejects.toMatchObject({ code: 'AGENT_NOT_FOUND' });
  await markAgentDeleted(database.db, agentId);
  await expect(list(agentId)).rejects.toMatchObject({ code: 'AGENT_NOT_FOUND' });
});

test('a forgotten memory is gone from lists, searches and vectors, once, and the audit log does not keep its text', async () => {
  const agentId = await addAgent();
  await remember(agentId, 'the password is swordfish');
  const memoryId = (await list(agentId)).items[0]?.id ?? '';
  await memory.remove({ agentId, memoryId, actor: systemActor });
  expect((await list(agentId)).items).toEqual([]);
  expect((await list(agentId, { query: 'swordfish' })).items).toEqual([]);
  expect(await database.db.selectFrom('memory_vectors').select('memory_id').where('memory_id', '=', memoryId).execute()).toEqual([]);
  await expect(memory.remove({ agentId, memoryId, actor: systemActor })).rejects.toMatchObject({ code: 'MEMORY_NOT_FOUND' });
  const entries = await listAuditEntries(database.db, { objectId: memoryId, limit: 5 });
  expect(entries).toMatchObject([{ action: 'memory.delete' }]);
  expect(JSON.stringify(entries)).not.toContain('swordfish');
});

test('while the vector store is away outcomes are kept, lists work and searches compare words, and say so', async () => {
  const agentId = await addAgent();
  const cut = memoryWith({ chromaUrl: unreachable });
  await remember(agentId, ticketTexts[0] ?? '', { in: cut });
  expect((await list(agentId, {}, cut)).items).toMatchObject([{ embedding_state: 'missing', embedding_model: null }]);
  expect(await list(agentId, { query: 'refunds' }, cut)).toMatchObject({ mode: 'full_text', items: [{ text: ticketTexts[0] }] });
  expect(textsOf(await cut.recall({ agentId, query: 'refunds', limit: 1 }))).toEqual([ticketTexts[0]]);
  await expect(cut.vectorStore.ping()).rejects.toThrow();
});

test('what was remembered without its vector is indexed as soon as the store is back', async () => {
  const agentId = await addAgent();
  await remember(agentId, 'kept while away', { in: memoryWith({ chromaUrl: unreachable }) });
  expect((await list(agentId)).items[0]?.embedding_state).toBe('missing');
  expect((await list(agentId, { query: 'kept' })).mode).toBe('hybrid');
  expect((await list(agentId)).items[0]?.embedding_state).toBe('ready');
});

/** An embedding endpoint: a vector of the text's counts of a, b and c. Keeps what it was asked and with which key. */
async function startEmbeddingServer(answer?: (texts: string[]) => unknown): Promise<{ url: string; requests: { body: { model: string; input: string[]; encoding_format: string }; key: string | undefined }[]; server: Server }> {
  const requests: { body: { model: string; input: string[]; encoding_format: string }; key: string | undefined }[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(parts).toString()) as (typeof requests)[number]['body'];
      requests.push({ body, key: request.headers.authorization });
      // Out of order on purpose: the index is what counts.
      const data = body.input.map((text, index) => ({ object: 'embedding', index, embedding: ['a', 'b', 'c'].map((letter) => text.split(letter).length - 1) })).reverse();
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(answer?.(body.input) ?? { object: 'list', data, model: body.model, usage: { prompt_tokens: 1, total_tokens: 1 } }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, requests, server };
}

test('with an endpoint configured its embeddings are used, and memories of another model are embedded anew', async () => {
  const { url, requests, server } = await startEmbeddingServer();
  try {
    const agentId = await addAgent();
    await remember(agentId, 'aaaa');
    const remote = memoryWith({ embedding: { model: 'counting', baseUrl: url, apiKey: 'k' } });
    await remember(agentId, 'cccc', { in: remote });
    expect(requests[0]).toMatchObject({ key: 'Bearer k', body: { model: 'counting', encoding_format: 'float', input: ['cccc', 'aaaa'] } });
    expect(textsOf(await remote.recall({ agentId, query: 'a', limit: 1 }))).toEqual(['aaaa']);
    expect((await list(agentId, {}, remote)).items.map((item) => item.embedding_model)).toEqual(['counting', 'counting']);
  } finally {
    server.close();
  }
});

test.each([
  ['too few vectors', () => ({ object: 'list', data: [] })],
  ['empty vectors', (texts: string[]) => ({ object: 'list', data: texts.map((_text, index) => ({ index, embedding: [] })) })],
  ['no vectors at all', () => ({ error: 'busy' })],
])('an endpoint that answers %s is treated as away', async (_name, answer) => {
  const { url, server } = await startEmbeddingServer(answer);
  try {
    const agentId = await addAgent();
    const remote = memoryWith({ embedding: { model: 'broken', baseUrl: url, apiKey: undefined } });
    await remember(agentId, 'kept anyway', { in: remote });
    expect(await list(agentId, { query: 'kept' }, remote)).toMatchObject({ mode: 'full_text', items: [{ embedding_state: 'missing' }] });
  } finally {
    server.close();
  }
});
