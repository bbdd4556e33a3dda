// Agents whose model makes exactly the calls a test sets, one a run, and then ends.
import type { ApprovalRequest } from '../../contracts/approvals.ts';
import type { Person } from './api.ts';
import { startOpenAiServer } from './openai-server.ts';

export interface CallingModel {
  /** An agent of this model. Returns its id. */
  createAgent(name: string, tools: string[]): Promise<string>;
  /** A run whose agent makes this call. Returns its id. */
  start(agentId: string, name: string, args: Record<string, unknown>): Promise<string>;
  /** As `start`; answers once somebody is asked about the call. */
  ask(agentId: string, name: string, args: Record<string, unknown>): Promise<ApprovalRequest>;
  close(): Promise<void>;
}

/** Starts the model and connects the installation of `admin` to it. */
export async function startCallingModel(admin: Person): Promise<CallingModel> {
  const model = await startOpenAiServer();
  /** The call of each task, in the order in which they are set. */
  const calls: { name: string; arguments: unknown }[] = [];
  model.answerAll((request) => {
    // What is remembered of earlier runs names their tasks too: its own is the newest.
    const tasks = [...request.rawBody.matchAll(/Do task (\d+)\./g)].map(([, number]) => Number(number));
    const call = calls[Math.max(...tasks) - 1];
    if (request.messages.at(-1)?.role === 'tool' || call === undefined) request.say('Done.');
    else request.call(call);
  });
  const connection = await admin.api.call('createConnection', { body: { name: 'Test server', api: 'openai', base_url: model.baseUrl, api_key: 'sk-test' } });
  const start = (agentId: string, name: string, args: Record<string, unknown>): Promise<string> => {
    calls.push({ name, arguments: args });
    return admin.startRun(agentId, `Do task ${calls.length}.`);
  };
  return {
    createAgent: (name, tools) => admin.createAgent({ name, llm_provider: 'openai', llm_connection: connection.id, llm_model: 'test-model', tools }),
    start,
    ask: async (agentId, name, args) => admin.pendingApproval(await start(agentId, name, args)),
    close: () => model.close(),
  };
}
