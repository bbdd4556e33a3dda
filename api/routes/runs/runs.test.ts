import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Run, runPhases, stepBodyListLimit } from '../../../contracts/runs.ts';
import { insertModelCall, updateModelCall } from '../../../db/repositories/model-calls.repository.ts';
import { lockRun, updateRunPhase } from '../../../db/repositories/runs.repository.ts';
import { storeRequestBody } from '../../../engine/reasoning/store-request.ts';
import { finishRun } from '../../../engine/runs/index.ts';
import { checkToolCall } from '../../../engine/safety/index.ts';
import { newId } from '../../../platform/ids.ts';
import { insertTestAgent } from '../../../tests/support/agents.ts';
import { type ApiServer, startApiServer } from '../../../tests/support/api-server.ts';
import { recordOutcome, recordPendingApproval, recordTurn } from '../../../tests/support/run-records.ts';

let api: ApiServer;
let agentId: string;
beforeAll(async () => {
  api = await startApiServer();
  agentId = await insertTestAgent(api.deps);
});
afterAll(() => api.close());

const start = async (goal: string, options: { agent?: string; headers?: Record<string, string> } = {}) =>
  (await api.call('createRun', { as: 'operator', body: { agent_id: options.agent ?? agentId, inputs: { goal } }, headers: options.headers ?? {} })).run_id;
const get = (runId: string): Promise<Run> => api.call('getRun', { as: 'viewer', params: { run_id: runId } });
const absent = '019a0000-0000-7000-8000-000000000000';

describe('starting a run', () => {
  it('answers 201 with the run, which Temporal was handed', async () => {
    const created = await api.call('createRun', { as: 'operator', body: { agent_id: agentId, inputs: { goal: 'Count tickets', data: { day: 'today' } }, limits: { max_iterations: 3 } } });
    expect(created.status).toBe('running');
    const run = await get(created.run_id);
    expect(run).toMatchObject({
      status: 'running', goal: 'Count tickets', inputs: { goal: 'Count tickets', data: { day: 'today' } }, limits: { max_iterations: 3, max_tokens: 500_000 },
      agent_id: agentId, agent_version: 1, llm_provider: 'openai', started_by: 'The operator', iterations: 0, outputs: null, error: null, pending_approvals: 0,
      wall_ms: null, active_ms: null, waiting_ms: 0, started_at: null, finished_at: null,
    });
    expect(run.temporal).toEqual({ workflow_id: run.run_id, run_id: expect.any(String), ui_url: `http://127.0.0.1:8233/namespaces/default/workflows/${run.run_id}/${run.temporal.run_id}/timeline` });
    expect(api.agentRuns.started.at(-1)).toMatchObject({ runId: run.run_id, startedBy: api.userIdOf('operator'), goal: 'Count tickets' });
  });

  it('an agent nobody has is AGENT_NOT_FOUND', async () => {
    expect(await api.refusal('createRun', { as: 'operator', body: { agent_id: absent, inputs: { goal: 'x' } } })).toMatchObject({ status: 404, code: 'AGENT_NOT_FOUND' });
  });

  it('a start Temporal does not accept leaves nothing behind and says that trying again may help', async () => {
    const before = (await api.call('countRuns', { as: 'viewer' })).total;
    api.agentRuns.isDown = true;
    const refused = await api.refusal('createRun', { as: 'operator', body: { agent_id: agentId, inputs: { goal: 'x' } } }).finally(() => {
      api.agentRuns.isDown = false;
    });
    expect(refused).toMatchObject({ status: 503, code: 'RUN_NOT_STARTED' });
    expect(refused.headers.get('retry-after')).toBe('1');
    expect((await api.call('countRuns', { as: 'viewer' })).total).toBe(before);
  });
});

