import type { ApprovalRequest } from '../../contracts/approvals.ts';
import { isTerminal, type Run, type RunPhase, type Step } from '../../contracts/runs.ts';
import type { OutboxEmail } from '../../contracts/system.ts';
import { type ApiClient, createApiClient } from '../../web/src/lib/api-client.ts';
import { until } from './until.ts';

/** A signed-in person, with the few things tests do over HTTP. Every answer is parsed with its own strict contract. */
export interface Person {
  api: ApiClient;
  createAgent(agent: Partial<Parameters<ApiClient['call']>[1]> & Record<string, unknown>): Promise<string>;
  startRun(agentId: string, goal: string, options?: { limits?: Record<string, number>; data?: Record<string, never> }): Promise<string>;
  run(runId: string): Promise<Run>;
  runInPhase(runId: string, ...phases: RunPhase[]): Promise<Run>;
  ended(runId: string): Promise<Run>;
  steps(runId: string): Promise<Step[]>;
  pendingApproval(runId: string): Promise<ApprovalRequest>;
  pendingApprovals(runId: string): Promise<ApprovalRequest[]>;
  approve(approval: ApprovalRequest): Promise<ApprovalRequest>;
  reject(approval: ApprovalRequest, reason: string): Promise<ApprovalRequest>;
  emails(): Promise<OutboxEmail[]>;
}

/** Signs in and returns the person. `baseUrl` may move (an api that is restarted elsewhere), so it is asked for each time. */
export async function signInAs(baseUrl: () => string, email: string, password: string): Promise<Person> {
  const api = createApiClient({ fetch: (input, init) => fetch(`${baseUrl()}${String(input)}`, init) });
  api.session.accept(await api.call('signIn', { body: { email, password } }));
  const run = (runId: string): Promise<Run> => api.call('getRun', { params: { run_id: runId } });
  const runInPhase = (runId: string, ...phases: RunPhase[]): Promise<Run> =>
    until(`run ${runId} to be ${phases.join(' or ')}`, async () => {
      const current = await run(runId);
      if (phases.includes(current.status)) return current;
      if (isTerminal(current.status)) throw new Error(`the run is ${current.status}: ${JSON.stringify(current.error ?? current.outputs)}`);
      return undefined;
    }, { timeoutMs: 120_000 });
  const pendingApprovals = async (runId: string): Promise<ApprovalRequest[]> =>
    (await api.call('listApprovals', { query: { status: ['pending'], run_id: runId } })).items;
  return {
    api,
    createAgent: async (agent) => (await api.call('createAgent', { body: { purpose: 'To be tested.', tools: [], llm_provider: 'scripted', ...agent } as never })).id,
    startRun: async (agentId, goal, options = {}) => (await api.call('createRun', { body: { agent_id: agentId, inputs: { goal }, ...(options.limits === undefined ? {} : { limits: options.limits }) } })).run_id,
    run,
    runInPhase,
    ended: (runId) => until(`the end of run ${runId}`, async () => {
      const current = await run(runId);
      return isTerminal(current.status) ? current : undefined;
    }, { timeoutMs: 120_000 }),
    async steps(runId) {
      const steps: Step[] = [];
      for (let cursor: string | undefined; ; ) {
        const page = await api.call('listSteps', { params: { run_id: runId }, query: { limit: 200, ...(cursor === undefined ? {} : { cursor }) } });
        steps.push(...page.items);
        if (page.next_cursor === null) return steps;
        cursor = page.next_cursor;
      }
    },
    pendingApproval: (runId) => until(`an approval of run ${runId}`, async () => (await pendingApprovals(runId))[0], { timeoutMs: 120_000 }),
    pendingApprovals,
    approve: (approval) => api.call('approveRequest', { params: { id: approval.id }, body: { version: approval.version, arguments_hash: approval.arguments_hash } }),
    reject: (approval, reason) => api.call('rejectRequest', { params: { id: approval.id }, body: { reason } }),
    emails: async () => (await api.call('listOutbox')).items,
  };
}
