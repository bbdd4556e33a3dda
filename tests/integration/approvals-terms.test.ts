import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ApprovalDetails, ApprovalRequest } from '../../contracts/approvals.ts';
import type { Person } from '../support/api.ts';
import { startStack, type Stack } from '../support/stack.ts';

// Terms of approvals over the whole product: policies as people publish them, timers in the workflow, decisions over HTTP.
let stack: Stack;
let ana: Person;
let ben: Person;
let ids: Record<'ana' | 'ben', string>;
let groupId: string;
beforeAll(async () => {
  stack = await startStack();
  [ana, ben] = [await stack.person('approver'), await stack.person('approver')];
  const people = (await stack.admin.api.call('listApprovers')).items.filter(({ role }) => role === 'approver').toSorted((left, right) => left.name.localeCompare(right.name));
  ids = { ana: people[0]?.user_id ?? '', ben: people[1]?.user_id ?? '' };
  groupId = (await stack.admin.api.call('createGroup', { body: { name: 'finance', member_ids: [ids.ana, ids.ben] } })).id;
});
afterAll(() => stack?.close());

let subject: string;
let count = 0;
beforeEach(() => {
  subject = `Terms ${++count}`;
});
const email = (to = 'customer@example.com') => ({ name: 'send_email', arguments: { to: [to], subject, text: 'Hello' } });
const emailsSent = async (): Promise<number> => (await stack.admin.emails()).filter((mail) => mail.subject === subject).length;
const codeOf = async (work: Promise<unknown>): Promise<string> => work.then(() => 'accepted', (error: { code: string }) => error.code);
const get = (id: string, person = stack.admin): Promise<ApprovalDetails> => person.api.call('getApproval', { params: { id } });
const auditOf = async (id: string): Promise<string[]> => (await stack.db.selectFrom('audit_log').select('action').where('object_id', '=', id).orderBy('sequence').execute()).map(({ action }) => action);

interface LivePolicy {
  id: string;
  revision: number;
}
const reason_without_back_test = 'A test.';
/** Makes a policy live: agents' e-mails are asked about on these terms, or `statement` is what it says. */
async function publish(agentId: string, annotations: string, statement = `forbid (principal == Agent::"${agentId}", action == Action::"use_unattended", resource == Tool::"send_email");`): Promise<LivePolicy> {
  const draft = await stack.admin.api.call('createPolicy', { body: { name: `${subject} ${annotations}`.slice(0, 100), cedar: `${annotations}\n${statement}` } });
  const { id, revision } = await stack.admin.api.call('publishPolicy', { params: { id: draft.id }, body: { revision: draft.revision, note: 'For a test.', reason_without_back_test, accepts_warnings: true } });
  return { id, revision };
}
async function change(policy: LivePolicy, cedar: string): Promise<void> {
  const draft = await stack.admin.api.call('savePolicyDraft', { params: { id: policy.id }, body: { revision: policy.revision, cedar } });
  await stack.admin.api.call('publishPolicy', { params: { id: policy.id }, body: { revision: draft.revision, note: 'Changed.', reason_without_back_test, accepts_warnings: true } });
}

const addAgent = (tools = ['send_email']): Promise<string> => stack.admin.createAgent({ name: `Mailer ${count}`, llm_provider: 'openai', llm_model: 'test-model', tools });

/** A run that has proposed its e-mail by now, judged by policies at most two seconds old: the model answers once the set is known to be. */
async function ask(agentId: string, call: Parameters<Parameters<NonNullable<Parameters<Stack['openai']['answerAll']>[0]>>[0]['call']>[0] = email()): Promise<{ runId: string; approval: ApprovalRequest }> {
  const liveSince = Date.now();
  stack.openai.answerAll(undefined);
  const runId = await stack.admin.startRun(agentId, 'Write to the customer.');
  const first = await stack.openai.next();
  await stack.until('the policies to be known everywhere', () => Date.now() - liveSince > 2_000);
  stack.openai.answerAll((request) => request.say(`The tool said: ${request.messages.at(-1)?.content ?? ''}`));
  first.call(call);
  return { runId, approval: await stack.admin.pendingApproval(runId) };
}

