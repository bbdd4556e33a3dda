import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../../contracts/errors.ts';
import { findRun } from '../../../db/repositories/runs.repository.ts';
import { updateToolCall } from '../../../db/repositories/tool-calls.repository.ts';
import { newId } from '../../../platform/ids.ts';
import type { Json, Tool } from '../tool.ts';
import { describeOutcome } from './describe-outcome.ts';
import { database, happened, outcome, propose, rowOf, run, runId, stepOf, toolOf, useOneRun } from './executions.cases.ts';

useOneRun();

describe('an allowed call', () => {
  test('runs once, with its arguments, key and outcome recorded', async () => {
    const id = await propose({ arguments: { to: 'a' } });
    const seen: unknown[] = [];
    const tool = toolOf({ execute: async (args, { idempotencyKey, toolCallId }) => { seen.push({ args, idempotencyKey, toolCallId }); return { output: { rows: [1, 2] }, summary: '2 rows' }; } });
    expect(await run(id, tool)).toEqual({ state: 'succeeded' });
    expect(seen).toEqual([{ args: { to: 'a' }, idempotencyKey: (await rowOf(id)).idempotency_key, toolCallId: id }]);
    expect(await rowOf(id)).toMatchObject({ state: 'succeeded', attempts: 1, summary: '2 rows', error: null, finished_at: expect.any(Date) });
    expect(await stepOf(id)).toMatchObject({ status: 'completed', summary: '2 rows', finished_at: expect.any(Date) });
    expect(await run(id, tool, { attempt: 2 })).toEqual({ state: 'succeeded' });
    expect(seen).toHaveLength(1);
  });

  test('runs with the arguments an approver put in their place', async () => {
    const id = await propose({ arguments: { to: 'a' } });
    await updateToolCall(database.db, id, { editedArguments: { to: 'b' } });
    const seen: unknown[] = [];
    await run(id, toolOf({ execute: async (args) => { seen.push(args); return outcome; } }));
    expect(seen).toEqual([{ to: 'b' }]);
  });

  test('stores a large result whole, once for equal results, and hands it to later calls', async () => {
    const output = { text: 'ü'.repeat(400_000) };
    const first = await propose();
    const second = await propose();
    const tool = toolOf({ execute: async () => ({ output, summary: 'large' }) });
    await run(first, tool);
    await run(second, tool);
    const [one, two] = [await rowOf(first), await rowOf(second)];
    expect(one.output_ref).toBe(two.output_ref);
    const read: Json[] = [];
    const reading = toolOf({ execute: async (_args, context) => { read.push(await context.readResult(one.provider_call_id)); return outcome; } });
    expect(await run(await propose({ iteration: 2 }), reading)).toEqual({ state: 'succeeded' });
    expect(read).toEqual([output]);
    expect(await run(await propose(), reading), 'a call of the same turn').toEqual({ state: 'failed' });
  });

  test('an earlier result of another run, or of a call that failed, cannot be read', async () => {
    const failed = await propose();
    await run(failed, toolOf({ execute: async () => { throw new AppError('TOOL_FAILED', 'no'); } }));
    const id = await propose({ iteration: 2 });
    const tool = toolOf({ execute: async (_args, context) => { await context.readResult((await rowOf(failed)).provider_call_id); return outcome; } });
    expect(await run(id, tool)).toEqual({ state: 'failed' });
    expect((await rowOf(id)).error).toMatchObject({ code: 'TOOL_INPUT_INVALID' });
  });

  test('arguments that no longer fit the tool are a failure, and the tool is not called', async () => {
    const id = await propose({ arguments: { n: 1 } });
    const tool: Tool = { ...toolOf({ execute: () => expect.unreachable() }), argumentsSchema: z.strictObject({ other: z.string() }) };
    expect(await run(id, tool)).toEqual({ state: 'failed' });
    expect((await rowOf(id)).error?.code).toBe('TOOL_INPUT_INVALID');
  });
});

