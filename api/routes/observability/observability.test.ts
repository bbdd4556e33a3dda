import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insertModelCall, updateModelCall } from '../../../db/repositories/model-calls.repository.ts';
import { upsertWorkerHeartbeat } from '../../../db/repositories/worker-heartbeats.repository.ts';
import { finishRun } from '../../../engine/runs/index.ts';
import { checkToolCall } from '../../../engine/safety/index.ts';
import { getDashboard, getObservability } from '../../../engine/traces/index.ts';
import { newId } from '../../../platform/ids.ts';
import { insertTestAgent } from '../../../tests/support/agents.ts';
import { type ApiServer, startApiServer } from '../../../tests/support/api-server.ts';
import { recordOutcome, recordPendingApproval, recordTurn } from '../../../tests/support/run-records.ts';

let api: ApiServer;
beforeAll(async () => {
  api = await startApiServer();
});
afterAll(() => api.close());

/** Noon, so that hours around it are of the same day. */
const now = new Date('2026-06-15T12:00:00.000Z');
const minutesAgo = (minutes: number): Date => new Date(now.getTime() - minutes * 60_000);

interface Given {
  agent: string;
  createdAt: Date;
  /** Milliseconds from start to end; undefined: still open. */
  activeMs?: number;
  phase?: 'completed' | 'failed' | 'timed_out' | 'cancelled';
  code?: string;
  waitingMs?: number;
  costMicroUsd?: number | undefined;
}

/** A run as the records would show it, at a time of the test's choice. */
async function insertRun(given: Given): Promise<string> {
  const { db } = api.deps;
  const { run_id: runId } = await api.call('createRun', { as: 'operator', body: { agent_id: given.agent, inputs: { goal: 'figures' } } });
  await recordTurn(db, { runId, iteration: 1, text: 'x', ...('costMicroUsd' in given ? { costMicroUsd: given.costMicroUsd } : {}) });
  if (given.phase !== undefined) await finishRun(api.deps, { runId, phase: given.phase, end: given.phase === 'completed' ? null : { code: given.code ?? 'INTERNAL', message: `It was ${given.phase}.` } });
  const finishedAt = given.activeMs === undefined ? null : new Date(given.createdAt.getTime() + given.activeMs + (given.waitingMs ?? 0));
  await db.updateTable('runs').set({ created_at: given.createdAt, started_at: given.createdAt, finished_at: finishedAt, waiting_ms: given.waitingMs ?? 0 } as never).where('id', '=', runId).execute();
  await db.updateTable('steps').set({ started_at: given.createdAt, finished_at: new Date(given.createdAt.getTime() + 200) }).where('run_id', '=', runId).execute();
  return runId;
}

