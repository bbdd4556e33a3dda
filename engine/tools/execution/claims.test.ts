import { describe, expect, test } from 'vitest';
import { AppError } from '../../../contracts/errors.ts';
import { closeOpenToolCalls, updateToolCall } from '../../../db/repositories/tool-calls.repository.ts';
import type { ToolVerification } from '../tool.ts';
import { crash, database, happened, outcome, propose, rowOf, run, runId, stepOf, toolOf, useOneRun } from './executions.cases.ts';

useOneRun();

describe('an attempt that finds a claim without an outcome', () => {
  test.each(['none', 'idempotent'] as const)('repeats an effect that is %s, under the same key', async (effect) => {
    const id = await propose({ effect });
    await crash(id, effect);
    const keys: string[] = [];
    expect(await run(id, toolOf({ effect, execute: async (_args, context) => { keys.push(context.idempotencyKey); return outcome; } }), { attempt: 2 })).toEqual({ state: 'succeeded' });
    expect(keys).toEqual([(await rowOf(id)).idempotency_key]);
    expect(await stepOf(id)).toMatchObject({ status: 'completed', attempt: 2 });
  });

  test('never repeats an external effect nobody can verify: a person is asked', async () => {
    const id = await propose({ effect: 'external' });
    await crash(id, 'external');
    expect((await rowOf(id)).state).toBe('executing');
    expect(await run(id, toolOf({ effect: 'external', execute: () => expect.unreachable() }), { attempt: 2 })).toEqual({ state: 'outcome_unknown' });
    expect(await rowOf(id)).toMatchObject({ state: 'outcome_unknown', finished_at: null });
    expect(await stepOf(id)).toMatchObject({ status: 'waiting', finished_at: null });
    // The answer got lost on its way to Temporal: asking again gives the same.
    expect(await run(id, toolOf({ effect: 'external', execute: () => expect.unreachable() }), { attempt: 3 })).toEqual({ state: 'outcome_unknown' });
  });

  test.each<[found: ToolVerification['state'] | 'error', state: string, isExecuted: boolean]>([
    ['happened', 'succeeded', false],
    ['not_happened', 'succeeded', true],
    ['unknown', 'outcome_unknown', false],
    ['error', 'outcome_unknown', false],
  ])('that verifies as %s ends as %s', async (found, state, isExecuted) => {
    const id = await propose({ effect: 'external' });
    await crash(id, 'external');
    let executions = 0;
    const tool = toolOf({
      effect: 'external',
      execute: async () => { executions += 1; return outcome; },
      verify: async () => {
        if (found === 'error') throw new Error('the outbox is down');
        return found === 'happened' ? { state: 'happened', outcome: { output: { found: true }, summary: 'it had happened' } } : { state: found };
      },
    });
    expect(await run(id, tool, { attempt: 2 })).toEqual({ state });
    expect(executions).toBe(isExecuted ? 1 : 0);
    if (found === 'happened') expect((await rowOf(id)).summary).toBe('it had happened');
  });

  test('is bound by what the call was judged as, though the tool says otherwise by now', async () => {
    const id = await propose({ effect: 'external' });
    await crash(id, 'external');
    expect(await run(id, toolOf({ effect: 'none', execute: () => expect.unreachable() }), { attempt: 2 })).toEqual({ state: 'outcome_unknown' });
  });

  test('runs again after a person said "do it again"', async () => {
    const id = await propose({ effect: 'external' });
    await crash(id, 'external');
    await run(id, toolOf({ effect: 'external', execute: () => expect.unreachable() }), { attempt: 2 });
    await updateToolCall(database.db, id, { state: 'allowed', claimedAt: null });
    expect(await run(id, toolOf({ effect: 'external', execute: happened }))).toEqual({ state: 'succeeded' });
    expect(await rowOf(id)).toMatchObject({ error: null, summary: 'done' });
    expect(await stepOf(id)).toMatchObject({ status: 'completed', error: null });
  });
});

