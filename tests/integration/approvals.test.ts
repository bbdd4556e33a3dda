import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runStateQuery } from '../../workflows/agent-run/messages.ts';
import type { Person } from '../support/api.ts';
import { startStack, type Stack } from '../support/stack.ts';

const email = (subject: string) => ({ name: 'send_email', arguments: { to: ['customer@example.com'], subject, text: 'Hello' } });

let stack: Stack;
let approver: Person;
let agentId: string;
let count = 0;
beforeAll(async () => {
  stack = await startStack();
  approver = await stack.person('approver');
  agentId = await stack.admin.createAgent({ name: 'Mailer', llm_provider: 'openai', llm_model: 'test-model', tools: ['send_email', 'run_sql'] });
});
afterAll(() => stack?.close());

/** A run that asks to send one e-mail and says how it went. */
let subject: string;
beforeEach(() => {
  subject = `Approval ${++count}`;
  stack.openai.answerAll((request) => {
    const last = request.messages.at(-1);
    if (last?.role === 'user') request.call(email(subject));
    else request.say(`The tool said: ${last?.content ?? ''}`);
  });
});
const emailsOf = async (text: string) => (await stack.admin.emails()).filter((mail) => mail.subject === text);
/** A run whose one answer asks to send two e-mails; both wait. */
async function askTwice() {
  const [first, second] = [`${subject} a`, `${subject} b`];
  stack.openai.answerAll((request) => {
    if (request.messages.at(-1)?.role === 'user') request.call(email(first), email(second));
    else request.say('done');
  });
  const runId = await stack.admin.startRun(agentId, 'Write two letters.');
  const approvals = await stack.until('two approvals', async () => {
    const pending = await stack.admin.pendingApprovals(runId);
    return pending.length === 2 && pending;
  });
  return { runId, approvals, first, second };
}
const codeOf = async (work: Promise<unknown>): Promise<string> => work.then(() => 'accepted', (error: { code: string }) => error.code);

