import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runStateQuery } from '../../workflows/agent-run/messages.ts';
import { startStack, type Stack } from '../support/stack.ts';

let stack: Stack;
let agentId: string;
beforeAll(async () => {
  stack = await startStack();
  agentId = await stack.admin.createAgent({ name: 'Worker bee', llm_provider: 'openai', llm_model: 'test-model', tools: ['execute_python', 'run_sql'] });
});
afterAll(() => stack?.close());

const compute = (code = '1 + 1') => ({ name: 'execute_python', arguments: { code } });
const start = (goal: string, limits?: Record<string, number>): Promise<string> => stack.admin.startRun(agentId, goal, limits === undefined ? {} : { limits });

describe('control of a run', () => {
  test('cancelling while the model is asked gives up the request and ends the run as cancelled, with who and why', async () => {
    stack.openai.answerAll(undefined);
    const runId = await start('Think for ever.');
    const request = await stack.openai.next();
    await stack.admin.api.call('cancelRun', { params: { run_id: runId }, body: { reason: 'takes too long' } });
    await stack.until('the request to be aborted', () => request.isAborted());
    const run = await stack.admin.ended(runId);
    expect(run).toMatchObject({ status: 'cancelled', error: { code: 'CANCELLED_BY_USER', message: expect.stringMatching(/Cancelled by .*takes too long/) } });
    await expect(stack.admin.api.call('cancelRun', { params: { run_id: runId }, body: {} })).rejects.toMatchObject({ code: 'RUN_ENDED' });
  });

  test('cancelling stops a running tool', async () => {
    stack.openai.answerAll((request) => request.call(compute('while True: pass')));
    const runId = await start('Loop.');
    await stack.until('the tool to run', async () => (await stack.admin.steps(runId)).some((step) => step.kind === 'tool' && step.status === 'running'));
    await stack.admin.api.call('cancelRun', { params: { run_id: runId }, body: {} });
    expect(await stack.admin.ended(runId)).toMatchObject({ status: 'cancelled' });
    expect((await stack.admin.steps(runId)).filter((step) => step.status === 'running' || step.status === 'waiting')).toEqual([]);
  });

  test('a paused run holds before its next step and goes on when resumed', async () => {
    stack.openai.answerAll(undefined);
    const runId = await start('Wait for me.');
    const first = await stack.openai.next();
    await stack.admin.api.call('pauseRun', { params: { run_id: runId } });
    first.call(compute());
    const paused = await stack.admin.runInPhase(runId, 'paused');
    expect(paused.status).toBe('paused');
    expect((await stack.admin.steps(runId)).filter((step) => step.kind === 'tool')).toEqual([]);
    const state = await stack.temporal.workflow.getHandle(runId).query(runStateQuery);
    expect(state).toMatchObject({ phase: 'paused', iteration: 1 });
    await stack.admin.api.call('resumeRun', { params: { run_id: runId } });
    (await stack.openai.next()).say('done');
    expect(await stack.admin.ended(runId)).toMatchObject({ status: 'completed' });
  });

  test('what an operator says reaches the model on its next turn, and a run about to finish takes one more', async () => {
    stack.openai.answerAll(undefined);
    const runId = await start('Write a report.');
    const first = await stack.openai.next();
    await stack.admin.api.call('steerRun', { params: { run_id: runId }, body: { message: 'In French, please.' } });
    first.say('The report.');
    const second = await stack.openai.next();
    expect(second.messages.at(-1)).toMatchObject({ role: 'user', content: 'In French, please.' });
    second.say('Le rapport.');
    expect(await stack.admin.ended(runId)).toMatchObject({ status: 'completed', outputs: { answer: 'Le rapport.' } });
    expect((await stack.admin.steps(runId)).filter((step) => step.kind === 'finish')).toHaveLength(1);
  });
});

describe('limits', () => {
  test('the iteration limit asks for a final answer and fails a run that still wants to act', async () => {
    let turns = 0;
    stack.openai.answerAll((request) => request.call(compute(`${++turns} + 1`)));
    const runId = await start('Never finish.', { max_iterations: 2 });
    expect(await stack.admin.ended(runId)).toMatchObject({ status: 'failed', error: { code: 'LIMIT_ITERATIONS' } });
    expect(turns).toBe(3);
  });

  test('a run that answers when its iterations are used up completes', async () => {
    let turns = 0;
    stack.openai.answerAll((request) => (++turns > 2 ? request.say('enough') : request.call(compute(`${turns}`))));
    const runId = await start('Two steps.', { max_iterations: 2 });
    expect(await stack.admin.ended(runId)).toMatchObject({ status: 'completed', iterations: 2 });
  });

  test('the token limit ends the run with the figures', async () => {
    let turns = 0;
    stack.openai.answerAll((request) => request.call(compute(`${++turns}`)));
    const runId = await start('Spend.', { max_tokens: 200 });
    expect(await stack.admin.ended(runId)).toMatchObject({ status: 'failed', error: { code: 'LIMIT_TOKENS', message: expect.stringContaining('of 200 tokens') } });
  });

  test('the time limit ends a waiting run as timed out', async () => {
    stack.openai.answerAll(undefined);
    const runId = await start('Take your time.', { max_duration_seconds: 1 });
    expect(await stack.admin.ended(runId)).toMatchObject({ status: 'timed_out', error: { code: 'LIMIT_DURATION' } });
    (await stack.openai.next()).fail(500);
  });
});

