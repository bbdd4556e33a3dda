import { afterAll, beforeAll, expect, test } from 'vitest';
import { agentSchema, agentVersionSchema, type CreateAgentInput, createAgentBodySchema, type ListAgentsQuery, listAgentsQuerySchema, type UpdateAgentBody } from '../../contracts/agents.ts';
import { pageOf } from '../../contracts/pagination.ts';
import { type RunPhase, terminalRunPhases } from '../../contracts/runs.ts';
import { findAgentForRun } from '../../db/repositories/agent-pins.repository.ts';
import { countAgentUses } from '../../db/repositories/agents.repository.ts';
import { listAuditEntries } from '../../db/repositories/audit.repository.ts';
import { insertRun } from '../../db/repositories/runs.repository.ts';
import { newId } from '../../platform/ids.ts';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database.ts';
import { catalogueOf, idleTool } from '../../tests/support/tools.ts';
import { systemActor, verifyAudit } from '../governance/index.ts';
import { createLanguageModels } from '../llm/index.ts';
import { type AgentDeps, createAgent, deleteAgent, ensureDemoAgent, getAgent, listAgents, listAgentVersions, updateAgent } from './index.ts';

let database: TestDatabase;
let deps: AgentDeps;
const known = ['run_sql', 'send_email', 'execute_python'].map((name) => idleTool(name));

beforeAll(async () => {
  database = await createTestDatabase();
  deps = {
    db: database.db,
    tools: catalogueOf(known),
    models: createLanguageModels({ config: { openai: { apiKey: undefined, baseUrl: undefined }, anthropic: { apiKey: undefined, baseUrl: undefined } } }),
  };
});
afterAll(() => database.close());

let counter = 0;
const create = (body: Partial<CreateAgentInput> = {}) =>
  createAgent(deps, {
    body: createAgentBodySchema.parse({ name: `Agent ${++counter}`, purpose: 'Answers questions.', llm_provider: 'openai', llm_model: 'gpt-test', tools: ['run_sql'], ...body }),
    actor: systemActor,
  });
const update = (agentId: string, body: UpdateAgentBody) => updateAgent(deps, { agentId, body, actor: systemActor });
const list = (query: Partial<ListAgentsQuery>) => listAgents(deps, listAgentsQuerySchema.parse(query));

async function addRun(agentId: string, phase: RunPhase, options: { cost?: number; isCostUnknown?: boolean; createdAt?: Date } = {}): Promise<string> {
  const pin = await findAgentForRun(database.db, agentId);
  if (pin === undefined) throw new Error('no such agent');
  const id = newId();
  await insertRun(database.db, { id, agentId, agentVersion: pin.version, inputs: { goal: 'Do it.' }, limits: pin.definition.limits, startedBy: null, idempotencyKey: null, requestHash: 'x' });
  await database.db.updateTable('runs').set({ phase, cost_micro_usd: options.cost ?? 0, has_unknown_cost: options.isCostUnknown ?? false }).where('id', '=', id).execute();
  // created_at is the database's own otherwise.
  if (options.createdAt !== undefined) await database.db.updateTable('runs').set({ created_at: options.createdAt } as never).where('id', '=', id).execute();
  return id;
}

test('a new agent is ready, at version 1, with defaults filled in and nothing in its figures', async () => {
  const agent = agentSchema.parse(await create());
  expect(agent).toMatchObject({ status: 'ready', version: 1, tools: ['run_sql'], on_rejection: 'tell_agent', is_demo: false, limits: { max_iterations: 10 } });
  expect(agent.stats).toEqual({ runs_7d: 0, success_rate_7d: null, cost_micro_usd_7d: 0, waiting: 0, last_run: null });
  expect(await getAgent(deps, agent.id)).toEqual(agent);
});

test('creating an agent tells the event log and the audit log in the same transaction', async () => {
  const agent = await create();
  const [entry] = await listAuditEntries(database.db, { objectId: agent.id, limit: 10 });
  expect(entry).toMatchObject({ action: 'agent.create', after: { name: agent.name, version: 1, tools: ['run_sql'] } });
  const events = await database.db.selectFrom('events').select('data').where('type', '=', 'agent-changed').execute();
  expect(events.map((event) => event.data)).toContainEqual({ agent_id: agent.id, change: 'created' });
});

