import type { ApprovalRequest } from '../../contracts/approvals.ts';
import { isTerminal, type Run, type Step } from '../../contracts/runs.ts';
import type { OutboxEmail } from '../../contracts/system.ts';
import { demoAgent, demoGoal } from '../demo-data/demo-agent.ts';
import type { DemoClient } from './api-client.ts';

/** What a person answers to an approval request; undefined: somebody else answered it meanwhile. */
export type Decision = { verdict: 'approve' } | { verdict: 'reject'; reason: string } | undefined;

export interface DemoOptions {
  client: DemoClient;
  log: (line: string) => void;
  /** Asked for each approval request; `signal` aborts when it was settled elsewhere. */
  decide: (approval: ApprovalRequest, signal: AbortSignal) => Promise<Decision>;
  signal: AbortSignal;
}

export interface DemoResult {
  run: Run;
  steps: Step[];
  approvals: ApprovalRequest[];
  /** E-mails of this run that the built-in outbox received. */
  emails: OutboxEmail[];
}

const pollMs = 1_000;

/** The demo's agent, made anew when somebody deleted or changed it. Returns its id. */
async function ensureAgent(client: DemoClient): Promise<string> {
  const { items } = await client.call('listAgents', { query: { limit: 200 } });
  const isDemo = (agent: (typeof items)[number]): boolean =>
    agent.llm_provider === demoAgent.llm_provider && agent.llm_model === demoAgent.llm_model && (demoAgent.tools ?? []).every((tool) => agent.tools.includes(tool));
  const known = items.find(isDemo);
  if (known !== undefined) return known.id;
  const names = new Set(items.map(({ name }) => name));
  let name = demoAgent.name;
  for (let count = 2; names.has(name); count++) name = `${demoAgent.name} ${count}`;
  return (await client.call('createAgent', { body: { ...demoAgent, name } })).id;
}

async function allSteps(client: DemoClient, runId: string): Promise<Step[]> {
  const steps: Step[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await client.call('listSteps', { params: { run_id: runId }, query: { limit: 200, ...(cursor === undefined ? {} : { cursor }) } });
    steps.push(...page.items);
    if (page.next_cursor === null) return steps;
    cursor = page.next_cursor;
  }
}

/** Waits for the next event of the run, but not longer than a second. */
function createBell(): { ring(): void; wait(): Promise<void> } {
  let wake = (): void => {};
  let hasRung = false;
  return {
    ring() {
      hasRung = true;
      wake();
    },
    async wait() {
      if (!hasRung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, pollMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      hasRung = false;
    },
  };
}

const toLine = (step: Step): string =>
  [`  ${step.iteration} · ${step.kind}`, step.tool_name, step.status === 'completed' ? undefined : step.status, step.summary?.replaceAll(/\s+/g, ' ').slice(0, 160), step.error?.message].filter((part) => part !== undefined && part !== null).join(' · ');

/** Creates the agent where it is missing, runs it, shows each step as it happens and settles what waits for a person. */
export async function runDemo({ client, log, decide, signal }: DemoOptions): Promise<DemoResult> {
  await client.signIn();
  const agentId = await ensureAgent(client);
  const { run_id: runId } = await client.call('createRun', { body: { agent_id: agentId, inputs: { goal: demoGoal } } });
  log(`run ${runId}: ${demoGoal}`);
  const bell = createBell();
  const following = new AbortController();
  const followed = client.followRun(runId, () => bell.ring(), AbortSignal.any([following.signal, signal]));

  const shown = new Map<string, string>();
  const show = async (): Promise<Step[]> => {
    const steps = await allSteps(client, runId);
    for (const step of steps) {
      if (step.status === 'running' || shown.get(step.id) === step.status) continue;
      shown.set(step.id, step.status);
      log(toLine(step));
    }
    return steps;
  };
  const settle = async (approval: ApprovalRequest): Promise<void> => {
    const elsewhere = new AbortController();
    let isDone = false;
    const watching = (async () => {
      while (!isDone && (await client.call('getApproval', { params: { id: approval.id } })).status === 'pending') await bell.wait();
      if (!isDone) elsewhere.abort();
    })();
    watching.catch(() => undefined);
    const decision = await decide(approval, AbortSignal.any([elsewhere.signal, signal]));
    isDone = true;
    const params = { id: approval.id };
    if (decision?.verdict === 'approve') await client.call('approveRequest', { params, body: { version: approval.version, arguments_hash: approval.arguments_hash } });
    else if (decision !== undefined) await client.call('rejectRequest', { params, body: { reason: decision.reason } });
  };
  try {
    for (;;) {
      signal.throwIfAborted();
      const run = await client.call('getRun', { params: { run_id: runId } });
      const steps = await show();
      if (isTerminal(run.status)) {
        const approvals = (await client.call('listApprovals', { query: { run_id: runId } })).items;
        const messageIds = steps.flatMap(({ kind, tool_name: tool, output }) => (kind === 'tool' && tool === 'send_email' ? [messageIdIn(output)] : [])).filter((id) => id !== undefined);
        const emails = (await Promise.all(messageIds.map(async (id) => (await client.call('listOutbox', { query: { message_id: id } })).items))).flat();
        return { run, steps, approvals, emails };
      }
      const [pending] = (await client.call('listApprovals', { query: { run_id: runId, status: ['pending'] } })).items;
      if (pending === undefined) await bell.wait();
      else await settle(pending);
    }
  } finally {
    following.abort();
    await followed;
  }
}

const messageIdIn = (output: Step['output']): string | undefined => {
  const id = typeof output === 'object' && output !== null && !Array.isArray(output) ? output['message_id'] : undefined;
  return typeof id === 'string' ? id : undefined;
};

/** What is missing for "it all really happened"; empty when nothing is. @param hasOutbox whether e-mails go to the built-in outbox. */
export function missingFrom({ run, steps, approvals, emails }: DemoResult, { isApproved, hasOutbox }: { isApproved: boolean; hasOutbox: boolean }): string[] {
  const missing: string[] = [];
  const toolStep = (name: string): Step | undefined => steps.find((step) => step.kind === 'tool' && step.tool_name === name);
  const expect = (holds: boolean, sentence: string): void => void (holds || missing.push(sentence));
  expect(run.status === 'completed', `the run is ${run.status}${run.error === null ? '' : `: ${run.error.message}`}`);
  expect(toolStep('run_sql')?.status === 'completed', 'run_sql did not complete');
  expect(toolStep('execute_python')?.status === 'completed', 'execute_python did not complete');
  expect(approvals.length === 1 && approvals[0]?.decision?.verdict === (isApproved ? 'approve' : 'reject'), 'the decision is not the one that was taken');
  if (isApproved) {
    expect(toolStep('send_email')?.status === 'completed', 'send_email did not complete');
    if (hasOutbox) expect(emails.length === 1, `${emails.length} e-mails were delivered instead of one`);
  } else {
    expect(emails.length === 0 && toolStep('send_email')?.status !== 'completed', 'the e-mail was sent although it was rejected');
  }
  return missing;
}
