import { Worker } from '@temporalio/worker';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type CreatedWebhook, webhookPayloadSchema } from '../../contracts/notices.ts';
import { workflowBundlePath } from '../../scripts/build-workflow-bundle.ts';
import { noticesWorkflowId } from '../../temporal/names.ts';
import type { Person } from '../support/api.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';

let stack: Stack;
let approver: Person;
let approverEmail: string;
let receiver: WebhookReceiver;
let webhook: CreatedWebhook;
let agentId: string;
beforeAll(async () => {
  receiver = await startWebhookReceiver();
  stack = await startStack({ env: { HTTP_TOOL_ALLOW_HOSTS: '127.0.0.1', PUBLIC_URL: 'https://maestro.example.com' } });
  approver = await stack.person('approver');
  approverEmail = (await approver.api.call('getMe')).email;
  webhook = await stack.admin.api.call('createWebhook', { body: { name: 'Chat', url: receiver.url } });
  agentId = await stack.admin.createAgent({ name: 'Mailer', llm_provider: 'openai', llm_model: 'test-model', tools: ['send_email'] });
});
afterAll(async () => {
  await stack?.close();
  await receiver?.close();
});

beforeEach(() => {
  receiver.received.length = 0;
  stack.openai.answerAll((request) => {
    if (request.messages.at(-1)?.role === 'user') request.call({ name: 'send_email', arguments: { to: ['customer@example.com'], subject: 'Hello', text: 'the secret plan' } });
    else request.say('done');
  });
});

/** What the receiver was told, each checked as a receiver would. */
const told = () => receiver.received.map(({ headers, body }) => ({ id: headers['webhook-id'], ...webhookPayloadSchema.parse(new StandardWebhook(webhook.secret).verify(body, headers as Record<string, string>)) }));
const ask = async () => stack.admin.pendingApproval(await stack.admin.startRun(agentId, 'Write to the customer.'));
/** Mails to the approver about a request; the admin, who may decide it too, gets theirs. */
const mailsAbout = async (id: string) => (await stack.admin.emails()).filter(({ text, to }) => text.includes(id) && to.includes(approverEmail));

test('a request is told by e-mail and signed webhook; the link opens the page and decides nothing; its decision is told too', async () => {
  const approval = await ask();
  const [mail] = await stack.until('the e-mail', async () => {
    const mails = await mailsAbout(approval.id);
    return mails.length > 0 && mails;
  });
  expect(mail).toMatchObject({ to: [approverEmail], subject: 'Approval needed: send_email (HIGH)' });
  expect(mail?.text).toContain(`https://maestro.example.com/hitl/${approval.id}`);
  expect(mail?.text).not.toContain('secret plan');
  expect(mail?.message_id).toMatch(/^<notice-[0-9a-f-]{36}@maestro>$/);

  await stack.until('the webhook', () => receiver.received.length === 1);
  expect(told()).toMatchObject([{ type: 'approval.requested', data: { approval_id: approval.id, tool_name: 'send_email', status: 'pending', url: `https://maestro.example.com/hitl/${approval.id}` } }]);
  expect(receiver.received[0]?.body).not.toContain('secret plan');

  for (let visit = 0; visit < 10; visit++) {
    await approver.api.fetchAuthorized(`/hitl/${approval.id}`);
    await approver.api.call('getApproval', { params: { id: approval.id } });
  }
  expect(await stack.admin.api.call('getApproval', { params: { id: approval.id } })).toMatchObject({ status: 'pending', version: 1, votes: [] });

  await approver.approve(await approver.api.call('getApproval', { params: { id: approval.id } }));
  await stack.until('the decision to be told', () => receiver.received.length === 2);
  expect(told()[1]).toMatchObject({ type: 'approval.settled', data: { approval_id: approval.id, status: 'approved' } });
  await stack.admin.ended(approval.run_id);
  expect(await mailsAbout(approval.id)).toHaveLength(1);
  const workflow = stack.temporal.workflow.getHandle(noticesWorkflowId(stack.taskQueuePrefix));
  await stack.until('the workflow to end when nothing waits', async () => (await workflow.describe()).status.name === 'COMPLETED');
  await Worker.runReplayHistory({ workflowBundle: { codePath: workflowBundlePath } }, await workflow.fetchHistory(), noticesWorkflowId(stack.taskQueuePrefix));
});

test('a worker killed in the middle of a delivery: it comes again, under the same id', async () => {
  receiver.answers = ['never'];
  const approval = await ask();
  await stack.until('the delivery to be under way', () => receiver.received.length === 1);
  await stack.worker.kill();
  await stack.startWorker();
  await stack.until('it to be delivered again', () => receiver.received.length >= 2, { timeoutMs: 120_000 });
  const ids = told().filter(({ data }) => data?.approval_id === approval.id).map(({ id }) => id);
  expect(ids.length).toBeGreaterThanOrEqual(2);
  expect(new Set(ids).size).toBe(1);
  await stack.until('it to be written down', async () => (await stack.admin.api.call('listWebhookDeliveries', { params: { id: webhook.id } })).items.some(({ id, state }) => id === ids[0] && state === 'sent'));
});

test('a workflow that was terminated from the Temporal side is woken by the sweeper', async () => {
  receiver.answers = [{ status: 500 }];
  await ask();
  await stack.until('the first attempt', () => receiver.received.length === 1);
  await stack.until('it to be written down', async () => (await stack.admin.api.call('listWebhookDeliveries', { params: { id: webhook.id } })).items.some(({ state, attempts }) => state === 'waiting' && attempts === 1));
  await stack.temporal.workflow.getHandle(noticesWorkflowId(stack.taskQueuePrefix)).terminate('by the test');
  await stack.until('the second attempt', () => receiver.received.length === 2, { timeoutMs: 120_000 });
  expect(new Set(told().map(({ id }) => id)).size).toBe(1);
});
