import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApprovalRequest } from '../../contracts/approvals.ts';
import { maintenanceWorkflowId, maintenanceWorkflowType, noticesWorkflowId, noticesWorkflowType, taskQueueOf } from '../../temporal/names.ts';
import { startStack, type Stack } from '../support/stack.ts';

// What anybody with the Temporal CLI can send: whatever it is, a run goes on or ends with its end written, and so do the others.
let stack: Stack;
let agentId: string;
beforeAll(async () => {
  stack = await startStack({ env: { TEMPORAL_TURNS_PER_HISTORY: '1' } });
  agentId = await stack.admin.createAgent({ name: 'Mailer', llm_provider: 'openai', llm_model: 'test-model', tools: ['send_email'] });
});
afterAll(() => stack?.close());

const mail = (subject: string) => ({ name: 'send_email', arguments: { to: ['customer@example.com'], subject, text: 'Hello' } });

/** A run that waits for a person about each of these mails. */
async function waitingRun(...subjects: string[]): Promise<{ runId: string; approvals: ApprovalRequest[]; handle: WorkflowHandle }> {
  stack.openai.answerAll((request) => (request.messages.at(-1)?.role === 'user' ? request.call(...subjects.map(mail)) : request.say('done')));
  const runId = await stack.admin.startRun(agentId, 'Write to the customer.');
  const approvals = await stack.until('the run to ask', async () => {
    const pending = await stack.admin.pendingApprovals(runId);
    return pending.length === subjects.length && pending;
  });
  return { runId, approvals, handle: stack.temporal.workflow.getHandle(runId) };
}
const approvalOf = ({ approvals: [approval] }: { approvals: ApprovalRequest[] }): ApprovalRequest => approval as ApprovalRequest;
const signal = (workflowId: string, name: string, input: string, ...more: string[]) => stack.temporalCli('workflow', 'signal', '--workflow-id', workflowId, '--name', name, '--input', input, ...more);

describe('a signal', () => {
  const shapes = ['null', '[]', '"x"', '7', '{"requestId":null}', '{"requestId":{"a":1},"by":{"toString":1}}', '{"__proto__":{"by":1}}'];
  const encodings = ['json/foo', 'binary/encrypted', 'json/protobuf', 'binary/plain'];

  test('of any shape, in any encoding, leaves the run waiting and able to go on', async () => {
    const run = await waitingRun('Shapes');
    const { runId, handle } = run;
    for (const input of [...shapes, `{"requestId":"${approvalOf(run).id}","verdict":{"toString":1},"by":["x"],"note":7}`]) await signal(runId, 'approvalDecision', input);
    for (const name of ['approvalDecision', 'steer', 'unheardOf']) for (const encoding of encodings) await signal(runId, name, '{}', '--input-meta', `encoding=${encoding}`);
    await handle.signal('approvalDecision', { requestId: approvalOf(run).id, verdict: 'nonsense', note: 'x'.repeat(1_900_000), by: '\uD800' });
    await expect(stack.temporalCli('workflow', 'update', 'execute', '--workflow-id', runId, '--name', 'unheardOf', '--input', '7')).rejects.toThrow(/No registered handler/);
    await stack.admin.approve(approvalOf(run));
    expect(await stack.admin.ended(runId)).toMatchObject({ status: 'completed' });
  });

  test('of any shape and encoding lets the workflows of notices and maintenance go on', async () => {
    const taskQueue = taskQueueOf('workflows', stack.taskQueuePrefix);
    for (const [workflowId, type, name] of [[noticesWorkflowId(stack.taskQueuePrefix), noticesWorkflowType, 'wakeNotices'], [maintenanceWorkflowId(stack.taskQueuePrefix), maintenanceWorkflowType, 'unheardOf']] as const) {
      for (const encoding of encodings) {
        // One that is just ending takes none for a moment.
        await stack.until('the signal to be taken', () => stack.temporalCli('workflow', 'signal-with-start', '--workflow-id', workflowId, '--type', type, '--task-queue', taskQueue, '--signal-name', name, '--signal-input', '{"by":1}', '--signal-input-meta', `encoding=${encoding}`));
      }
      const handle = stack.temporal.workflow.getHandle(workflowId);
      const { historyLength } = await handle.describe();
      await stack.until('it to have read them', async () => (await handle.describe()).historyLength > historyLength);
      // What the server itself takes back because a signal came meanwhile is no failure.
      const failures = (await handle.fetchHistory()).events?.flatMap(({ workflowTaskFailedEventAttributes: failed }) => failed?.failure?.message ?? []);
      expect(failures?.filter((message) => message !== 'UnhandledCommand')).toEqual([]);
    }
  });

  test.each([['a NUL', 'a\u0000b'], ['half of a character', '\uD800'], ['a character at the cut', `${'x'.repeat(119)}😀`]])('by a name with %s is refused or honoured, and audited', async (_what, by) => {
    const run = await waitingRun('Name');
    const { runId, handle } = run;
    const requestId = approvalOf(run).id;
    await handle.signal('approvalDecision', { requestId, verdict: 'nonsense', by });
    await handle.signal('pause', { by });
    await handle.signal('approvalDecision', { requestId, verdict: 'reject', by, note: by });
    await stack.admin.runInPhase(runId, 'paused');
    await handle.signal('resume', { by });
    expect(await stack.admin.ended(runId)).toMatchObject({ status: 'completed' });
    const actionsOf = async (objectId: string) => (await stack.admin.api.call('listAudit', { query: { object_id: objectId } })).items.map(({ action }) => action);
    expect(await actionsOf(requestId)).toEqual(['approval.reject', 'approval.signal_refused']);
    expect(await actionsOf(runId)).toEqual(['run.resumed', 'run.paused', 'run.create']);
  });

  test('of a flood for requests nobody knows is not carried into the next history', async () => {
    const run = await waitingRun('Flood');
    const { runId, handle } = run;
    for (let n = 0; n < 1_000; n += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, i) => handle.signal('approvalDecision', { requestId: `nobody-${n + i}`.padEnd(64, 'x'), verdict: 'reject', by: '€'.repeat(120), note: '€'.repeat(2_000) })));
    }
    await stack.admin.approve(approvalOf(run));
    expect(await stack.admin.ended(runId)).toMatchObject({ status: 'completed', outputs: { answer: 'done' } });
    const { events } = await handle.fetchHistory();
    expect(JSON.stringify(events?.[0]?.workflowExecutionStartedEventAttributes?.input).length).toBeLessThan(10_000);
  });
});

test('what a local activity fails with for good ends the run with its end written and its requests withdrawn', async () => {
  const { runId, approvals, handle } = await waitingRun('One', 'Two');
  const [lost, other] = approvals as [ApprovalRequest, ApprovalRequest];
  await stack.db.deleteFrom('hitl_requests').where('id', '=', lost.id).execute();
  await handle.signal('approvalDecision', { requestId: lost.id });
  expect(await stack.admin.ended(runId)).toMatchObject({ status: 'failed', error: { code: 'APPROVAL_NOT_FOUND' } });
  expect(await stack.admin.api.call('getApproval', { params: { id: other.id } })).toMatchObject({ status: 'withdrawn' });
  await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'APPROVAL_NOT_FOUND' } });
});

test('every history these runs left behind replays', async () => {
  expect(await stack.replayAll()).toBeGreaterThan(5);
});