describe('Idempotency-Key', () => {
  const body = () => ({ agent_id: agentId, inputs: { goal: 'once' } });
  const post = (key: string, given: unknown = body(), as: 'operator' | 'admin' = 'operator') => api.request('POST', '/api/apa/runs', { as, body: given, headers: { 'idempotency-key': key } });

  it('the same request under the same key starts one run and says so', async () => {
    const first = await post('key-1');
    const second = await post('key-1', { inputs: { goal: 'once' }, agent_id: agentId });
    expect([first.status, second.status]).toEqual([201, 201]);
    expect([first.headers.get('idempotent-replayed'), second.headers.get('idempotent-replayed')]).toEqual([null, 'true']);
    expect(await second.json()).toEqual(await first.json());
  });

  it('twenty at once start one run', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => post('key-2')));
    const ids = await Promise.all(answers.map(async (answer) => ((await answer.json()) as { run_id: string }).run_id));
    expect(new Set(ids).size).toBe(1);
    expect(api.agentRuns.started.filter((run) => run.runId === ids[0])).toHaveLength(1);
  });

  it('the same key for something else is refused and names the first run', async () => {
    const { run_id: runId } = (await (await post('key-3')).json()) as { run_id: string };
    const refused = await api.refusal('createRun', { as: 'operator', body: { agent_id: agentId, inputs: { goal: 'other' } }, headers: { 'idempotency-key': 'key-3' } });
    expect(refused).toMatchObject({ status: 409, code: 'IDEMPOTENCY_KEY_REUSED', details: { run_id: runId } });
  });

  it("one person's key is nothing to another", async () => {
    const ids = await Promise.all([post('key-4'), post('key-4', body(), 'admin')].map(async (answer) => ((await (await answer).json()) as { run_id: string }).run_id));
    expect(new Set(ids).size).toBe(2);
  });

  it.each(['', 'x'.repeat(256), 'caf\u00e9'])('%j is no key', async (key) => {
    expect(await api.refusal('createRun', { as: 'operator', body: body(), headers: { 'idempotency-key': key } })).toMatchObject({ status: 422, code: 'VALIDATION_FAILED', details: { issues: [{ path: 'Idempotency-Key' }] } });
  });
});

describe('lists', () => {
  let agent: string;
  let ids: string[];
  beforeAll(async () => {
    agent = await insertTestAgent(api.deps, { name: 'Of the list' });
    ids = [];
    for (let number = 0; number < 7; number++) ids.push(await start(`goal ${number} 100% of_it`, { agent }));
    // Runs of one transaction share a time: only the id tells them apart.
    await api.deps.db.updateTable('runs').set({ created_at: new Date('2026-01-02T03:04:05.678Z') } as never).where('id', 'in', ids.slice(0, 4)).execute();
  });

  it('pages give every run once, newest first, also while new ones arrive', async () => {
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: { items: Run[]; next_cursor: string | null } = await api.call('listRuns', { as: 'viewer', query: `?agent_id=${agent}&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}` });
      seen.push(...page.items.map((run) => run.run_id));
      cursor = page.next_cursor;
      if (seen.length === 2) await start('arrives meanwhile', { agent });
    }
    expect(seen.toSorted()).toEqual(ids.toSorted());
    expect(seen.slice(0, 3)).toEqual(ids.slice(4).toReversed());
  });

  it.each(['x', 'bm9uc2Vuc2U', Buffer.from('{"created_at":"now()","id":"1"}').toString('base64url')])('the cursor %s is CURSOR_INVALID', async (cursor) => {
    expect(await api.refusal('listRuns', { as: 'viewer', query: `?cursor=${cursor}` })).toMatchObject({ status: 400, code: 'CURSOR_INVALID' });
    expect(await api.refusal('listSteps', { as: 'viewer', params: { run_id: ids[0] as string }, query: `?cursor=${cursor}` })).toMatchObject({ status: 400, code: 'CURSOR_INVALID' });
  });

  it('finds runs by words of the goal, literally, and by the start of an id', async () => {
    const find = async (text: string) => (await api.call('listRuns', { as: 'viewer', query: `?agent_id=${agent}&text=${encodeURIComponent(text)}` })).items.map((run) => run.run_id);
    expect(await find('GOAL 3')).toEqual([ids[3]]);
    expect(await find('100%')).toHaveLength(7);
    expect(await find('1%0')).toEqual([]);
    expect(await find('ofxit')).toEqual([]);
    expect(await find('\\')).toEqual([]);
    expect(await find((ids[2] as string).slice(0, 30))).toContain(ids[2]);
  });

  it('filters by phase and by time, and counts what it lists', async () => {
    const [run] = ids as [string];
    await finishRun(api.deps, { runId: run, phase: 'failed', end: { code: 'LLM_UNAVAILABLE', message: 'It was away.' } });
    const list = async (query: string) => (await api.call('listRuns', { as: 'viewer', query: `?agent_id=${agent}&${query}` })).items.map((item) => item.run_id);
    expect(await list('status=failed,timed_out')).toEqual([run]);
    expect(await list('status=failed&status=cancelled')).toEqual([run]);
    expect(await list('created_before=2026-01-03T00:00:00Z')).toHaveLength(4);
    expect(await list('created_after=2026-01-03T00:00:00Z&status=running')).toHaveLength(4);
    expect(await list('status=')).toHaveLength(8);
    const { counts, total } = await api.call('countRuns', { as: 'viewer', query: `?agent_id=${agent}` });
    expect(Object.keys(counts).toSorted()).toEqual([...runPhases].toSorted());
    expect([counts.failed, counts.running, counts.completed, total]).toEqual([1, 7, 0, 8]);
    expect(await api.refusal('listRuns', { as: 'viewer', query: '?status=lost' })).toMatchObject({ status: 422 });
  });
});