describe('terms of an approval', () => {
  test('expiry against an approval in the same millisecond: one of them decides, and only an approval acts', async () => {
    const agentId = await addAgent();
    await publish(agentId, '@expires("10s")');
    let approvedCount = 0;
    for (const offsetMs of [-2, 0, 2]) {
      const { runId, approval } = await ask(agentId);
      const expiresAt = Date.parse(approval.expires_at ?? '');
      // Busy for the last moments: a timer would be milliseconds late.
      await stack.until('the last moments', () => expiresAt + offsetMs - Date.now() < 200, { everyMs: 20 });
      while (Date.now() < expiresAt + offsetMs);
      const outcomes = await Promise.all([ana, ben, stack.admin].map((person) => codeOf(person.approve(approval))));
      const accepted = outcomes.filter((code) => code === 'accepted').length;
      approvedCount += accepted;
      await stack.admin.ended(runId);
      const settled = await get(approval.id);
      expect(settled.status).toBe(accepted === 1 ? 'approved' : 'expired');
      expect(await auditOf(approval.id)).toEqual([accepted === 1 ? 'approval.approve' : 'approval.expire']);
      expect(await emailsSent()).toBe(approvedCount);
    }
  });

  test('a quorum does not count somebody who was taken out of the group since', async () => {
    const agentId = await addAgent();
    await publish(agentId, '@approvers("group:finance")\n@quorum("2")');
    const { runId, approval } = await ask(agentId);
    expect(await ana.approve(approval)).toMatchObject({ status: 'pending', votes_missing: [1] });
    const setMembers = async (member_ids: string[]) => {
      const group = (await stack.admin.api.call('listGroups')).items.find(({ id }) => id === groupId);
      await stack.admin.api.call('updateGroup', { params: { id: groupId }, body: { version: group?.version ?? 0, member_ids } });
    };
    await setMembers([ids.ben]);
    expect(await ben.approve(approval)).toMatchObject({ status: 'pending', votes_missing: [1], votes: [{ counts: false }, { counts: true }] });
    expect(await codeOf(ana.approve(approval))).toBe('APPROVAL_NOT_ELIGIBLE');
    expect(await emailsSent()).toBe(0);
    await setMembers([ids.ana, ids.ben]);
    expect(await codeOf(ben.approve(approval))).toBe('APPROVAL_ALREADY_VOTED');
    await ben.reject(approval, 'Enough of this.');
    expect((await stack.admin.ended(runId)).outputs?.answer).toContain('Enough of this.');
  });

  test('an edit that needs a second approver waits for them, and what they approved is what is sent', async () => {
    const agentId = await addAgent();
    await publish(agentId, '@approvers("group:finance")');
    await publish(agentId, '@approvers("role:admin")', `forbid (principal == Agent::"${agentId}", action == Action::"use_unattended", resource == Tool::"send_email") when { context has outside_recipient_count && context.outside_recipient_count > 0 };`);
    const { runId, approval } = await ask(agentId);
    const edited = { ...approval.arguments, to: ['partner@elsewhere.test'] };
    const open = await ana.api.call('approveRequest', { params: { id: approval.id }, body: { version: 1, arguments_hash: approval.arguments_hash, edited_arguments: edited } });
    expect(open).toMatchObject({ status: 'pending', version: 2, arguments: edited, original_arguments: approval.arguments, votes: [{ by: { user_id: ids.ana } }] });
    expect([[0, 1], [1, 0]]).toContainEqual(open.votes_missing);
    expect(await codeOf(stack.admin.approve(approval))).toBe('APPROVAL_STALE');
    expect(await stack.admin.approve(open)).toMatchObject({ status: 'approved_with_edits' });
    expect(await stack.admin.ended(runId)).toMatchObject({ status: 'completed' });
    const sent = (await stack.admin.emails()).filter((mail) => mail.subject === subject);
    expect(sent).toHaveLength(1);
    expect(JSON.stringify(sent[0])).toContain('partner@elsewhere.test');
  });

  test('drift: what was approved is asked again when its policy changed before it was executed, and says why', async () => {
    const agentId = await addAgent();
    const policy = await publish(agentId, '@approvers("group:finance")\n@quorum("2")\n@escalate("5s: role:admin")');
    const { runId, approval } = await ask(agentId);
    await ana.approve(approval);
    await stack.until('the escalation', async () => (await get(approval.id)).escalated_to.length > 0, { timeoutMs: 60_000 });
    await stack.admin.api.call('pauseRun', { params: { run_id: runId } });
    expect(await stack.admin.approve(approval)).toMatchObject({ status: 'approved' });
    await stack.admin.runInPhase(runId, 'paused');
    await change(policy, `@approvers("role:admin")\nforbid (principal == Agent::"${agentId}", action == Action::"use_unattended", resource == Tool::"send_email");`);
    await stack.admin.api.call('resumeRun', { params: { run_id: runId } });
    const again = await stack.admin.pendingApproval(runId);
    expect(again).toMatchObject({ kind: 'tool_call', arguments: approval.arguments, drift_reason: expect.stringMatching(/changed from version 1 to 2.*other people have to approve/) });
    expect(again.id).not.toBe(approval.id);
    expect(await emailsSent()).toBe(0);
    expect(await codeOf(ana.approve(again))).toBe('APPROVAL_NOT_ELIGIBLE');
    await stack.admin.approve(again);
    expect(await stack.admin.ended(runId)).toMatchObject({ status: 'completed' });
    expect(await emailsSent()).toBe(1);
  });

  test('drift: what the policies deny by now is not executed, and the agent reads it', async () => {
    const agentId = await addAgent();
    const { runId, approval } = await ask(agentId);
    await stack.admin.api.call('pauseRun', { params: { run_id: runId } });
    await ana.approve(approval);
    await stack.admin.runInPhase(runId, 'paused');
    await publish(agentId, '@reason("No more mail from this one.")', `forbid (principal == Agent::"${agentId}", action in [Action::"use", Action::"use_unattended"], resource == Tool::"send_email");`);
    await stack.admin.api.call('resumeRun', { params: { run_id: runId } });
    expect((await stack.admin.ended(runId)).outputs?.answer).toContain('No more mail from this one.');
    expect(await emailsSent()).toBe(0);
  });

  test('a question waits for its answer, which the agent reads with who gave it', async () => {
    const agentId = await addAgent(['ask_person']);
    const { runId, approval } = await ask(agentId, { name: 'ask_person', arguments: { question: 'Blue or green?', choices: ['blue', 'green'] } });
    expect(approval).toMatchObject({ kind: 'question', arguments: { choices: ['blue', 'green'] } });
    expect(await codeOf(ana.approve(approval))).toBe('APPROVAL_KIND_MISMATCH');
    await ana.api.call('answerQuestion', { params: { id: approval.id }, body: { answer: 'Teal', version: approval.version } });
    const { outputs } = await stack.admin.ended(runId);
    expect(outputs?.answer).toContain('Teal');
    expect(outputs?.answer).toContain('approver 1');
  });

  test('a result by hand ends the call without the tool; the agent and the trace know whose it is', async () => {
    const agentId = await addAgent();
    const { runId, approval } = await ask(agentId);
    await ben.api.call('provideResult', { params: { id: approval.id }, body: { result: { told: 'by telephone' }, note: 'I rang them.' } });
    const { outputs } = await stack.admin.ended(runId);
    expect(outputs?.answer).toContain('by telephone');
    expect(outputs?.answer).toContain('given_by');
    expect((await stack.admin.steps(runId)).find(({ kind }) => kind === 'tool')).toMatchObject({ status: 'completed', summary: expect.stringContaining('by hand') });
    expect(await emailsSent()).toBe(0);
  });

  test('an extension carries a request past its first expiry, and no further than the terms say', async () => {
    const agentId = await addAgent();
    await publish(agentId, '@expires("10s")\n@extendable("1h")');
    const { runId, approval } = await ask(agentId);
    const first = Date.parse(approval.expires_at ?? '');
    const extended = await ana.api.call('extendRequest', { params: { id: approval.id }, body: { expires_at: new Date(first + 600_000).toISOString() } });
    expect(Date.parse(extended.expires_at ?? '')).toBe(first + 600_000);
    expect(await codeOf(ana.api.call('extendRequest', { params: { id: approval.id }, body: { expires_at: new Date(first + 7_200_000).toISOString() } }))).toBe('APPROVAL_NOT_EXTENDABLE');
    await stack.until('the first expiry to pass', () => Date.now() > first + 1_500);
    expect((await get(approval.id)).status).toBe('pending');
    await ben.approve(approval);
    expect(await stack.admin.ended(runId)).toMatchObject({ status: 'completed' });
    expect(await emailsSent()).toBe(1);
  });

  test('escalation comes over a worker and an api that were killed, and lets admins decide', async () => {
    const agentId = await addAgent();
    await publish(agentId, '@approvers("group:finance")\n@reminder("5s")\n@escalate("12s: role:admin")\n@expires("never")');
    const { runId, approval } = await ask(agentId);
    expect(await codeOf(stack.admin.approve(approval))).toBe('APPROVAL_NOT_ELIGIBLE');
    await Promise.all([stack.worker.kill(), stack.apiProcess.kill()]);
    await Promise.all([stack.startApi(), stack.startWorker()]);
    const escalated = await stack.until('the escalation', async () => {
      const now = await get(approval.id);
      return now.escalated_to.length > 0 && now;
    }, { timeoutMs: 90_000 });
    expect(escalated).toMatchObject({ status: 'pending', escalated_to: ['role:admin'], can_decide: { is_allowed: true }, concerns_me: true });
    const events = await stack.db.selectFrom('events').select('data').where('run_id', '=', runId).where('type', '=', 'approval-changed').orderBy('id').execute();
    expect(events.map(({ data }) => (data as { change: string }).change).toSorted()).toEqual(['escalated', 'reminded']);
    await stack.admin.approve(approval);
    expect(await stack.admin.ended(runId)).toMatchObject({ status: 'completed' });
    expect(await emailsSent()).toBe(1);
    expect(await auditOf(approval.id)).toEqual(['approval.escalate', 'approval.approve']);
  });
});

test('every history these runs left behind replays', async () => {
  expect(await stack.replayAll()).toBeGreaterThan(8);
});
