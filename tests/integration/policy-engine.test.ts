import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startStack, type Stack } from '../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ env: { NODE_OPTIONS: `--import=${fileURLToPath(new URL('../support/exhaust-policy-engine.ts', import.meta.url))}` } });
});
afterAll(() => stack?.close());

test('a worker whose policy engine keeps breaking says so, stops in order and ends with 1; the call it did not judge is judged by the next one', async () => {
  const agentId = await stack.admin.createAgent({ name: 'Asker', llm_provider: 'openai', llm_model: 'test-model', tools: ['run_sql'] });
  stack.openai.answerAll(undefined);
  const { worker } = stack;
  process.kill(worker.pid, 'SIGUSR2');
  expect(await worker.exited).toBe(1);
  expect(worker.output()).toMatch(/"level":50.*"outage":"The policy engine broke down 20 times within a minute\.[^\n]*"msg":"the worker cannot judge calls and stops"/);
  expect(worker.output().match(/the policy engine broke down"/g)).toHaveLength(20);
  expect(worker.output()).not.toMatch(/stopping failed|did not stop|permit/);
  expect(await stack.db.selectFrom('worker_heartbeats').selectAll().execute()).toEqual([]);

  const runId = await stack.admin.startRun(agentId, 'How many tickets are there?');
  await stack.startWorker();
  (await stack.openai.next()).call({ name: 'run_sql', arguments: { data_source: 'support', query: 'select count(*) from tickets' } });
  (await stack.openai.next()).say('Some.');
  expect(await stack.admin.ended(runId)).toMatchObject({ status: 'completed' });
  expect((await stack.admin.steps(runId)).find(({ kind }) => kind === 'safety')).toMatchObject({ status: 'completed' });
});