describe('a call nobody allowed', () => {
  test.each(['proposed', 'awaiting_approval'] as const)('that is %s is never executed', async (state) => {
    const id = await propose({ state });
    await expect(run(id, toolOf({ execute: () => expect.unreachable() }))).rejects.toMatchObject({ code: 'INTERNAL' });
    expect((await rowOf(id)).state).toBe(state);
  });

  test.each(['denied', 'rejected', 'cancelled'] as const)('that is %s stays so', async (state) => {
    const id = await propose({ state });
    expect(await run(id, toolOf({ execute: () => expect.unreachable() }))).toEqual({ state });
  });

  test('that was never recorded is a bug', async () => {
    await expect(run(newId(), toolOf({ execute: () => expect.unreachable() }))).rejects.toMatchObject({ code: 'INTERNAL' });
  });
});

describe('failures', () => {
  test('a tool\'s failure is an outcome the model reads', async () => {
    const id = await propose();
    expect(await run(id, toolOf({ execute: async () => { throw new AppError('TOOL_FAILED', 'no such column'); } }))).toEqual({ state: 'failed' });
    expect(await rowOf(id)).toMatchObject({ error: { code: 'TOOL_FAILED', message: 'no such column' }, summary: 'no such column' });
    expect(await stepOf(id)).toMatchObject({ status: 'failed' });
  });

  test('something unforeseen in a tool is told as TOOL_FAILED', async () => {
    const id = await propose();
    expect(await run(id, toolOf({ execute: async () => { throw new TypeError('x is undefined'); } }))).toEqual({ state: 'failed' });
    expect((await rowOf(id)).error).toEqual({ code: 'TOOL_FAILED', message: 'x is undefined' });
  });

  test('what may mend is thrown for another attempt, and recorded as failed at the last', async () => {
    const id = await propose();
    const tool = toolOf({ execute: async () => { throw new AppError('TOOL_UNAVAILABLE', 'down'); } });
    await expect(run(id, tool, { attempt: 1, maxAttempts: 2 })).rejects.toMatchObject({ code: 'TOOL_UNAVAILABLE' });
    expect(await rowOf(id)).toMatchObject({ state: 'allowed', claimed_at: null, attempts: 1 });
    expect(await run(id, tool, { attempt: 2, maxAttempts: 2 })).toEqual({ state: 'failed' });
    expect(await rowOf(id)).toMatchObject({ attempts: 2, error: { code: 'TOOL_UNAVAILABLE' } });
  });

  test('a tool that takes too long is aborted and told as a timeout', async () => {
    const id = await propose();
    const tool = toolOf({ timeoutMs: 30, execute: (_args, { signal }) => new Promise((_resolve, reject) => { signal.addEventListener('abort', () => reject(signal.reason as Error)); }) });
    expect(await run(id, tool)).toEqual({ state: 'failed' });
    expect((await rowOf(id)).error).toEqual({ code: 'TOOL_TIMEOUT', message: 'The tool took longer than 0.03 s.' });
  });

  test('an aborted call without an outside effect is given back and throws the signal\'s reason', async () => {
    const id = await propose();
    const controller = new AbortController();
    const reason = new Error('cancelled');
    const tool = toolOf({ execute: (_args, { signal }) => new Promise((_resolve, reject) => { signal.addEventListener('abort', () => reject(signal.reason as Error)); controller.abort(reason); }) });
    await expect(run(id, tool, { signal: controller.signal })).rejects.toBe(reason);
    expect(await rowOf(id)).toMatchObject({ state: 'allowed', claimed_at: null });
  });

  test('under an aborted signal nothing is even claimed', async () => {
    const id = await propose();
    await expect(run(id, toolOf({ execute: () => expect.unreachable() }), { signal: AbortSignal.abort(new Error('over')) })).rejects.toThrow('over');
    expect(await rowOf(id)).toMatchObject({ state: 'allowed', attempts: 0 });
  });
});

