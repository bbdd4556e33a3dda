import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startStack, type Stack } from '../support/stack.ts';

let stack: Stack;
let agentId: string;
beforeAll(async () => {
  stack = await startStack({ ownTemporal: true });
  agentId = await stack.admin.createAgent({ name: 'Survivor', llm_provider: 'openai', llm_model: 'test-model', tools: ['execute_python', 'send_email'] });
});
afterAll(() => stack?.close());

const email = (subject: string) => ({ name: 'send_email', arguments: { to: ['customer@example.com'], subject, text: 'Hello' } });
const mailOnce = (subject: string): void =>
  stack.openai.answerAll((request) => {
    if (request.messages.at(-1)?.role === 'user') request.call(email(subject));
    else request.say('done');
  });
const deliveries = async (subject: string): Promise<number[]> =>
  (await stack.db.selectFrom('outbox_emails').select('deliveries').where('subject', '=', subject).execute()).map((row) => row.deliveries);

describe('kill -9', () => {
  test('of the worker while the model is being asked: the turn is asked again and the run completes once', async () => {
    stack.openai.answerAll(undefined);
    const runId = await stack.admin.startRun(agentId, 'Say hello.');
    const first = await stack.openai.next();
    await stack.worker.kill();
    await stack.until('the request to be given up', () => first.isAborted());
    await stack.startWorker();
    (await stack.openai.next()).say('hello');
    expect(await stack.admin.ended(runId)).toMatchObject({ status: 'completed', iterations: 1, outputs: { answer: 'hello' } });
    expect((await stack.admin.steps(runId)).filter((step) => step.kind !== 'memory')).toHaveLength(1);
  });

  test('of the worker while a tool runs: the tool runs again and the run completes', async () => {
    stack.openai.answerAll((request) => {
      if (request.messages.at(-1)?.role === 'user') request.call({ name: 'execute_python', arguments: { code: 'import time\nfor _ in range(40):\n    time.sleep(0.1)\n"slept"', timeout_seconds: 60 } });
      else request.say(`saw ${request.messages.at(-1)?.content?.includes('slept') === true ? 'the result' : 'nothing'}`);
    });
    const runId = await stack.admin.startRun(agentId, 'Compute slowly.');
    await stack.until('the tool to run', async () => (await stack.admin.steps(runId)).some((step) => step.kind === 'tool' && step.status === 'running'));
    await stack.worker.kill();
    await stack.startWorker();
    expect(await stack.admin.ended(runId)).toMatchObject({ status: 'completed', outputs: { answer: 'saw the result' } });
    const call = await stack.db.selectFrom('tool_calls').select(['attempts', 'state']).where('run_id', '=', runId).executeTakeFirstOrThrow();
    expect(call).toMatchObject({ state: 'succeeded', attempts: 2 });
    expect((await stack.admin.steps(runId)).filter((step) => step.kind === 'tool')).toHaveLength(1);
  });

  test('of the worker while the run waits; approved while no worker is up: one e-mail after the restart', async () => {
    mailOnce('Worker down');
    const runId = await stack.admin.startRun(agentId, 'Write to the customer.');
    const approval = await stack.admin.pendingApproval(runId);
    await stack.worker.kill();
    expect(await stack.admin.approve(approval)).toMatchObject({ status: 'approved' });
    expect(await deliveries('Worker down')).toEqual([]);
    await stack.startWorker();
    expect(await stack.admin.ended(runId)).toMatchObject({ status: 'completed' });
    expect(await deliveries('Worker down')).toEqual([1]);
  });

  test('of the api during the wait: the decision is made after its restart', async () => {
    mailOnce('Api down');
    const runId = await stack.admin.startRun(agentId, 'Write to the customer.');
    const approval = await stack.admin.pendingApproval(runId);
    await stack.apiProcess.kill();
    await stack.startApi();
    await stack.admin.approve(approval);
    expect(await stack.admin.ended(runId)).toMatchObject({ status: 'completed' });
    expect(await deliveries('Api down')).toEqual([1]);
  });

  test('of the api in the middle of approving: the decision is there or not, never half, and there is one e-mail', async () => {
    mailOnce('Api killed while approving');
    const runId = await stack.admin.startRun(agentId, 'Write to the customer.');
    const approval = await stack.admin.pendingApproval(runId);
    const approving = stack.admin.approve(approval).catch(() => undefined);
    await stack.apiProcess.kill();
    await approving;
    await stack.startApi();
    const { status } = await stack.admin.api.call('getApproval', { params: { id: approval.id } });
    if (status === 'pending') await stack.admin.approve(approval);
    // A decision whose signal was lost with the api is signalled again by the sweeper.
    expect(await stack.admin.ended(runId)).toMatchObject({ status: 'completed' });
    expect(await deliveries('Api killed while approving')).toEqual([1]);
  });

  test('of everything, Temporal included, while a run waits: it still waits afterwards and can be approved', async () => {
    mailOnce('Everything down');
    const runId = await stack.admin.startRun(agentId, 'Write to the customer.');
    const approval = await stack.admin.pendingApproval(runId);
    await Promise.all([stack.worker.kill(), stack.apiProcess.kill(), stack.killTemporal()]);
    await stack.restartTemporal();
    await Promise.all([stack.startApi(), stack.startWorker()]);
    expect(await stack.admin.pendingApproval(runId)).toMatchObject({ id: approval.id, arguments_hash: approval.arguments_hash });
    await stack.admin.approve(approval);
    expect(await stack.admin.ended(runId)).toMatchObject({ status: 'completed' });
    expect(await deliveries('Everything down')).toEqual([1]);
  });
});

test('every history these runs left behind replays', async () => {
  expect(await stack.replayAll()).toBeGreaterThan(5);
});