describe('the trace', () => {
  it('shows what the model was asked and said, the verdict, the call, its result and the decision', async () => {
    const runId = await start('trace me');
    const large = { rows: 'x'.repeat(stepBodyListLimit) };
    const [callId = ''] = await recordTurn(api.deps.db, {
      runId, iteration: 1, thought: 'I should read the tickets first.', text: 'Reading.', request: { model: 'm', system: 'You are …', messages: 1 },
      calls: [{ toolName: 'run_sql', arguments: { data_source: 'support', query: 'select 1' } }],
    });
    await checkToolCall(api.deps, { toolCallId: callId });
    await recordOutcome(api.deps.db, { toolCallId: callId, runId, iteration: 1, toolName: 'run_sql', output: large });
    const { requestId } = await recordPendingApproval(api.deps, { runId, iteration: 2 });
    const { items, next_cursor: next } = await api.call('listSteps', { as: 'viewer', params: { run_id: runId } });
    expect(next).toBeNull();
    expect(items.map((step) => [step.iteration, step.kind, step.status])).toEqual([
      [1, 'reasoning', 'completed'], [1, 'safety', 'completed'], [1, 'tool', 'completed'], [2, 'reasoning', 'completed'], [2, 'safety', 'completed'], [2, 'approval', 'waiting'],
    ]);
    expect(items[0]).toMatchObject({
      input: { system: 'You are …' }, output: { text: 'Reading.', thought: 'I should read the tickets first.', tool_calls: [{ tool_name: 'run_sql', arguments: { data_source: 'support', query: 'select 1' } }] },
      llm_model: 'm', usage: { input_tokens: 100, output_tokens: 20, cached_input_tokens: 10, reasoning_tokens: null }, cost_micro_usd: 1_500, tool_name: null,
    });
    expect(items[1]).toMatchObject({ tool_name: 'run_sql', tool_call_id: callId, risk_level: 'MEDIUM', input: { data_source: 'support', query: 'select 1' }, output: { verdict: 'allow' }, usage: null });
    expect(items[2]).toMatchObject({ tool_name: 'run_sql', input: { data_source: 'support', query: 'select 1' }, output: null, is_shortened: true });
    expect(items[5]).toMatchObject({ approval_id: requestId, risk_level: 'HIGH', input: { arguments: { subject: 'Summary' }, version: 1 }, output: null, finished_at: null, duration_ms: null });
    const whole = await api.call('getStep', { as: 'viewer', params: { run_id: runId, step_id: items[2]?.id as string } });
    expect([whole.is_shortened, whole.output]).toEqual([false, large]);

    await api.call('approveRequest', { as: 'approver', params: { id: requestId }, body: { note: 'go' } });
    const approvals = await api.call('listSteps', { as: 'viewer', params: { run_id: runId }, query: '?kind=approval' });
    expect(approvals.items).toMatchObject([{ status: 'completed', output: { verdict: 'approve', door: 'api', decided_by: 'The approver', note: 'go' } }]);
  });

  it('pages give every step once and in order', async () => {
    const runId = await start('many steps');
    for (let iteration = 1; iteration <= 5; iteration++) await recordTurn(api.deps.db, { runId, iteration, text: `turn ${iteration}` });
    const seen: number[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Awaited<ReturnType<typeof api.call<'listSteps'>>> = await api.call('listSteps', { as: 'viewer', params: { run_id: runId }, query: `?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}` });
      seen.push(...page.items.map((step) => step.iteration));
      cursor = page.next_cursor;
    }
    expect(seen).toEqual([1, 2, 3, 4, 5]);
  });

  it('a run or step nobody has is not found, nor is a step of another run', async () => {
    const [one, other] = [await start('one'), await start('other')];
    await recordTurn(api.deps.db, { runId: one, iteration: 1, text: 'x' });
    const stepId = (await api.call('listSteps', { as: 'viewer', params: { run_id: one } })).items[0]?.id as string;
    expect(await api.refusal('listSteps', { as: 'viewer', params: { run_id: absent } })).toMatchObject({ status: 404, code: 'RUN_NOT_FOUND' });
    expect(await api.refusal('getStep', { as: 'viewer', params: { run_id: absent, step_id: stepId } })).toMatchObject({ status: 404, code: 'RUN_NOT_FOUND' });
    expect(await api.refusal('getStep', { as: 'viewer', params: { run_id: other, step_id: stepId } })).toMatchObject({ status: 404, code: 'STEP_NOT_FOUND' });
    expect(await api.refusal('getStep', { as: 'viewer', params: { run_id: one, step_id: 'nonsense' } })).toMatchObject({ status: 404, code: 'STEP_NOT_FOUND' });
  });
});