describe('figures', () => {
  it('nothing yet is told apart from nothing in this range', async () => {
    const empty = await api.call('getObservability', { as: 'viewer' });
    expect(empty).toMatchObject({ has_any_run: false, series: [], by_agent: [], errors: [], totals: { runs: 0, success_rate: null, active_ms: { p50: null, samples: 0 }, cost_micro_usd: 0, median_time_to_decide_ms: null } });
    expect(await api.call('getDashboard', { as: 'viewer' })).toEqual({ running: 0, waiting: 0, paused: 0, success_rate_24h: null, ended_24h: 0, cost_today_micro_usd: 0, runs_per_hour: Array.from({ length: 24 }, () => 0), broken: [] });
  });

  it('counts, percentiles, cost and reasons are those of the runs of the range, buckets without a run are left out', async () => {
    const agent = await insertTestAgent(api.deps, { name: 'Counted', llm_model: 'gpt-a' });
    const other = await insertTestAgent(api.deps, { name: 'Other', llm_model: 'gpt-b' });
    for (const activeMs of [1_000, 2_000, 3_000]) await insertRun({ agent, createdAt: minutesAgo(30), activeMs, phase: 'completed', waitingMs: 600_000 });
    const failed = await insertRun({ agent, createdAt: minutesAgo(200), activeMs: 500, phase: 'failed', code: 'LLM_UNAVAILABLE' });
    await insertRun({ agent, createdAt: minutesAgo(210), activeMs: 500, phase: 'timed_out', code: 'LIMIT_DURATION' });
    await insertRun({ agent: other, createdAt: minutesAgo(31), activeMs: 10, phase: 'cancelled', code: 'CANCELLED_BY_USER', costMicroUsd: undefined });
    await insertRun({ agent: other, createdAt: minutesAgo(5) });
    await insertRun({ agent, createdAt: minutesAgo(30 * 60), activeMs: 70, phase: 'completed' });

    const day = await getObservability(api.deps, { range: '24h', include_demo: false }, now);
    expect(day).toMatchObject({ from: minutesAgo(24 * 60).toISOString(), to: now.toISOString(), bucket_seconds: 3_600, has_any_run: true });
    expect(day.totals).toMatchObject({ runs: 7, completed: 3, failed: 2, success_rate: 0.6, input_tokens: 700, output_tokens: 140, cached_input_tokens: 70, cost_micro_usd: 9_000, runs_with_unknown_cost: 1 });
    expect(day.totals.active_ms).toEqual({ p50: 750, p95: 2_750, p99: 2_950, samples: 6 });
    expect(day.previous).toMatchObject({ runs: 1, completed: 1, success_rate: 1, active_ms: { p50: 70, samples: 1 } });
    expect(day.series.map((point) => [point.at, point.runs, point.completed, point.failed, point.other])).toEqual([
      [minutesAgo(4 * 60).toISOString(), 2, 0, 2, 0], [minutesAgo(60).toISOString(), 5, 3, 0, 2],
    ]);
    expect(day.by_agent).toMatchObject([{ agent_id: agent, agent_name: 'Counted', runs: 5, failed: 2, cost_micro_usd: 7_500 }, { agent_name: 'Other', runs: 2, failed: 0, p95_ms: 10, cost_micro_usd: 1_500 }]);
    expect(day.by_model.map((row) => [row.llm_provider, row.llm_model, row.calls, row.p95_ms, row.cost_micro_usd])).toEqual([['openai', 'gpt-a', 5, 200, 7_500], ['openai', 'gpt-b', 2, 200, 1_500]]);
    expect(day.errors).toEqual([{ code: 'LIMIT_DURATION', count: 1, example_run_id: expect.any(String) }, { code: 'LLM_UNAVAILABLE', count: 1, example_run_id: failed }]);
    expect(day.slowest_steps).toHaveLength(7);
    expect(day.slowest_steps[0]).toMatchObject({ run_id: expect.any(String), duration_ms: 200 });

    const ofAgent = await getObservability(api.deps, { range: '24h', include_demo: false, agent_id: other }, now);
    expect(ofAgent.totals).toMatchObject({ runs: 2, runs_with_unknown_cost: 1, cost_micro_usd: 1_500 });
    expect((await getObservability(api.deps, { range: '1h', include_demo: false, llm_model: 'gpt-a' }, now)).totals.runs).toBe(3);
    expect((await getObservability(api.deps, { range: '7d', include_demo: false }, now)).totals.runs).toBe(8);
    expect((await getObservability(api.deps, { range: '30d', include_demo: false, llm_model: "x' or true --" }, now)).totals.runs).toBe(0);

    await api.deps.db.updateTable('agents').set({ is_demo: true }).where('id', '=', agent).execute();
    expect((await getObservability(api.deps, { range: '24h', include_demo: false }, now)).totals.runs).toBe(2);
    expect((await getObservability(api.deps, { range: '24h', include_demo: true }, now)).totals.runs).toBe(7);
  });

  it('cost that nobody knows is null, not 0', async () => {
    const agent = await insertTestAgent(api.deps);
    await insertRun({ agent, createdAt: minutesAgo(10), activeMs: 10, phase: 'completed', costMicroUsd: undefined });
    expect((await getObservability(api.deps, { range: '1h', include_demo: false, agent_id: agent }, now)).totals).toMatchObject({ runs: 1, cost_micro_usd: null, runs_with_unknown_cost: 1 });
  });

  it('approvals count how long people took, not how long nobody came', async () => {
    const agent = await insertTestAgent(api.deps);
    const { db } = api.deps;
    for (const [index, ms] of [60_000, 120_000].entries()) {
      const { run_id: runId } = await api.call('createRun', { as: 'operator', body: { agent_id: agent, inputs: { goal: 'x' } } });
      const { requestId } = await recordPendingApproval(api.deps, { runId });
      await api.call(index === 0 ? 'approveRequest' : 'rejectRequest', { as: 'approver', params: { id: requestId }, body: index === 0 ? {} : { reason: 'no' } });
      await db.updateTable('runs').set({ created_at: minutesAgo(20) } as never).where('id', '=', runId).execute();
      await db.updateTable('hitl_requests').set({ requested_at: minutesAgo(20) } as never).where('id', '=', requestId).execute();
      await db.updateTable('hitl_decisions').set({ decided_at: new Date(minutesAgo(20).getTime() + ms) } as never).where('request_id', '=', requestId).execute();
    }
    const { totals, by_tool: byTool } = await getObservability(api.deps, { range: '1h', include_demo: false, agent_id: agent }, now);
    expect(totals).toMatchObject({ approvals: 2, approvals_expired: 0, median_time_to_decide_ms: 90_000 });
    expect(byTool).toEqual([{ tool_name: 'send_email', calls: 2, failed: 0, refused: 1, p95_ms: null }]);
  });

  it('tools are counted by what came of their calls', async () => {
    const agent = await insertTestAgent(api.deps);
    const { run_id: runId } = await api.call('createRun', { as: 'operator', body: { agent_id: agent, inputs: { goal: 'x' } } });
    const calls = await recordTurn(api.deps.db, { runId, iteration: 1, calls: [0, 1].map((n) => ({ toolName: 'run_sql', arguments: { data_source: 'support', query: `select ${n}` } })) });
    for (const [index, toolCallId] of calls.entries()) {
      await checkToolCall(api.deps, { toolCallId });
      await recordOutcome(api.deps.db, { toolCallId, runId, iteration: 1, toolName: 'run_sql', ...(index === 0 ? { output: 1 } : { error: { code: 'TOOL_FAILED', message: 'no' } }) });
    }
    const { by_tool: byTool } = await getObservability(api.deps, { range: '1h', include_demo: false, agent_id: agent }, new Date(Date.now() + 1_000));
    expect(byTool).toMatchObject([{ tool_name: 'run_sql', calls: 2, failed: 1, refused: 0, p95_ms: expect.any(Number) }]);
  });

  it('the dashboard shows now, the last day and what broke', async () => {
    const agent = await insertTestAgent(api.deps);
    const runId = await insertRun({ agent, createdAt: minutesAgo(90), activeMs: 1_000, phase: 'failed', code: 'LLM_QUOTA_EXHAUSTED' });
    const dashboard = await getDashboard(api.deps, now);
    expect(dashboard.runs_per_hour).toHaveLength(24);
    expect(dashboard.runs_per_hour[22]).toBe(1);
    expect(dashboard.broken.find((row) => row.code === 'LLM_QUOTA_EXHAUSTED')).toEqual({ code: 'LLM_QUOTA_EXHAUSTED', message: 'It was failed.', count: 1, last_run_id: runId, last_at: expect.any(String) });
    // One turn of today has no known price, so nobody knows what today cost.
    expect(dashboard.cost_today_micro_usd).toBeNull();
  });

  it('a range that is none is refused', async () => {
    expect(await api.refusal('getObservability', { as: 'viewer', query: '?range=1y' })).toMatchObject({ status: 422 });
    expect(await api.refusal('getObservability', { as: 'viewer', query: '?include_demo=maybe' })).toMatchObject({ status: 422 });
  });
});