test('a tool or script that does not exist here is refused by field, and nothing is written', async () => {
  await expect(create({ name: 'Searcher', tools: ['run_sql', 'web_search'] })).rejects.toMatchObject({ code: 'TOOL_UNKNOWN', details: { issues: [{ path: 'tools.1' }] } });
  await expect(create({ name: 'Searcher', llm_provider: 'scripted', llm_model: 'nothing' })).rejects.toMatchObject({ code: 'VALIDATION_FAILED', details: { issues: [{ path: 'llm_model' }] } });
  expect((await list({ text: 'Searcher' })).items).toEqual([]);
});

test('a name belongs to one agent, whatever its case, until that agent is deleted', async () => {
  const first = await create({ name: 'Unique Name' });
  const other = await create();
  await expect(create({ name: 'unique name' })).rejects.toMatchObject({ code: 'AGENT_NAME_TAKEN', details: { agent_id: first.id, issues: [{ path: 'name' }] } });
  await expect(update(other.id, { name: 'UNIQUE NAME' })).rejects.toMatchObject({ code: 'AGENT_NAME_TAKEN' });
  await expect(update(first.id, { name: 'UNIQUE name' })).resolves.toMatchObject({ version: 2 });
  await deleteAgent(deps, { agentId: first.id, actor: systemActor });
  await expect(create({ name: 'unique name' })).resolves.toBeDefined();
});

test('of several agents created at once under one name exactly one is made', async () => {
  const results = await Promise.allSettled(Array.from({ length: 4 }, () => create({ name: 'Contested' })));
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  for (const result of results) if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'AGENT_NAME_TAKEN' });
});

test('a change makes a new version, keeps the old one as it was and leaves other fields alone', async () => {
  const agent = await create({ instructions: 'Be brief.' });
  const changed = await update(agent.id, { purpose: 'Answers better.', version: 1 });
  expect(changed).toMatchObject({ version: 2, purpose: 'Answers better.', instructions: 'Be brief.', tools: ['run_sql'] });
  const versions = pageOf(agentVersionSchema).parse(await listAgentVersions(deps, { agentId: agent.id, query: { limit: 1 } }));
  expect(versions.items.map((version) => version.version)).toEqual([2]);
  const older = await listAgentVersions(deps, { agentId: agent.id, query: { limit: 1, cursor: versions.next_cursor ?? '' } });
  expect(older).toMatchObject({ items: [{ version: 1, purpose: 'Answers questions.' }], next_cursor: null });
  const [entry] = await listAuditEntries(database.db, { objectId: agent.id, action: 'agent.update', limit: 1 });
  expect(entry).toMatchObject({ before: { purpose: 'Answers questions.', version: 1 }, after: { purpose: 'Answers better.', version: 2 } });
});

test('a change that changes nothing makes no version', async () => {
  const agent = await create();
  expect(await update(agent.id, { purpose: agent.purpose, tools: agent.tools })).toEqual(agent);
});

test('a change made against an older version is refused with the current one, and of two at once one wins', async () => {
  const agent = await create();
  const results = await Promise.allSettled([update(agent.id, { purpose: 'One.', version: 1 }), update(agent.id, { purpose: 'Two.', version: 1 })]);
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  await expect(update(agent.id, { purpose: 'Three.', version: 1 })).rejects.toMatchObject({ code: 'AGENT_CHANGED', details: { version: 2 } });
});

test.each(['queued', 'running', 'waiting_for_approval', 'paused'] as const)('an agent with a run that is %s is not deleted, and the refusal names the run', async (phase) => {
  const agent = await create();
  const runId = await addRun(agent.id, phase);
  await expect(deleteAgent(deps, { agentId: agent.id, actor: systemActor })).rejects.toMatchObject({ code: 'AGENT_HAS_OPEN_RUNS', details: { run_ids: [runId] } });
  expect((await getAgent(deps, agent.id)).status).toBe('ready');
});

