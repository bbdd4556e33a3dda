import { afterAll, beforeAll, expect, test } from 'vitest';
import { maintenanceWorkflowId } from '../../temporal/names.ts';
import { startStack, type Stack } from '../support/stack.ts';

// Temporal takes 10,000 signals of one execution; here a few.
let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ ownTemporal: true, temporalSettings: ['history.maximumSignalsPerExecution=20'] });
});
afterAll(() => stack?.close());

test('a run that takes no more signals keeps no other from being told of its decision, and can be cancelled', async () => {
  const agentId = await stack.admin.createAgent({ name: 'Mailer', llm_provider: 'openai', llm_model: 'test-model', tools: ['send_email'] });
  const mail = (subject: string) => ({ name: 'send_email', arguments: { to: ['customer@example.com'], subject, text: 'Hello' } });
  stack.openai.answerAll((request) => (request.messages.at(-1)?.role === 'user' ? request.call(mail('One'), mail('Two')) : request.say('done')));
  const [full, other] = [await stack.admin.startRun(agentId, 'Write.'), await stack.admin.startRun(agentId, 'Write.')];
  const approvals = [await stack.admin.pendingApproval(full), await stack.admin.pendingApproval(other)];
  const requestIds = approvals.map(({ id }) => id);
  const handle = stack.temporal.workflow.getHandle(full);
  for (let isFull = false; !isFull; ) {
    isFull = await handle.signal('steer', {}).then(() => false, (error: unknown) => {
      if (!String((error as Error).cause ?? error).includes('exceeded workflow execution limit')) throw error;
      return true;
    });
  }
  await expect(stack.admin.api.call('pauseRun', { params: { run_id: full } })).rejects.toMatchObject({ code: 'TEMPORAL_REFUSED' });

  for (const approval of approvals) expect(await stack.admin.approve(approval)).toMatchObject({ status: 'approved' });
  // As if the other's signal had been lost, a minute ago.
  const ofOther = requestIds[1] as string;
  const takenUp = () => stack.db.selectFrom('hitl_decisions').select('id').where('request_id', '=', ofOther).where('taken_up_at', 'is not', null).executeTakeFirst();
  await stack.until('the other run to go on', takenUp);
  await stack.db.updateTable('hitl_decisions').set({ taken_up_at: null }).where('request_id', '=', ofOther).execute();
  await stack.db.updateTable('hitl_requests').set({ settled_at: new Date(Date.now() - 60_000) }).where('id', 'in', requestIds).execute();
  const tried = () => stack.db.selectFrom('hitl_requests').select('id').where('id', 'in', requestIds).where('signalled_at', 'is not', null).execute();
  await stack.until('the sweeper to try both', async () => (await tried()).length === 2);
  await stack.until('the log to say so', () => stack.worker.output().includes('the sweep met a failure'));

  await stack.admin.api.call('cancelRun', { params: { run_id: full }, body: {} });
  expect(await stack.admin.ended(full)).toMatchObject({ status: 'cancelled' });
  expect((await stack.temporal.workflow.getHandle(maintenanceWorkflowId(stack.taskQueuePrefix)).describe()).status.name).toBe('RUNNING');
});