describe('health', () => {
  const stateOf = async (service: string) => (await api.call('getHealth', { as: 'viewer' })).services.find((one) => one.service === service)?.state;

  it('a worker is up while it reports, and Temporal while it answers', async () => {
    expect(await stateOf('worker')).toBe('down');
    await upsertWorkerHeartbeat(api.deps.db, { identity: 'w1', roles: ['tools'], startedAt: new Date() });
    expect([await stateOf('worker'), await stateOf('database'), await stateOf('temporal'), await stateOf('model'), await stateOf('api')]).toEqual(['up', 'up', 'up', 'up', 'up']);
    await api.deps.db.updateTable('worker_heartbeats').set({ seen_at: new Date(Date.now() - 16_000) }).execute();
    expect(await stateOf('worker')).toBe('down');
    api.agentRuns.isDown = true;
    expect(await stateOf('temporal')).toBe('down');
    const ready = await api.request('GET', '/readyz');
    api.agentRuns.isDown = false;
    expect([ready.status, await ready.json()]).toEqual([503, { status: 'not_ready', checks: { database: 'ok', temporal: 'unreachable', policy_engine: 'ok' } }]);
    expect((await api.request('GET', '/readyz')).status).toBe(200);
  });

  it('metrics name endpoints, never addresses or people, and count runs by phase', async () => {
    await api.request('GET', '/api/apa/runs?text=secretive', { as: 'viewer' });
    const response = await api.request('GET', '/metrics');
    const text = await response.text();
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(text).toMatch(/maestro_http_request_duration_seconds_count\{endpoint="listRuns",method="GET",status="200"\} \d+/);
    expect(text).toMatch(/maestro_runs\{phase="completed"\} \d+/);
    expect(text).not.toMatch(/secretive|example\.com|[0-9a-f]{8}-[0-9a-f]{4}/);
  });
});

