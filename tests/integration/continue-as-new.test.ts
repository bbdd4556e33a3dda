import { afterAll, beforeAll, expect, test } from 'vitest';
import { startStack, type Stack } from '../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ env: { TEMPORAL_TURNS_PER_HISTORY: '2' } });
});
afterAll(() => stack?.close());

test('a long run goes on over several histories, keeps its counts, and an approval crosses the border', async () => {
  const agentId = await stack.admin.createAgent({ name: 'Marathon', llm_provider: 'openai', llm_model: 'test-model', tools: ['execute_python', 'send_email'] });
  let turn = 0;
  stack.openai.answerAll((request) => {
    turn++;
    if (turn <= 4) request.call({ name: 'execute_python', arguments: { code: `${turn}` } });
    else if (turn === 5) request.call({ name: 'send_email', arguments: { to: ['customer@example.com'], subject: 'Long run', text: 'Hello' } });
    else request.say('arrived');
  });
  const runId = await stack.admin.startRun(agentId, 'Run long.');
  const approval = await stack.admin.pendingApproval(runId);
  const { historyLength } = await stack.temporal.workflow.getHandle(runId).describe();
  expect(historyLength).toBeLessThan(60);
  await stack.admin.approve(approval);
  const run = await stack.admin.ended(runId);
  expect(run).toMatchObject({ status: 'completed', iterations: 5, outputs: { answer: 'arrived' } });
  expect(run.usage.input_tokens).toBe(600);
  expect((await stack.admin.emails()).filter((mail) => mail.subject === 'Long run')).toHaveLength(1);
});
