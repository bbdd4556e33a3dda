// `npm run record-histories`: records the histories that tests/replay/ holds. Done once per release, never to make a failing replay pass.
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import proto from '@temporalio/proto';
import type { Stack } from '../tests/support/stack.ts';
import '../tests/support/web-aliases.ts';

const { startStack } = await import('../tests/support/stack.ts');

const folder = fileURLToPath(new URL('../tests/replay/histories/', import.meta.url));

async function record(stack: Stack, name: string, runId: string): Promise<void> {
  // The first execution: the one that continued as new, where a run had several.
  const { temporal_run_id: firstRunId } = await stack.db.selectFrom('runs').select('temporal_run_id').where('id', '=', runId).executeTakeFirstOrThrow();
  const history = await stack.temporal.workflow.getHandle(runId, firstRunId ?? undefined).fetchHistory();
  await writeFile(`${folder}${name}.bin`, proto.temporal.api.history.v1.History.encode(history).finish());
  console.log(`recorded ${name}: ${history.events?.length ?? 0} events`);
}

const email = { name: 'send_email', arguments: { to: ['customer@example.com'], subject: 'Recorded', text: 'Hello' } };
const compute = (turn: number) => ({ name: 'execute_python', arguments: { code: `${turn}` } });

await mkdir(folder, { recursive: true });
const stack = await startStack({ ownTemporal: true, env: { TEMPORAL_TURNS_PER_HISTORY: '3' } });
try {
  const agentId = await stack.admin.createAgent({ name: 'Recorded', llm_provider: 'openai', llm_model: 'test-model', tools: ['execute_python', 'send_email'] });
  const acting = (turns: number): void => {
    let turn = 0;
    stack.openai.answerAll((request) => (++turn > turns ? request.say('done') : request.call(compute(turn))));
  };
  const mailing = (): void =>
    stack.openai.answerAll((request) => (request.messages.at(-1)?.role === 'user' ? request.call(email, compute(1)) : request.say('done')));

  acting(1);
  const happy = await stack.admin.startRun(agentId, 'Happy.');
  await stack.admin.ended(happy);
  await record(stack, 'happy', happy);

  acting(5);
  const long = await stack.admin.startRun(agentId, 'Long.');
  await stack.admin.ended(long);
  await record(stack, 'continue-as-new', long);

  mailing();
  const approved = await stack.admin.startRun(agentId, 'Approved.');
  await stack.admin.approve(await stack.admin.pendingApproval(approved));
  await stack.admin.ended(approved);
  await record(stack, 'approval', approved);

  const rejected = await stack.admin.startRun(agentId, 'Rejected.');
  await stack.admin.reject(await stack.admin.pendingApproval(rejected), 'no');
  await stack.admin.ended(rejected);
  await record(stack, 'rejection', rejected);

  const cancelled = await stack.admin.startRun(agentId, 'Cancelled.');
  await stack.admin.pendingApproval(cancelled);
  await stack.admin.api.call('cancelRun', { params: { run_id: cancelled }, body: {} });
  await stack.admin.ended(cancelled);
  await record(stack, 'cancel', cancelled);
} finally {
  await stack.close();
}