describe('a tool that confirms its claim before it acts', () => {
  const die = async (id: string, { afterConfirming }: { afterConfirming: boolean }): Promise<void> => {
    const controller = new AbortController();
    const reason = new Error('worker is gone');
    const tool = toolOf({
      effect: 'external', confirmsClaim: true,
      // Never comes back: what a killed process leaves is the row alone.
      execute: async (_args, context) => { if (afterConfirming) await context.confirmClaim(); controller.abort(reason); return new Promise(() => {}); },
    });
    void run(id, tool, { signal: controller.signal });
    await new Promise<void>((resolve) => { controller.signal.addEventListener('abort', () => resolve()); });
  };

  test('is simply executed again when the worker died before that', async () => {
    const id = await propose({ effect: 'external' });
    await die(id, { afterConfirming: false });
    expect(await rowOf(id)).toMatchObject({ state: 'executing', acting_at: null });
    const tool = toolOf({ effect: 'external', confirmsClaim: true, execute: async (_args, context) => { await context.confirmClaim(); return outcome; }, verify: () => expect.unreachable() });
    expect(await run(id, tool, { attempt: 2 })).toEqual({ state: 'succeeded' });
    expect((await rowOf(id)).acting_at).toBeInstanceOf(Date);
  });

  test('is verified when the worker died after that, and a person is asked when nobody can tell', async () => {
    const id = await propose({ effect: 'external' });
    await die(id, { afterConfirming: true });
    expect(await run(id, toolOf({ effect: 'external', confirmsClaim: true, execute: () => expect.unreachable() }), { attempt: 2 })).toEqual({ state: 'outcome_unknown' });
  });

  test('did nothing when it failed before that, whatever the error', async () => {
    const id = await propose({ effect: 'external' });
    expect(await run(id, toolOf({ effect: 'external', confirmsClaim: true, execute: async () => { throw new TypeError('oops'); } }))).toEqual({ state: 'failed' });
  });

  test.each([[false, 'cancelled'], [true, 'outcome_unknown']] as const)('whose run is ended under it (confirmed: %s) is recorded as %s', async (afterConfirming, state) => {
    const id = await propose({ effect: 'external' });
    await die(id, { afterConfirming });
    await database.db.transaction().execute((trx) => closeOpenToolCalls(trx, runId));
    expect((await rowOf(id)).state).toBe(state);
  });

  test('does not act when the database cannot be asked', async () => {
    const id = await propose({ effect: 'external' });
    const tool = toolOf({ effect: 'external', confirmsClaim: true, execute: async () => { throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }); } });
    await expect(run(id, tool, { attempt: 5, maxAttempts: 5 })).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    expect((await rowOf(id)).state).toBe('allowed');
  });
});

describe('two attempts at once', () => {
  /** Runs `first` until it is about to act, lets `between` happen, then lets it go on. */
  const overtake = async (id: string, between: () => Promise<void>) => {
    let sent = 0;
    let ready = (): void => {};
    let goOn = (): void => {};
    const isReady = new Promise<void>((resolve) => { ready = resolve; });
    const mayGoOn = new Promise<void>((resolve) => { goOn = resolve; });
    const slow = run(id, toolOf({ effect: 'external', execute: async (_args, { confirmClaim }) => { ready(); await mayGoOn; await confirmClaim(); sent += 1; return outcome; } }));
    slow.catch(() => {});
    await isReady;
    await between();
    goOn();
    const result = await slow.catch((error: AppError) => error);
    return { sent, result };
  };

  test('the one that was taken over does not act any more', async () => {
    const id = await propose({ effect: 'external' });
    let sentBySecond = 0;
    const { sent, result } = await overtake(id, async () => {
      await run(id, toolOf({ effect: 'external', execute: async () => { sentBySecond += 1; return outcome; }, verify: async () => ({ state: 'not_happened' }) }), { attempt: 2 });
    });
    expect({ sent, sentBySecond }).toEqual({ sent: 0, sentBySecond: 1 });
    expect(result).toEqual({ state: 'succeeded' });
  });

  test('the one whose run was ended meanwhile does not act any more', async () => {
    const id = await propose({ effect: 'external' });
    const { sent, result } = await overtake(id, () => database.db.transaction().execute((trx) => closeOpenToolCalls(trx, runId)));
    expect(sent).toBe(0);
    expect(result).toEqual({ state: 'outcome_unknown' });
  });

  test('a late success does not overturn a question a person is being asked, but is told', async () => {
    const id = await propose({ effect: 'external' });
    const tool = toolOf({
      effect: 'external',
      execute: async () => {
        expect(await run(id, toolOf({ effect: 'external', execute: () => expect.unreachable() }), { attempt: 2 })).toEqual({ state: 'outcome_unknown' });
        return outcome;
      },
    });
    expect(await run(id, tool)).toEqual({ state: 'outcome_unknown' });
    expect((await rowOf(id)).summary).toBe('It did happen, as a late answer says: done');
    expect(await stepOf(id)).toMatchObject({ status: 'waiting', summary: 'It did happen, as a late answer says: done' });
  });

  test.each(['TOOL_UNAVAILABLE', 'TOOL_FAILED'] as const)('a late failure (%s) of the one that was taken over neither ends the call nor gives the claim of the other back', async (code) => {
    const id = await propose({ effect: 'external' });
    const tool = toolOf({
      effect: 'external',
      execute: async () => {
        await updateToolCall(database.db, id, { attempts: 2 }); // another attempt claims it
        throw new AppError(code, 'refused', { details: { not_sent: true } });
      },
    });
    await expect(run(id, tool)).rejects.toMatchObject({ code: 'TOOL_UNAVAILABLE' });
    expect((await rowOf(id)).state).toBe('executing');
  });
});
