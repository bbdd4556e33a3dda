import proto from '@temporalio/proto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startStack, type Stack } from '../support/stack.ts';

const turns = 12;
/** Each result puts this much into the conversation, so that it passes 1 MB. */
const charactersPerResult = 100_000;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ env: { TEMPORAL_TURNS_PER_HISTORY: '1000' } });
});
afterAll(() => stack?.close());

describe('workflow history', () => {
  test('grows by the same events and bytes per iteration while the conversation passes 1 MB', async () => {
    const agentId = await stack.admin.createAgent({ name: 'Talker', llm_provider: 'openai', llm_model: 'test-model', tools: ['execute_python'], limits: { max_iterations: 50, max_tokens: 100_000_000, max_cost_micro_usd: null, max_duration_seconds: 3600 } });
    let turn = 0;
    stack.openai.answerAll((request) => {
      turn++;
      if (turn > turns) request.say('done');
      else request.call({ name: 'execute_python', arguments: { code: `"${turn}" + "x" * ${charactersPerResult}` } });
    });
    const runId = await stack.admin.startRun(agentId, 'Talk a lot.');
    expect(await stack.admin.ended(runId)).toMatchObject({ status: 'completed', iterations: turns });
    const stored = await stack.db.selectFrom('contents').innerJoin('tool_calls', 'tool_calls.output_ref', 'contents.hash').select((eb) => eb.fn.sum<number>('bytes').as('bytes')).where('run_id', '=', runId).executeTakeFirstOrThrow();
    expect(Number(stored.bytes)).toBeGreaterThan(1_000_000);

    const { events } = await stack.temporal.workflow.getHandle(runId).fetchHistory();
    const sizes = (events ?? []).map((event) => proto.temporal.api.history.v1.HistoryEvent.encode(event).finish().byteLength);
    const isReason = (index: number): boolean => events?.[index]?.activityTaskScheduledEventAttributes?.activityType?.name === 'reason';
    const starts = sizes.map((_size, index) => index).filter(isReason);
    expect(starts).toHaveLength(turns + 1);
    const iterations = starts.slice(0, -1).map((from, index) => {
      const to = starts[index + 1] as number;
      return { events: to - from, bytes: sizes.slice(from, to).reduce((sum, size) => sum + size, 0) };
    });
    // The first iteration also loads the sandbox; what counts is that late ones cost what early ones do.
    const early = iterations.slice(1, 4);
    const late = iterations.slice(-3);
    const most = (of: typeof iterations, what: 'events' | 'bytes'): number => Math.max(...of.map((iteration) => iteration[what]));
    expect(most(iterations, 'events')).toBeLessThanOrEqual(26);
    expect(most(iterations, 'bytes')).toBeLessThanOrEqual(7_000);
    expect(most(late, 'bytes')).toBeLessThanOrEqual(Math.max(...early.map(({ bytes }) => bytes)) * 1.25);
  });
});