describe('an approval', () => {
  test('two approvers at once: one decision, one e-mail, the other hears who decided', async () => {
    const runId = await stack.admin.startRun(agentId, 'Write to the customer.');
    const approval = await stack.admin.pendingApproval(runId);
    const results = await Promise.allSettled([stack.admin.approve(approval), approver.approve(approval), stack.admin.approve(approval), approver.approve(approval)]);
    const lost = results.filter((result) => result.status === 'rejected').map((result) => result.reason as { code: string; message: string; details?: Record<string, unknown> });
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    expect(lost.map((error) => error.code)).toEqual(Array(3).fill('APPROVAL_ALREADY_DECIDED'));
    const { decision } = await stack.admin.api.call('getApproval', { params: { id: approval.id } });
    expect(lost[0]?.message).toContain(decision?.decided_by.name);
    expect(await stack.admin.ended(runId)).toMatchObject({ status: 'completed' });
    expect(await emailsOf(subject)).toHaveLength(1);
    expect((await stack.db.selectFrom('outbox_emails').select('deliveries').where('subject', '=', subject).executeTakeFirstOrThrow()).deliveries).toBe(1);
  });

  test('approve against reject: the first settled decision wins and is what happens', async () => {
    const runId = await stack.admin.startRun(agentId, 'Write to the customer.');
    const approval = await stack.admin.pendingApproval(runId);
    const [approved] = await Promise.allSettled([stack.admin.approve(approval), approver.reject(approval, 'no')]);
    await stack.admin.ended(runId);
    expect(await emailsOf(subject)).toHaveLength(approved.status === 'fulfilled' ? 1 : 0);
  });

  test('a rejected call is not executed and the agent reads the reason', async () => {
    const runId = await stack.admin.startRun(agentId, 'Write to the customer.');
    await approver.reject(await stack.admin.pendingApproval(runId), 'The customer asked not to be written to.');
    const run = await stack.admin.ended(runId);
    expect(run.outputs?.answer).toContain('The customer asked not to be written to.');
    expect(await emailsOf(subject)).toHaveLength(0);
    expect((await stack.admin.steps(runId)).find((step) => step.kind === 'approval')).toMatchObject({ status: 'refused' });
  });

  test('an agent set to fail on rejection ends as failed with the reason', async () => {
    const strict = await stack.admin.createAgent({ name: 'Strict mailer', llm_provider: 'openai', llm_model: 'test-model', tools: ['send_email'], on_rejection: 'fail_run' });
    const runId = await stack.admin.startRun(strict, 'Write to the customer.');
    await approver.reject(await stack.admin.pendingApproval(runId), 'wrong target');
    expect(await stack.admin.ended(runId)).toMatchObject({ status: 'failed', error: { code: 'APPROVAL_REJECTED', message: expect.stringContaining('wrong target') } });
  });

  test('edited arguments are what runs, as the types they were', async () => {
    const runId = await stack.admin.startRun(agentId, 'Write to the customer.');
    const approval = await stack.admin.pendingApproval(runId);
    const edited = { ...approval.arguments, subject: `${subject} edited` };
    const settled = await approver.api.call('approveRequest', { params: { id: approval.id }, body: { version: approval.version, arguments_hash: approval.arguments_hash, edited_arguments: edited } });
    expect(settled.status).toBe('approved_with_edits');
    await stack.admin.ended(runId);
    expect(await emailsOf(subject)).toHaveLength(0);
    expect(await emailsOf(`${subject} edited`)).toHaveLength(1);
    const inputs = (await stack.admin.steps(approval.run_id)).filter(({ kind }) => kind === 'safety' || kind === 'tool').map(({ kind, input }) => [kind, (input as { subject?: string }).subject]);
    expect(inputs).toEqual([['safety', subject], ['tool', `${subject} edited`]]);
  });

  test('edits that do not fit the tool are refused and nothing is decided', async () => {
    const runId = await stack.admin.startRun(agentId, 'Write to the customer.');
    const approval = await stack.admin.pendingApproval(runId);
    expect(await codeOf(approver.api.call('approveRequest', { params: { id: approval.id }, body: { edited_arguments: { to: 'nobody' } } }))).toBe('APPROVAL_EDIT_INVALID');
    expect(await codeOf(approver.api.call('approveRequest', { params: { id: approval.id }, body: { arguments_hash: 'f'.repeat(64) } }))).toBe('APPROVAL_STALE');
    expect((await stack.admin.pendingApproval(runId)).id).toBe(approval.id);
    await approver.approve(approval);
    await stack.admin.ended(runId);
  });

  test('a signal from the Temporal CLI decides, by name and audited', async () => {
    const runId = await stack.admin.startRun(agentId, 'Write to the customer.');
    const approval = await stack.admin.pendingApproval(runId);
    await stack.temporalCli('workflow', 'signal', '--workflow-id', runId, '--name', 'approvalDecision', '--input', JSON.stringify({ requestId: approval.id, verdict: 'approve', note: 'from the shell', by: 'sre' }));
    expect(await stack.admin.ended(runId)).toMatchObject({ status: 'completed' });
    expect(await emailsOf(subject)).toHaveLength(1);
    expect(await stack.admin.api.call('getApproval', { params: { id: approval.id } })).toMatchObject({ status: 'approved', decision: { door: 'temporal_signal', decided_by: { name: 'sre (Temporal signal)' }, note: 'from the shell' } });
    const audit = await stack.admin.api.call('listAudit', { query: { object_id: approval.id } });
    expect(audit.items).toEqual([expect.objectContaining({ action: 'approval.approve', actor: { user_id: null, name: 'sre (Temporal signal)' } })]);
  });

  test('signals that make no sense change nothing and are audited as refused', async () => {
    const runId = await stack.admin.startRun(agentId, 'Write to the customer.');
    const approval = await stack.admin.pendingApproval(runId);
    for (const input of [{ requestId: approval.id, verdict: 'launch' }, { requestId: crypto.randomUUID(), verdict: 'approve' }, { nonsense: true }, 'text']) {
      await stack.temporalCli('workflow', 'signal', '--workflow-id', runId, '--name', 'approvalDecision', '--input', JSON.stringify(input));
    }
    await stack.until('the refused signal in the audit log', async () => (await stack.admin.api.call('listAudit', { query: { object_id: approval.id, action: 'approval.signal_refused' } })).items[0]);
    expect(await stack.admin.run(runId)).toMatchObject({ status: 'waiting_for_approval' });
    await approver.approve(approval);
    expect(await stack.admin.ended(runId)).toMatchObject({ status: 'completed' });
    expect(await emailsOf(subject)).toHaveLength(1);
  });

  test('several calls of one answer each have their own approval; rejecting one leaves the other alone', async () => {
    const { runId, approvals, first, second } = await askTwice();
    const find = (text: string) => approvals.find((approval) => approval.arguments['subject'] === text)!;
    await approver.reject(find(first), 'not this one');
    await stack.until('the other still waits', async () => (await stack.admin.run(runId)).status === 'waiting_for_approval');
    await approver.approve(find(second));
    expect(await stack.admin.ended(runId)).toMatchObject({ status: 'completed' });
    expect(await emailsOf(first)).toHaveLength(0);
    expect(await emailsOf(second)).toHaveLength(1);
  });

  test('a run reset on the Temporal side behind a decision takes it up again, though its signal is gone', async () => {
    stack.openai.answerAll((request) => {
      const said = request.messages.filter((message) => message.role === 'tool').length;
      if (said < 2) request.call(email(`${subject} ${said}`));
      else request.say('done');
    });
    const runId = await stack.admin.startRun(agentId, 'Write two letters, one after the other.');
    await approver.approve(await stack.admin.pendingApproval(runId));
    const second = await stack.until('the second question', async () => (await stack.admin.pendingApprovals(runId)).find((approval) => approval.arguments['subject'] === `${subject} 1`));
    await stack.temporalCli('workflow', 'reset', '--workflow-id', runId, '--type', 'FirstWorkflowTask', '--reason', 'by hand', '--reapply-exclude', 'Signal');
    await approver.approve(second);
    expect(await stack.admin.ended(runId)).toMatchObject({ status: 'completed' });
    expect(await emailsOf(`${subject} 0`)).toHaveLength(1);
    expect(await emailsOf(`${subject} 1`)).toHaveLength(1);
  });

  test('a paused run still says that it is paused after the last open question was rejected', async () => {
    const { runId, approvals, first, second } = await askTwice();
    await stack.temporalCli('workflow', 'signal', '--workflow-id', runId, '--name', 'pause', '--input', JSON.stringify({ by: 'x'.repeat(5_000) }));
    await approver.approve(approvals[0]!);
    await stack.admin.runInPhase(runId, 'paused');
    await approver.reject(approvals[1]!, 'not this one');
    await stack.until('the rejection to be taken up', async () => (await stack.admin.api.call('getApproval', { params: { id: approvals[1]!.id } })).decision?.taken_up_at);
    await stack.admin.runInPhase(runId, 'paused');
    expect(await stack.temporal.workflow.getHandle(runId).query(runStateQuery)).toMatchObject({ phase: 'paused', pausedBy: 'x'.repeat(120) });
    await stack.admin.api.call('resumeRun', { params: { run_id: runId } });
    expect(await stack.admin.ended(runId)).toMatchObject({ status: 'completed' });
    expect([...(await emailsOf(first)), ...(await emailsOf(second))]).toHaveLength(1);
  });

  test('cancelling a waiting run withdraws its question; approving afterwards is refused', async () => {
    const runId = await stack.admin.startRun(agentId, 'Write to the customer.');
    const approval = await stack.admin.pendingApproval(runId);
    await stack.admin.api.call('cancelRun', { params: { run_id: runId }, body: {} });
    expect(await stack.admin.ended(runId)).toMatchObject({ status: 'cancelled', error: { code: 'CANCELLED_BY_USER' } });
    expect(await codeOf(approver.approve(approval))).toBe('APPROVAL_ALREADY_DECIDED');
    expect(await stack.admin.api.call('getApproval', { params: { id: approval.id } })).toMatchObject({ status: 'withdrawn' });
    expect(await emailsOf(subject)).toHaveLength(0);
  });
});

test('every history these runs left behind replays', async () => {
  expect(await stack.replayAll()).toBeGreaterThan(5);
});
