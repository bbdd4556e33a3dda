import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BackTest } from '../../contracts/back-tests.ts';
import { workflowBundlePath } from '../../scripts/build-workflow-bundle.ts';
import { backTestWorkflowId } from '../../temporal/names.ts';
import { emailFacts, fillLedger } from '../support/ledger.ts';
import { startStack, type Stack } from '../support/stack.ts';

const total = 12_000;
let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
  // No two are alike for the draft, so that there is something to do.
  await fillLedger(stack.db, Array.from({ length: total }, (_, index) => ({ facts: emailFacts({ recipient_count: index % 4, text_length: index }) })));
});
afterAll(() => stack?.close());

const cedar = 'permit (principal, action, resource == Tool::"send_email") when { context has recipient_count && context has text_length && context.recipient_count == 1 && context.text_length >= 0 };\n'
  + 'forbid (principal, action, resource == Tool::"send_email") when { context has recipient_count && context.recipient_count == 3 };';
const counts = { looser: total / 4, stricter: total / 4, unchanged: total / 2, not_replayable: 0 };
const start = (): Promise<BackTest> => stack.admin.api.call('startBackTest', { body: { policy_id: null, cedar, from: '2026-01-01T00:00:00.000Z', to: '2100-01-01T00:00:00.000Z', agent_ids: [] } });
const read = ({ id }: BackTest): Promise<BackTest> => stack.admin.api.call('getBackTest', { params: { id } });
const ended = (backTest: BackTest): Promise<BackTest> =>
  stack.until(`the end of back-test ${backTest.id}`, async () => {
    const current = await read(backTest);
    return current.status === 'running' ? undefined : current;
  }, { timeoutMs: 150_000 });
/** Under way: something is counted, and something is left. */
const midway = (backTest: BackTest): Promise<BackTest> =>
  stack.until('the back-test to be under way', async () => {
    const current = await read(backTest);
    if (current.status !== 'running') throw new Error(`the back-test is ${current.status} already`);
    return current.done > 0 ? current : undefined;
  }, { timeoutMs: 150_000 });
const workflowOf = ({ id }: BackTest) => stack.temporal.workflow.getHandle(backTestWorkflowId(id, stack.taskQueuePrefix));
/** What a back-test kept is what it counted: nothing is there twice, and nothing is missing. */
const countKept = async ({ id }: BackTest): Promise<number> => (await stack.db.selectFrom('back_test_decisions').select('decision_id').where('back_test_id', '=', id).execute()).length;

describe('a back-test', () => {
  test('judges the whole ledger, tells its progress, leaves what is live alone, and its history is short whatever the size', async () => {
    const live = await stack.admin.api.call('listPolicies');
    const started = await start();
    expect(started).toMatchObject({ status: 'running', total, done: 0 });
    expect(await ended(started)).toMatchObject({ status: 'completed', total, done: total, counts });
    expect(await countKept(started)).toBe(total / 2);
    expect(await stack.admin.api.call('listPolicies')).toEqual(live);
    const events = (await stack.db.selectFrom('events').select('data').where('type', '=', 'back-test-changed').orderBy('id').execute()).map(({ data }) => data as { back_test_id: string; done: number; status: string });
    const told = events.filter(({ back_test_id: id }) => id === started.id);
    expect(told.at(-1)).toMatchObject({ status: 'completed', done: total });
    expect(told.map(({ done }) => done)).toEqual(told.map(({ done }) => done).toSorted((a, b) => a - b));
    await stack.until('the workflow to end', async () => (await workflowOf(started).describe()).status.name === 'COMPLETED');
    const history = await workflowOf(started).fetchHistory();
    expect(history.events?.length).toBeLessThanOrEqual(12);
    await Worker.runReplayHistory({ workflowBundle: { codePath: workflowBundlePath } }, history, backTestWorkflowId(started.id, stack.taskQueuePrefix));
  });

  test('survives kill -9 of the worker midway: it goes on where it was, and the totals are the same', async () => {
    const started = await start();
    await midway(started);
    await stack.worker.kill();
    const left = await read(started);
    expect(left.done).toBeLessThan(total);
    await stack.startWorker();
    expect(await ended(started)).toMatchObject({ status: 'completed', total, done: total, counts });
    expect(await countKept(started)).toBe(total / 2);
    const history = await workflowOf(started).fetchHistory();
    expect(history.events?.length).toBeLessThanOrEqual(12);
    await Worker.runReplayHistory({ workflowBundle: { codePath: workflowBundlePath } }, history, backTestWorkflowId(started.id, stack.taskQueuePrefix));
  });

  test('stops when it is cancelled over the api, and keeps what it counted', async () => {
    const started = await start();
    await midway(started);
    const cancelled = await stack.admin.api.call('cancelBackTest', { params: { id: started.id } });
    expect(cancelled).toMatchObject({ status: 'cancelled', total });
    expect(cancelled.done).toBeLessThan(total);
    // The workflow ends of itself, one way or the other, and writes nothing more.
    await stack.until('the workflow to end', async () => (await workflowOf(started).describe()).status.name !== 'RUNNING');
    expect(await read(started)).toEqual(cancelled);
  });

  test('stops when its workflow is cancelled, and its row and the audit log say so', async () => {
    const started = await start();
    await midway(started);
    await workflowOf(started).cancel();
    expect(await ended(started)).toMatchObject({ status: 'cancelled', error: null });
    await stack.until('the workflow to end', async () => (await workflowOf(started).describe()).status.name === 'CANCELLED');
    const { items: [entry] } = await stack.admin.api.call('listAudit', { query: { object_id: started.id } });
    expect(entry).toMatchObject({ action: 'back_test.cancel', actor: { name: 'Temporal' }, source: 'temporal' });
    await Worker.runReplayHistory({ workflowBundle: { codePath: workflowBundlePath } }, await workflowOf(started).fetchHistory(), backTestWorkflowId(started.id, stack.taskQueuePrefix));
  });

  test('whose workflow is terminated is noticed', async () => {
    const started = await start();
    await midway(started);
    // Else it might come to its end before it hears of its own.
    await stack.worker.kill();
    await workflowOf(started).terminate('gone');
    await stack.startWorker();
    expect(await ended(started)).toMatchObject({ status: 'failed', error: 'The workflow was terminated from the Temporal side.' });
  });
});