describe("a model's mistakes", () => {
  test('an unknown tool is told to the model, which may do better', async () => {
    stack.openai.answerAll((request) => {
      const last = request.messages.at(-1);
      if (last?.role === 'user') request.call({ name: 'launch_rocket', arguments: {} });
      else request.say(last?.content ?? '');
    });
    const runId = await start('Go.');
    const run = await stack.admin.ended(runId);
    expect(run.status).toBe('completed');
    expect(run.outputs?.answer).toContain('There is no tool "launch_rocket"');
  });

  test('three in a row end the run as failed with the reason', async () => {
    let turns = 0;
    stack.openai.answerAll((request) => request.call({ name: 'run_sql', arguments: { wrong: ++turns } }));
    const runId = await start('Go.');
    expect(await stack.admin.ended(runId)).toMatchObject({ status: 'failed', error: { code: 'MODEL_MISTAKES', message: expect.stringMatching(/Three useless answers in a row/) } });
    expect(turns).toBe(3);
  });

  test('a refused key ends the run at once with what to do', async () => {
    stack.openai.answerAll((request) => request.fail(401, { error: { message: 'Incorrect API key provided', type: 'invalid_request_error', code: 'invalid_api_key', param: null } }));
    const before = stack.openai.count();
    const runId = await start('Go.');
    expect(await stack.admin.ended(runId)).toMatchObject({ status: 'failed', error: { code: 'LLM_AUTHENTICATION' } });
    expect(stack.openai.count() - before).toBe(1);
  });

  test('a bad moment of the provider is tried again and shown in the trace', async () => {
    let calls = 0;
    stack.openai.answerAll((request) => (++calls === 1 ? request.fail(503) : request.say('fine')));
    const runId = await start('Go.');
    expect(await stack.admin.ended(runId)).toMatchObject({ status: 'completed' });
    expect((await stack.admin.steps(runId)).find((step) => step.kind === 'finish')).toMatchObject({ attempt: 2 });
  });
});

describe('bad calls of tools', () => {
  test.each([
    ['SQL that writes', { name: 'run_sql', arguments: { data_source: 'support', query: "update tickets set status = 'closed'" } }, /UPDATE is not allowed/],
    ['two statements', { name: 'run_sql', arguments: { data_source: 'support', query: 'select 1; select 2' } }, /only one is allowed/],
    ['an unknown data source', { name: 'run_sql', arguments: { data_source: 'secrets', query: 'select 1' } }, /data_source/],
    ['Python that loops', { name: 'execute_python', arguments: { code: 'while True: pass', timeout_seconds: 1 } }, /TOOL_TIMEOUT/],
    ['Python that reaches for the host', { name: 'execute_python', arguments: { code: "open('/etc/passwd').read()" } }, /FileNotFoundError|PermissionError|No such file/],
  ])('%s is stopped with an error the model reads', async (_name, call, expected) => {
    stack.openai.answerAll((request) => {
      const last = request.messages.at(-1);
      if (last?.role === 'user') request.call(call);
      else request.say(last?.content ?? '');
    });
    const run = await stack.admin.ended(await start('Try.'));
    expect(run.status).toBe('completed');
    expect(run.outputs?.answer).toMatch(expected);
  });
});

describe('records', () => {
  test('a workflow terminated on the Temporal side is noticed and its row says so', async () => {
    stack.openai.answerAll(undefined);
    const runId = await start('Be terminated.');
    await stack.openai.next();
    await stack.temporalCli('workflow', 'terminate', '--workflow-id', runId, '--reason', 'by hand');
    // A cancel that comes too late is not what ended the run.
    await stack.admin.api.call('cancelRun', { params: { run_id: runId }, body: { reason: 'too late' } });
    expect(await stack.admin.ended(runId)).toMatchObject({ status: 'cancelled', error: { code: 'TERMINATED_IN_TEMPORAL', message: expect.stringContaining('terminated') } });
  });

  test('a pause, resume and cancel by the Temporal CLI are audited when they take hold', async () => {
    stack.openai.answerAll(undefined);
    const runId = await start('Be held by hand.');
    const first = await stack.openai.next();
    await stack.temporalCli('workflow', 'signal', '--workflow-id', runId, '--name', 'pause', '--input', '{"by":"sre"}');
    first.call(compute());
    await stack.admin.runInPhase(runId, 'paused');
    await stack.temporalCli('workflow', 'signal', '--workflow-id', runId, '--name', 'resume', '--input', '{"by":"sre"}');
    await stack.openai.next();
    await stack.temporalCli('workflow', 'cancel', '--workflow-id', runId);
    expect(await stack.admin.ended(runId)).toMatchObject({ status: 'cancelled' });
    const { items } = await stack.admin.api.call('listAudit', { query: { object_id: runId } });
    expect(items.map((entry) => [entry.action, entry.actor.name])).toEqual([['run.cancelled', 'Temporal'], ['run.resumed', 'sre'], ['run.paused', 'sre'], ['run.create', expect.any(String)]]);
  });

  test('the same Idempotency-Key starts one run', async () => {
    stack.openai.answerAll((request) => request.say('once'));
    const create = () => stack.admin.api.call('createRun', { body: { agent_id: agentId, inputs: { goal: 'Once.' } }, headers: { 'idempotency-key': 'once-1' } });
    const answers = await Promise.all([create(), create(), create()]);
    expect(new Set(answers.map((answer) => answer.run_id)).size).toBe(1);
    expect(await stack.admin.ended(answers[0].run_id)).toMatchObject({ status: 'completed' });
  });
});

test('every history these runs left behind replays', async () => {
  expect(await stack.replayAll()).toBeGreaterThan(5);
});