describe('catalogue and outbox', () => {
  it('tools say what they need and whether they wait for a person', async () => {
    const { items } = await api.call('listTools', { as: 'viewer' });
    expect(items.find((tool) => tool.name === 'send_email')).toMatchObject({ default_risk: 'HIGH', effect: 'external', needs_approval: true });
    expect(items.find((tool) => tool.name === 'execute_python')).toMatchObject({ default_risk: 'MEDIUM', effect: 'none', needs_approval: false });
  });

  it('models say honestly what is configured and what is scripted', async () => {
    const { items } = await api.call('listModels', { as: 'viewer' });
    expect(items.find((one) => one.provider === 'openai')).toMatchObject({ is_configured: false, is_scripted: false, configuration_hint: expect.stringContaining('OPENAI_API_KEY') });
    expect(items.find((one) => one.provider === 'scripted')).toMatchObject({ is_configured: true, is_scripted: true });
  });

  it('e-mails come newest first, page by page, and by Message-ID', async () => {
    for (let number = 1; number <= 3; number++) {
      await api.deps.db.insertInto('outbox_emails').values({
        id: `019a0000-0000-7000-8000-00000000000${number}`, message_id: `<m${number}@x>`, sender: 'maestro@localhost', recipients: JSON.stringify(['a@example.com']), cc: '[]',
        subject: `Mail ${number}`, text: 'Hello', received_at: new Date(Date.UTC(2026, 0, 1, 0, 0, 0, Math.min(number, 2))),
      }).execute();
    }
    const first = await api.call('listOutbox', { as: 'viewer', query: '?limit=2' });
    expect(first.items.map((mail) => mail.subject)).toEqual(['Mail 3', 'Mail 2']);
    const second = await api.call('listOutbox', { as: 'viewer', query: `?limit=2&cursor=${first.next_cursor}` });
    expect([second.items.map((mail) => mail.subject), second.next_cursor]).toEqual([['Mail 1'], null]);
    expect((await api.call('listOutbox', { as: 'viewer', query: `?message_id=${encodeURIComponent('<m2@x>')}` })).items).toMatchObject([{ from: 'maestro@localhost', to: ['a@example.com'], cc: [] }]);
    expect(await api.refusal('listOutbox', { as: 'viewer', query: '?cursor=x' })).toMatchObject({ status: 400, code: 'CURSOR_INVALID' });
  });
});

describe('requests to models', () => {
  it('count with the model that was asked, failures with their cause and connection, first tokens where there were any', async () => {
    const agent = await insertTestAgent(api.deps, { name: 'Falls back', llm_model: 'gpt-first' });
    const runId = await insertRun({ agent, createdAt: minutesAgo(10), activeMs: 1_000, phase: 'completed' });
    const call = { runId, iteration: 1, provider: 'openai' as const, connectionId: 'openai', connectionName: 'OpenAI' };
    for (const firstTokenMs of [100, 300]) {
      const { id } = await insertModelCall(api.deps.db, { ...call, id: newId(), model: 'gpt-second' });
      await updateModelCall(api.deps.db, id, { status: 'succeeded', firstTokenMs, costMicroUsd: 7 });
    }
    for (const bytes of [10, undefined]) {
      const { id } = await insertModelCall(api.deps.db, { ...call, id: newId(), model: 'gpt-first' });
      await updateModelCall(api.deps.db, id, { status: 'failed', action: 'fallback', error: { code: 'LLM_UNAVAILABLE', message: 'm' }, ...(bytes === undefined ? {} : { request: { url: 'u', ref: null, bytes } }) });
    }
    const cached = await insertModelCall(api.deps.db, { ...call, id: newId(), model: 'gpt-second', isCached: true });
    await updateModelCall(api.deps.db, cached.id, { status: 'succeeded' });
    const figures = await getObservability(api.deps, { range: '1h', agent_id: agent, include_demo: false }, now);
    // What was not sent (refused by a resting connection) is no call, but a cause.
    expect(figures.by_model).toMatchObject([{ llm_model: 'gpt-second', calls: 2, failed: 0, cost_micro_usd: 14 }, { llm_model: 'gpt-first', calls: 1, failed: 1, cost_micro_usd: null }]);
    expect(figures.model_errors).toEqual([{ code: 'LLM_UNAVAILABLE', llm_connection: 'OpenAI', llm_model: 'gpt-first', count: 2, example_run_id: runId }]);
    expect(figures.totals.first_token_ms).toEqual({ p50: 200, p95: 290, p99: 298, samples: 2 });
  });
});
