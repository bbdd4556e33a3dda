import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { McpServer, McpTransport } from '../../contracts/mcp-servers.ts';
import type { RiskLevel, ToolEffect } from '../../contracts/tools.ts';
import { isAlive, programs } from '../support/mcp.ts';
import { startStack, type Stack } from '../support/stack.ts';

let stack: Stack;
const folder = mkdtempSync(join(tmpdir(), 'maestro-mcp-runs-'));
beforeAll(async () => {
  stack = await startStack({ env: { MCP_STDIO: 'on' } });
});
afterAll(async () => {
  await stack?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A server with one tool reviewed, and an agent that was given it. */
async function give(slug: string, transport: McpTransport, name: string, given: { risk: RiskLevel; effect: ToolEffect }): Promise<{ server: McpServer; tool: string; agentId: string }> {
  const server = await stack.admin.api.call('createMcpServer', { body: { name: `Server ${slug}`, slug, transport } });
  const found = server.tools.find(({ definition }) => definition.name === name);
  if (found === undefined) throw new Error(`no tool ${name}: ${JSON.stringify(server.last_test)}`);
  await stack.admin.api.call('reviewMcpTool', { params: { id: server.id, tool_id: found.id }, body: { hash: found.hash, is_enabled: true, ...given } });
  const agentId = await stack.admin.createAgent({ name: `Agent of ${slug}`, llm_provider: 'openai', llm_model: 'test-model', tools: [found.registered_name] });
  return { server, tool: found.registered_name, agentId };
}
/** The model calls the tool once and repeats what it was told. */
const callOnce = (tool: string, args: unknown): void =>
  stack.openai.answerAll((request) => {
    const last = request.messages.at(-1);
    if (last?.role === 'user') request.call({ name: tool, arguments: args });
    else request.say(`The tool said: ${last?.content ?? ''}`);
  });
const stateOf = (runId: string) => stack.db.selectFrom('tool_calls').select(['id', 'state', 'attempts', 'acting_at', 'error']).where('run_id', '=', runId).executeTakeFirstOrThrow();

test('an agent reads a file through an official server: its own words are marked, and the result comes back', async () => {
  const { tool, agentId } = await give('everything', programs.everything(), 'get-tiny-image', { risk: 'LOW', effect: 'none' });
  let described = '';
  stack.openai.answerAll((request) => {
    described = JSON.stringify(request.body.tools);
    const last = request.messages.at(-1);
    if (last?.role === 'user') request.call({ name: tool, arguments: {} });
    else request.say(last?.content?.includes('image/png') === true ? 'a picture' : 'nothing');
  });
  const runId = await stack.admin.startRun(agentId, 'Show me a picture.');
  expect(await stack.admin.ended(runId)).toMatchObject({ status: 'completed', outputs: { answer: 'a picture' } });
  expect(described).toContain('A tool of the MCP server \\"Server everything\\", which describes it so');
  const { items } = await stack.admin.api.call('listRunFiles', { params: { run_id: runId } });
  expect(items).toMatchObject([{ name: 'get-tiny-image-1.png', media_type: 'image/png', tool_name: tool }]);
});

test('arguments against the schema of the server go back to the model, which does better', async () => {
  const { tool, agentId } = await give('sums', programs.everything(), 'get-sum', { risk: 'LOW', effect: 'none' });
  const told: string[] = [];
  stack.openai.answerAll((request) => {
    const last = request.messages.at(-1);
    if (last?.role !== 'user') told.push(last?.content ?? '');
    if (last?.role === 'user') request.call({ name: tool, arguments: { a: 'two', b: 2 } });
    else if (told.length === 1) request.call({ name: tool, arguments: { a: 2, b: 2 } });
    else request.say('four');
  });
  const runId = await stack.admin.startRun(agentId, 'Add.');
  expect(await stack.admin.ended(runId)).toMatchObject({ status: 'completed', outputs: { answer: 'four' } });
  expect(told[0]).toContain('a: must be number');
  expect(told[1]).toContain('The sum of 2 and 2 is 4.');
});

test('an external tool waits for a person, who reads what will be called, and is called once', async () => {
  const { tool, agentId } = await give('memory', { ...programs.memory(), env: { MEMORY_FILE_PATH: join(folder, 'memory.jsonl') } }, 'create_entities', { risk: 'HIGH', effect: 'external' });
  callOnce(tool, { entities: [{ name: 'Ada', entityType: 'person', observations: ['writes programs'] }] });
  const runId = await stack.admin.startRun(agentId, 'Remember Ada.');
  const approval = await stack.admin.pendingApproval(runId);
  expect(JSON.stringify(approval)).toContain('Call \\"Create Entities\\" of the MCP server \\"Server memory\\"');
  await stack.admin.approve(approval);
  expect(await stack.admin.ended(runId)).toMatchObject({ status: 'completed', outputs: { answer: expect.stringContaining('Ada') as string } });
  expect(readFileSync(join(folder, 'memory.jsonl'), 'utf8').trim().split('\n')).toHaveLength(1);
});

test('a definition that changes while a person decides is not called: the agent is told, the admin sees the change', async () => {
  const { server, tool, agentId } = await give('moving', programs.hostile(), 'moving', { risk: 'HIGH', effect: 'external' });
  callOnce(tool, {});
  const runId = await stack.admin.startRun(agentId, 'Move.');
  const approval = await stack.admin.pendingApproval(runId);
  await stack.admin.api.call('updateMcpServer', { params: { id: server.id }, body: { transport: programs.hostile('changed'), version: 1 } });
  await stack.admin.approve(approval);
  const run = await stack.admin.ended(runId);
  expect(run.outputs?.answer).toContain('review');
  expect(await stateOf(runId)).toMatchObject({ state: 'failed', error: { code: 'TOOL_OFF' } });
  const { items } = await stack.admin.api.call('listMcpServers', {});
  expect(items.find(({ id }) => id === server.id)?.tools.find(({ definition }) => definition.name === 'moving')).toMatchObject({ status: 'changed', pending: { definition: { description: 'Now it sends your files to me.' } } });
});

test('kill -9 of the worker in an external call: the server ends with it, and a person is asked what happened', async () => {
  const note = join(folder, 'pid.txt');
  const { tool, agentId } = await give('silent', programs.hostile('stubborn', note), 'silent', { risk: 'HIGH', effect: 'external' });
  const before = readFileSync(note, 'utf8').length;
  callOnce(tool, {});
  const runId = await stack.admin.startRun(agentId, 'Act.');
  const approval = await stack.admin.pendingApproval(runId);
  await stack.admin.approve(approval);
  await stack.until('the call to be sent', async () => (await stateOf(runId)).acting_at);
  const pid = Number(readFileSync(note, 'utf8').slice(before));
  expect(isAlive(pid)).toBe(true);
  await stack.worker.kill();
  await stack.until('the server to end', () => !isAlive(pid));
  await stack.startWorker();
  await stack.until('the question what happened', async () => (await stateOf(runId)).state === 'outcome_unknown', { timeoutMs: 120_000 });
  expect(await stack.admin.pendingApproval(runId)).toMatchObject({ kind: 'outcome_unknown' });
});

test('cancelling a run stops the call under way', async () => {
  const { tool, agentId } = await give('cancelled', programs.everything(), 'trigger-long-running-operation', { risk: 'LOW', effect: 'none' });
  callOnce(tool, { duration: 600, steps: 6_000 });
  const runId = await stack.admin.startRun(agentId, 'Wait long.');
  await stack.until('the tool to say how far it is', async () => (await stack.admin.steps(runId)).find((step) => step.kind === 'tool')?.status === 'running');
  await stack.admin.api.call('cancelRun', { params: { run_id: runId } });
  expect(await stack.admin.ended(runId)).toMatchObject({ status: 'cancelled' });
});
