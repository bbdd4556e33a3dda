import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../../contracts/errors.ts';
import type { ToolEffect } from '../../../contracts/tools.ts';
import { closeOpenToolCalls, findToolCall, insertToolCalls, updateToolCall } from '../../../db/repositories/tool-calls.repository.ts';
import { hashJson } from '../../../platform/hash-json.ts';
import { newId } from '../../../platform/ids.ts';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.ts';
import { catalogueOf, noSecrets } from '../../../tests/support/tools.ts';
import type { Json, Tool, ToolCallContext, ToolOutcome, ToolVerification } from '../tool.ts';
import { describeOutcome } from './describe-outcome.ts';
import { executeToolCall, type ExecuteOptions } from './execute-tool-call.ts';

let database: TestDatabase;
const agentId = newId();
const runId = newId();
let position = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  await sql`insert into agents (id, name, current_version) values (${agentId}, 'Tester', 1)`.execute(database.db);
  await sql`insert into agent_versions (agent_id, version, name, definition) values (${agentId}, 1, 'Tester', '{}')`.execute(database.db);
  await sql`insert into runs (id, agent_id, agent_version, goal, inputs, limits, phase, request_hash) values (${runId}, ${agentId}, 1, 'test', '{}', '{}', 'running', 'x')`.execute(database.db);
});
afterAll(() => database.close());

interface Script {
  effect?: ToolEffect;
  timeoutMs?: number;
  execute: (args: unknown, context: ToolCallContext) => Promise<ToolOutcome>;
  verify?: (args: unknown, context: ToolCallContext) => Promise<ToolVerification>;
  confirmsClaim?: true;
}

/** A tool that does what the script says, under a name the contracts know. */
const toolOf = ({ effect = 'none', timeoutMs = 30_000, execute, verify, confirmsClaim }: Script): Tool => ({
  name: 'send_email', description: 'scripted', argumentsSchema: z.looseObject({}), defaultRisk: 'LOW', risk: () => 'LOW', defaultEffect: effect, effect: () => effect,
  missingConfiguration: null, timeoutMs, facts: () => ({}), effectSentence: () => 'Do it', execute, ...(verify === undefined ? {} : { verify }),
  ...(confirmsClaim === undefined ? {} : { confirmsClaim }),
});

const propose = async (options: { state?: 'allowed' | 'proposed' | 'awaiting_approval' | 'denied' | 'rejected' | 'cancelled'; effect?: ToolEffect; arguments?: Record<string, Json> } = {}): Promise<string> => {
  const id = newId();
  const args = options.arguments ?? { n: 1 };
  position += 1;
  await insertToolCalls(database.db, [{
    id, runId, iteration: 1, position, providerCallId: `call_${position}`, toolName: 'send_email', arguments: args, rawArguments: null, argumentsHash: hashJson(args),
    idempotencyKey: `${runId}:1.${position}`, state: 'proposed', error: null,
  }]);
  await updateToolCall(database.db, id, { state: options.state ?? 'allowed', effect: options.effect ?? 'none' });
  return id;
};

const run = (toolCallId: string, tool: Tool, options: Partial<ExecuteOptions> = {}) =>
  executeToolCall({ db: database.db, tools: catalogueOf([tool]), secrets: noSecrets }, { toolCallId, attempt: 1, maxAttempts: 5, signal: new AbortController().signal, ...options });
const rowOf = async (id: string) => (await findToolCall(database.db, id)) ?? expect.unreachable();
const stepOf = (id: string) => database.db.selectFrom('steps').selectAll().where('tool_call_id', '=', id).where('kind', '=', 'tool').executeTakeFirst();
const outcome: ToolOutcome = { output: { ok: true }, summary: 'done' };
const happened = async (): Promise<ToolOutcome> => outcome;
/** An attempt whose worker dies while the tool acts: the claim stays, no outcome is written. */
const crash = async (id: string, effect: ToolEffect): Promise<void> => {
  const reason = new Error('worker is gone');
  const controller = new AbortController();
  const tool = toolOf({ effect, execute: async () => { controller.abort(reason); throw new AppError('TOOL_FAILED', 'cut off'); } });
  if (effect === 'external') return expect(run(id, tool, { signal: controller.signal })).rejects.toBe(reason);
  // What `none` and `idempotent` leave behind when nothing could be written any more.
  await updateToolCall(database.db, id, { state: 'executing', attempts: 1, claimedAt: new Date() });
};

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
    const third = await propose();
    const read: Json[] = [];
    await run(third, toolOf({ execute: async (_args, context) => { read.push(await context.readResult(one.provider_call_id)); return outcome; } }));
    expect(read).toEqual([output]);
  });

  test('an earlier result of another run, or of a call that failed, cannot be read', async () => {
    const failed = await propose();
    await run(failed, toolOf({ execute: async () => { throw new AppError('TOOL_FAILED', 'no'); } }));
    const id = await propose();
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

describe('what the agent remembers', () => {
  test('names the call, its arguments and its outcome, in short', async () => {
    const id = await propose({ arguments: { question: 'how many' } });
    await run(id, toolOf({ execute: async () => ({ output: { text: 'x'.repeat(5_000) }, summary: '47 rows' }) }));
    const described = await describeOutcome(database, id);
    expect(described).toMatchObject({ agentId, call: { id } });
    expect(described?.text).toMatch(/^send_email succeeded: 47 rows\nasked: \{"question":"how many"\}\nresult: \{"text":"xxx/);
    expect(described?.text.length).toBeLessThan(1_100);
  });

  test('leaves out calls that were not executed', async () => {
    expect(await describeOutcome(database, await propose({ state: 'rejected' }))).toBeUndefined();
  });
});