describe('an external effect that fails', () => {
  test('before anything was sent is given back and tried again', async () => {
    const id = await propose({ effect: 'external' });
    const notSent = toolOf({ effect: 'external', execute: async () => { throw new AppError('TOOL_UNAVAILABLE', 'greylisted', { details: { not_sent: true } }); } });
    await expect(run(id, notSent)).rejects.toMatchObject({ code: 'TOOL_UNAVAILABLE' });
    expect((await rowOf(id)).state).toBe('allowed');
    expect(await run(id, toolOf({ effect: 'external', execute: happened }), { attempt: 2 })).toEqual({ state: 'succeeded' });
  });

  test('for good before anything was sent is an ordinary failure', async () => {
    const id = await propose({ effect: 'external' });
    expect(await run(id, toolOf({ effect: 'external', execute: async () => { throw new AppError('TOOL_FAILED', 'no such mailbox', { details: { not_sent: true } }); } }))).toEqual({ state: 'failed' });
  });

  test.each(['TOOL_REFUSED', 'TOOL_NOT_CONFIGURED', 'TOOL_INPUT_INVALID'] as const)('with %s did not happen', async (code) => {
    const id = await propose({ effect: 'external' });
    expect(await run(id, toolOf({ effect: 'external', execute: async () => { throw new AppError(code); } }))).toEqual({ state: 'failed' });
  });

  test.each<[name: string, error: Error]>([
    ['lost its connection', new AppError('TOOL_FAILED', 'connection lost', { details: { outcome_unknown: true } })],
    ['was unavailable half-way', new AppError('TOOL_UNAVAILABLE', 'reset')],
    ['had a bug', new TypeError('oops')],
  ])('in a way that leaves doubt (it %s) asks a person instead of trying again', async (_name, error) => {
    const id = await propose({ effect: 'external' });
    expect(await run(id, toolOf({ effect: 'external', execute: async () => { throw error; } }))).toEqual({ state: 'outcome_unknown' });
  });

  test('with doubt is settled by the tool\'s own verification', async () => {
    const id = await propose({ effect: 'external' });
    const tool = toolOf({ effect: 'external', execute: async () => { throw new AppError('TOOL_FAILED', 'lost'); }, verify: async () => ({ state: 'happened', outcome }) });
    expect(await run(id, tool)).toEqual({ state: 'succeeded' });
  });

  test('with doubt and not to be seen yet waits for the next attempt, which looks again before it acts', async () => {
    const id = await propose({ effect: 'external' });
    let isDelivered = false;
    const tool = toolOf({
      effect: 'external',
      execute: async () => { throw new AppError('TOOL_FAILED', 'lost'); },
      verify: async () => (isDelivered ? { state: 'happened', outcome } : { state: 'not_happened' }),
    });
    await expect(run(id, tool)).rejects.toMatchObject({ code: 'TOOL_UNAVAILABLE' });
    expect((await rowOf(id)).state).toBe('executing');
    isDelivered = true;
    expect(await run(id, tool, { attempt: 2 })).toEqual({ state: 'succeeded' });
  });

  test('by taking too long leaves doubt', async () => {
    const id = await propose({ effect: 'external' });
    const tool = toolOf({ effect: 'external', timeoutMs: 30, execute: (_args, { signal }) => new Promise((_resolve, reject) => { signal.addEventListener('abort', () => reject(signal.reason as Error)); }) });
    expect(await run(id, tool)).toEqual({ state: 'outcome_unknown' });
  });
});

describe('what the agent remembers', () => {
  test('names the call, its arguments and its outcome, in short', async () => {
    const id = await propose({ arguments: { question: 'how many' } });
    await run(id, toolOf({ execute: async () => ({ output: { text: 'x'.repeat(5_000) }, summary: '47 rows' }) }));
    const described = await describeOutcome(database, id);
    expect(described).toMatchObject({ agentId: (await findRun(database.db, runId))?.agent_id, call: { id } });
    expect(described?.text).toMatch(/^send_email succeeded: 47 rows\nasked: \{"question":"how many"\}\nresult: \{"text":"xxx/);
    expect(described?.text.length).toBeLessThan(1_100);
  });

  test('leaves out calls that were not executed', async () => {
    expect(await describeOutcome(database, await propose({ state: 'rejected' }))).toBeUndefined();
  });
});
