import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyAudit } from '../../engine/governance/index.ts';
import { startStack, type Stack } from '../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ demo: true });
});
afterAll(() => stack?.close());

/** E-mails that the run sent; those that tell approvers of it are not its own. */
const emailsOfRun = async () => (await stack.admin.emails()).filter(({ message_id: id }) => !id.startsWith('<notice-'));

describe('the seed scenario over HTTP', () => {
  let runId: string;
  let agentId: string;

  test('the demo agent is there, marked as a demo on a scripted model', async () => {
    const { items } = await stack.admin.api.call('listAgents');
    expect(items).toEqual([expect.objectContaining({ name: 'Support Ticket Analyzer', is_demo: true, llm_provider: 'scripted', tools: ['run_sql', 'execute_python', 'send_email'] })]);
    agentId = items[0]!.id;
  });

  test('a run reads 47 tickets, scores them in the sandbox and stops at the e-mail', async () => {
    runId = await stack.admin.startRun(agentId, "Analyse today's support tickets and mail the summary to the support lead.");
    const approval = await stack.admin.pendingApproval(runId);
    expect(approval).toMatchObject({ tool_name: 'send_email', risk_level: 'HIGH', status: 'pending', kind: 'tool_call', run_id: runId, agent_name: 'Support Ticket Analyzer' });
    expect(approval.arguments['text']).toMatch(/47/);
    expect(await stack.admin.run(runId)).toMatchObject({ status: 'waiting_for_approval', pending_approvals: 1 });
    const [query, python] = (await stack.admin.steps(runId)).filter((step) => step.kind === 'tool');
    expect(query).toMatchObject({ tool_name: 'run_sql', status: 'completed', risk_level: 'MEDIUM' });
    const output = (await stack.admin.api.call('getStep', { params: { run_id: runId, step_id: query!.id } })).output as { row_count: number };
    expect(output.row_count).toBe(47);
    expect(python).toMatchObject({ tool_name: 'execute_python', status: 'completed' });
    const scores = (await stack.admin.api.call('getStep', { params: { run_id: runId, step_id: python!.id } })).output as { error: null; result: Record<string, unknown> };
    expect(scores.error).toBeNull();
    expect(scores.result).toBeTypeOf('object');
    expect(await emailsOfRun()).toEqual([]);
  });

  test('after the approval exactly the approved e-mail is delivered and the run completes with three iterations', async () => {
    const approval = await stack.admin.pendingApproval(runId);
    const settled = await stack.admin.approve(approval);
    expect(settled).toMatchObject({ status: 'approved', decision: { verdict: 'approve', door: 'api' } });
    const run = await stack.admin.ended(runId);
    expect(run).toMatchObject({ status: 'completed', iterations: 3, error: null, cost_micro_usd: 0, pending_approvals: 0 });
    expect(run.outputs?.answer).not.toBe('');
    expect(run.usage.input_tokens).toBeGreaterThan(0);
    expect(run.active_ms).toBeGreaterThan(0);
    expect(run.waiting_ms).toBeGreaterThan(0);
    const emails = await emailsOfRun();
    expect(emails).toHaveLength(1);
    expect(emails[0]).toMatchObject({ to: approval.arguments['to'], subject: approval.arguments['subject'] });
    expect(emails[0]!.text.trim()).toBe(String(approval.arguments['text']).trim());
  });

  test('the trace holds three iterations of reasoning, safety, tool and memory, and the finish', async () => {
    const steps = await stack.admin.steps(runId);
    for (const iteration of [1, 2, 3]) {
      const kinds = new Set(steps.filter((step) => step.iteration === iteration).map((step) => step.kind));
      expect([...kinds]).toEqual(expect.arrayContaining(['reasoning', 'safety', 'tool', 'memory']));
    }
    expect(steps.filter((step) => step.kind === 'finish')).toHaveLength(1);
    expect(steps.filter((step) => step.kind === 'approval')).toEqual([expect.objectContaining({ status: 'completed', iteration: 3 })]);
    expect(steps.every((step) => step.finished_at !== null && step.status === 'completed')).toBe(true);
    const sum = steps.reduce((total, step) => total + (step.usage?.input_tokens ?? 0), 0);
    expect(sum).toBe((await stack.admin.run(runId)).usage.input_tokens);
  });

  test('what happened is remembered and recalled in the next run', async () => {
    const { items } = await stack.admin.api.call('listMemory', { params: { id: agentId } });
    expect(items.length).toBeGreaterThanOrEqual(3);
    expect(items.every((memory) => memory.run_id === runId && memory.embedding_state === 'ready')).toBe(true);
    const found = await stack.admin.api.call('listMemory', { params: { id: agentId }, query: { query: 'support tickets' } });
    expect(found.items[0]?.score).toBeGreaterThan(0);
    const second = await stack.admin.startRun(agentId, "Analyse today's support tickets again.");
    await stack.admin.pendingApproval(second);
    const first = await stack.db.selectFrom('messages').select('text').where('run_id', '=', second).where('source', '=', 'system').orderBy('position').executeTakeFirstOrThrow();
    expect(first.text).toContain('run_sql succeeded');
    await stack.admin.api.call('cancelRun', { params: { run_id: second }, body: { reason: 'not needed' } });
    expect(await stack.admin.ended(second)).toMatchObject({ status: 'cancelled', error: { message: expect.stringContaining('not needed') } });
  });

  test('decision history, events and a sound audit chain are left behind', async () => {
    const { items } = await stack.admin.api.call('listApprovals', { query: { run_id: runId } });
    expect(items).toEqual([expect.objectContaining({ status: 'approved', decision: expect.objectContaining({ verdict: 'approve' }) })]);
    const audit = await stack.admin.api.call('listAudit');
    expect(audit.items.map((entry) => entry.action)).toEqual(expect.arrayContaining(['run.create', 'approval.approve', 'run.cancel']));
    expect(await verifyAudit({ db: stack.db })).toMatchObject({ is_intact: true });
    const events = await stack.db.selectFrom('events').select('type').where('run_id', '=', runId).execute();
    expect(new Set(events.map((event) => event.type))).toEqual(new Set(['run-changed', 'step-changed', 'approval-requested', 'approval-settled', 'memory-changed']));
  });

  test('Temporal shows the run readably and no content', async () => {
    const handle = stack.temporal.workflow.getHandle(runId);
    const description = await handle.describe();
    expect(description.status.name).toBe('COMPLETED');
    expect(description.searchAttributes).toMatchObject({ AgentName: ['Support Ticket Analyzer'], RunPhase: ['completed'], AgentId: [agentId] });
    const history = JSON.stringify(await handle.fetchHistory(), (_key, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString() : value));
    expect(history).not.toContain('select ');
    expect(history).not.toContain('support-lead@');
  });
});