describe('usage, cost and time', () => {
  it('what a provider did not say is unknown and never 0', async () => {
    const runId = await start('unknown');
    await recordTurn(api.deps.db, { runId, iteration: 1, text: 'known' });
    expect(await get(runId)).toMatchObject({ usage: { input_tokens: 100, output_tokens: 20, cached_input_tokens: 10, reasoning_tokens: null }, cost_micro_usd: 1_500 });
    await recordTurn(api.deps.db, { runId, iteration: 2, text: 'unpriced', costMicroUsd: undefined });
    expect(await get(runId)).toMatchObject({ usage: { input_tokens: 200, output_tokens: 40 }, cost_micro_usd: null });
    await recordTurn(api.deps.db, { runId, iteration: 3, text: 'silent', usage: { inputTokens: undefined, outputTokens: undefined, cachedInputTokens: undefined, reasoningTokens: undefined } });
    expect(await get(runId)).toMatchObject({ usage: { input_tokens: null, output_tokens: null, cached_input_tokens: null, reasoning_tokens: null } });
  });

  it('waiting for people is kept apart from active time', async () => {
    const runId = await start('waits');
    const { requestId } = await recordPendingApproval(api.deps, { runId });
    const now = Date.now();
    await api.deps.db.updateTable('runs').set({ started_at: new Date(now - 60_000), phase_since: new Date(now - 50_000) }).where('id', '=', runId).execute();
    const waiting = await get(runId);
    expect(waiting).toMatchObject({ status: 'waiting_for_approval', pending_approvals: 1 });
    expect(waiting.waiting_ms).toBeGreaterThanOrEqual(50_000);
    expect(waiting.active_ms).toBe((waiting.wall_ms as number) - waiting.waiting_ms);
    expect(waiting.active_ms as number).toBeLessThanOrEqual(10_000);
    await api.call('rejectRequest', { as: 'approver', params: { id: requestId }, body: { reason: 'no' } });
    await finishRun(api.deps, { runId, phase: 'completed', end: null });
    const ended = await get(runId);
    expect(ended).toMatchObject({ status: 'completed', pending_approvals: 0, outputs: { answer: '' } });
    expect(ended.wall_ms).toBe(Date.parse(ended.finished_at as string) - Date.parse(ended.started_at as string));
    expect(ended.waiting_ms).toBeGreaterThanOrEqual(50_000);
    expect((await get(runId)).wall_ms).toBe(ended.wall_ms);
  });
});