test('a deleted agent is gone from every address, once', async () => {
  const agent = await create();
  for (const phase of terminalRunPhases) await addRun(agent.id, phase);
  await deleteAgent(deps, { agentId: agent.id, actor: systemActor });
  for (const attempt of [
    () => getAgent(deps, agent.id),
    () => update(agent.id, { purpose: 'Back again.' }),
    () => deleteAgent(deps, { agentId: agent.id, actor: systemActor }),
    () => listAgentVersions(deps, { agentId: agent.id, query: { limit: 1 } }),
  ]) await expect(attempt()).rejects.toMatchObject({ code: 'AGENT_NOT_FOUND' });
  expect((await list({ limit: 200 })).items.map((item) => item.id)).not.toContain(agent.id);
});

test('figures count the last seven days, leave cancelled runs out of the rate and never add up an unknown cost', async () => {
  const agent = await create();
  const longAgo = new Date(Date.now() - 8 * 24 * 3600 * 1000);
  await addRun(agent.id, 'failed', { createdAt: longAgo, cost: 1_000 });
  await addRun(agent.id, 'waiting_for_approval', { createdAt: longAgo });
  await addRun(agent.id, 'completed', { cost: 30 });
  await addRun(agent.id, 'completed', { cost: 12 });
  await addRun(agent.id, 'timed_out');
  const lastId = await addRun(agent.id, 'cancelled');
  const { stats } = agentSchema.parse(await getAgent(deps, agent.id));
  expect(stats).toMatchObject({ runs_7d: 4, success_rate_7d: 2 / 3, cost_micro_usd_7d: 42, waiting: 1, last_run: { run_id: lastId, status: 'cancelled' } });
  await addRun(agent.id, 'completed', { isCostUnknown: true, cost: 5 });
  expect((await getAgent(deps, agent.id)).stats.cost_micro_usd_7d).toBeNull();
});

test('lists go newest first, in pages without gaps or repeats, by text, model and tool', async () => {
  const made = [];
  for (let index = 0; index < 5; index++) made.push(await create({ llm_model: 'paged-model', purpose: `Looks at 100% of case_${index}`, tools: index % 2 === 0 ? ['send_email'] : [] }));
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = pageOf(agentSchema).parse(await list({ llm_model: 'paged-model', limit: 2, ...(cursor === undefined ? {} : { cursor }) }));
    seen.push(...page.items.map((item) => item.id));
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  expect(seen).toEqual(made.map((agent) => agent.id).reverse());
  expect((await list({ llm_model: 'paged-model', tool: 'send_email' })).items).toHaveLength(3);
  expect((await list({ text: '100% OF CASE_3' })).items.map((item) => item.id)).toEqual([made[3]?.id]);
  expect((await list({ text: '100_' })).items).toEqual([]);
  await expect(list({ cursor: Buffer.from('"x"').toString('base64url') })).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
});

test('the demo agent is made once, by however many processes start together, and never comes back once deleted', async () => {
  const definition: CreateAgentInput = { name: 'Demo', purpose: 'Shows it.', llm_provider: 'scripted', llm_model: 'support-ticket-analyzer', tools: ['run_sql'] };
  const made = (await Promise.all(Array.from({ length: 3 }, () => ensureDemoAgent(deps, definition)))).filter((id) => id !== undefined);
  expect(made).toHaveLength(1);
  expect(await getAgent(deps, made[0] ?? '')).toMatchObject({ is_demo: true, created_by: null });
  await deleteAgent(deps, { agentId: made[0] ?? '', actor: systemActor });
  expect(await ensureDemoAgent(deps, definition)).toBeUndefined();
  expect((await list({ text: 'Demo' })).items).toEqual([]);
});

test('uses are counted from current versions of agents that are not deleted', async () => {
  const before = await countAgentUses(database.db);
  const agent = await create({ tools: ['execute_python'], llm_provider: 'anthropic' });
  await update(agent.id, { tools: ['execute_python', 'send_email'] });
  const after = await countAgentUses(database.db);
  expect(after.agents).toBe(before.agents + 1);
  expect(after.byTool.get('execute_python')).toBe((before.byTool.get('execute_python') ?? 0) + 1);
  await deleteAgent(deps, { agentId: agent.id, actor: systemActor });
  expect(await countAgentUses(database.db)).toEqual(before);
});

test('the audit chain holds after all of this', async () => {
  expect(await verifyAudit({ db: database.db })).toMatchObject({ is_intact: true });
});