describe('control', () => {
  it('cancel, pause, resume and steer are accepted, told to Temporal and audited', async () => {
    const runId = await start('control me');
    const params = { run_id: runId };
    expect(await api.call('pauseRun', { as: 'operator', params })).toEqual({ run_id: runId, status: 'running' });
    await api.call('resumeRun', { as: 'operator', params, body: {} });
    await api.call('steerRun', { as: 'operator', params, body: { message: 'Skip closed ones.' } });
    await api.call('cancelRun', { as: 'operator', params, body: { reason: 'enough' } });
    expect(api.agentRuns.told.filter((told) => told.runId === runId).map((told) => told.what)).toEqual(['pause', 'resume', 'steer', 'cancel']);
    const actions = await api.deps.db.selectFrom('audit_log').select(['action', 'actor_name', 'request_id']).where('object_id', '=', runId).orderBy('sequence').execute();
    expect(actions.map((entry) => entry.action)).toEqual(['run.create', 'run.pause', 'run.resume', 'run.steer', 'run.cancel']);
    expect(actions.every((entry) => entry.actor_name === 'The operator' && entry.request_id !== null)).toBe(true);
  });

  it('a secret in the reason for a cancel becomes a reference', async () => {
    const runId = await start('cancel me');
    await api.call('createSecret', { as: 'admin', body: { name: 'crm', value: 'crm-key-1f9e77ab' } });
    await api.deps.secrets.reveal('{{secret:crm}}');
    await api.call('cancelRun', { as: 'operator', params: { run_id: runId }, body: { reason: 'crm-key-1f9e77ab was wrong' } });
    const entries = await api.deps.db.selectFrom('audit_log').select('after').where('object_id', '=', runId).execute();
    expect(JSON.stringify(entries)).toContain('{{secret:crm}} was wrong');
    expect(JSON.stringify([entries, await api.deps.db.selectFrom('runs').selectAll().where('id', '=', runId).execute()])).not.toContain('crm-key');
  });

  it('an ended run refuses all of them and says since when it has ended', async () => {
    const runId = await start('end me');
    await api.deps.db.transaction().execute(async (trx) => updateRunPhase(trx, (await lockRun(trx, runId))!, 'completed', { outputs: { answer: 'done' } }));
    for (const [name, body] of [['cancelRun', undefined], ['pauseRun', undefined], ['resumeRun', undefined], ['steerRun', { message: 'x' }]] as const) {
      expect(await api.refusal(name, { as: 'operator', params: { run_id: runId }, body })).toMatchObject({ status: 409, code: 'RUN_ENDED', details: { status: 'completed', finished_at: expect.any(String) } });
      expect(await api.refusal(name, { as: 'operator', params: { run_id: absent }, body })).toMatchObject({ status: 404, code: 'RUN_NOT_FOUND' });
    }
  });
});

describe('attempts of a step', () => {
  it('are listed with what followed from each, and what was sent is given back as it was', async () => {
    const { db } = api.deps;
    const runId = await start('attempts');
    await recordTurn(db, { runId, iteration: 1, text: 'Done.' });
    const body = '{"model":"m", "messages":[{"role":"user","content":"\\u00e4 🙂"}]}';
    const call = { runId, iteration: 1, provider: 'openai' as const, connectionId: 'openai', connectionName: 'OpenAI', model: 'm' };
    const failed = await insertModelCall(db, { ...call, id: newId() });
    await updateModelCall(db, failed.id, { status: 'failed', error: { code: 'LLM_UNAVAILABLE', message: 'nobody answers' }, action: 'retry', retryAt: new Date() });
    const answered = await insertModelCall(db, { ...call, id: newId(), droppedTurns: 2 });
    await updateModelCall(db, answered.id, {
      status: 'succeeded', usage: { inputTokens: 10, outputTokens: 2, cachedInputTokens: undefined, reasoningTokens: undefined }, costMicroUsd: 5, firstTokenMs: 120.4,
      request: { url: 'https://api.example.com/v1/chat/completions', ref: await storeRequestBody(db, body), bytes: Buffer.byteLength(body) },
    });
    const stepId = (await api.call('listSteps', { as: 'viewer', params: { run_id: runId } })).items[0]?.id as string;
    const params = { run_id: runId, step_id: stepId };
    const { items } = await api.call('listAttempts', { as: 'viewer', params });
    expect(items).toMatchObject([
      { attempt: 1, status: 'failed', action: 'retry', error: { code: 'LLM_UNAVAILABLE' }, usage: null, request_bytes: null, retry_at: expect.any(String) },
      { attempt: 2, status: 'succeeded', action: null, llm_connection: 'OpenAI', usage: { input_tokens: 10, cached_input_tokens: null }, cost_micro_usd: 5, first_token_ms: 120, dropped_turns: 2, request_bytes: Buffer.byteLength(body) },
    ]);
    expect(await api.call('getAttemptRequest', { as: 'viewer', params: { ...params, attempt_id: answered.id } })).toEqual({ method: 'POST', url: 'https://api.example.com/v1/chat/completions', body });
    expect(await api.refusal('getAttemptRequest', { as: 'viewer', params: { ...params, attempt_id: failed.id } })).toMatchObject({ status: 404, code: 'ATTEMPT_NOT_FOUND' });
    expect(await api.refusal('listAttempts', { as: 'viewer', params: { run_id: runId, step_id: absent } })).toMatchObject({ status: 404, code: 'STEP_NOT_FOUND' });
    expect(await api.refusal('listAttempts', { as: 'viewer', params: { run_id: absent, step_id: stepId } })).toMatchObject({ status: 404, code: 'RUN_NOT_FOUND' });
  });
});
