import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ModelTarget } from '../../contracts/agents.ts';
import { AppError } from '../../contracts/errors.ts';
import { listMessages } from '../../db/repositories/messages.repository.ts';
import { insertModelCall, listModelCalls } from '../../db/repositories/model-calls.repository.ts';
import { findRun } from '../../db/repositories/runs.repository.ts';
import { newId } from '../../platform/ids.ts';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database.ts';
import { getStep } from '../traces/index.ts';
import type { TurnStopped } from './take-turn.ts';
import { call, type ScriptedAnswer, startTestRun, type TestRun, type TestRunOptions } from './turns.cases.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const start = (answers: ScriptedAnswer[], options?: TestRunOptions): Promise<TestRun> => startTestRun(database.db, answers, options);
const callsOf = ({ runId }: TestRun) => listModelCalls(database.db, runId);
const stepOf = ({ runId }: TestRun, iteration = 1) =>
  database.db.selectFrom('steps').selectAll().where('run_id', '=', runId).where('iteration', '=', iteration).where('kind', '=', 'reasoning').executeTakeFirstOrThrow();
const shownStep = async (run: TestRun) => getStep({ db: database.db }, run.runId, (await stepOf(run)).id);
const stopped = (run: TestRun, iteration = 1): Promise<TurnStopped> => run.turn(iteration).then(() => Promise.reject(new Error('the turn did not stop')), (error: TurnStopped) => error);
const target = (model: string, connection = newId()): ModelTarget => ({ llm_provider: 'openai', llm_connection: connection, llm_model: model });
const second = () => [target('second')];
const down = (details?: Record<string, unknown>) => new AppError('LLM_UNAVAILABLE', 'nobody answers', details === undefined ? {} : { details });
const tooLong = (maxTokens?: number) => new AppError('LLM_CONTEXT_TOO_LONG', 'too long', maxTokens === undefined ? {} : { details: { max_tokens: maxTokens } });

/** Turns that each bring a long result. */
async function talk(run: TestRun, turns: number): Promise<void> {
  for (let n = 1; n <= turns; n++) {
    await run.turn(n);
    await run.succeed(n, 'x'.repeat(9_000) + n);
  }
}
const talking = (turns: number): ScriptedAnswer[] => Array.from({ length: turns }, (_, n) => ({ toolCalls: [call('run_sql', { query: `${n}` })] }));

describe('another attempt', () => {
  test('follows after a growing pause, which the trace shows; nothing is held meanwhile', async () => {
    const run = await start([down(), { text: 'Done.' }]);
    expect(await stopped(run)).toMatchObject({ code: 'LLM_UNAVAILABLE', retryInMs: 500 });
    expect(await callsOf(run)).toMatchObject([{ attempt: 1, status: 'failed', action: 'retry', error: { code: 'LLM_UNAVAILABLE', message: 'nobody answers' }, retry_at: expect.any(Date) as Date, input_tokens: null }]);
    expect(await stepOf(run)).toMatchObject({ status: 'running', summary: 'attempt 1 failed: nobody answers', waiting_reason: 'retry', error: { code: 'LLM_UNAVAILABLE' } });
    await database.db.updateTable('steps').set({ waiting_until: new Date(Date.now() + 60_000) }).where('run_id', '=', run.runId).execute();
    expect(await shownStep(run)).toMatchObject({ waiting: { reason: 'retry' } });
    await database.db.updateTable('steps').set({ waiting_until: new Date(Date.now() - 1) }).where('run_id', '=', run.runId).execute();
    expect((await shownStep(run)).waiting).toBeNull();

    expect(await run.turn(1)).toMatchObject({ outcome: 'final' });
    expect(await stepOf(run)).toMatchObject({ status: 'completed', attempt: 2, error: null, waiting_reason: null, is_fallback: false, llm_connection: 'openai of the test' });
    expect((await callsOf(run)).map(({ attempt, status }) => [attempt, status])).toEqual([[1, 'failed'], [2, 'succeeded']]);
  });

  test('waits as long as the provider asks', async () => {
    expect(await stopped(await start([new AppError('LLM_RATE_LIMITED', 'slow down', { details: { retry_after_ms: 20_000 } })]))).toMatchObject({ retryInMs: 20_000 });
  });

  test('is not made for ever: six in all, then the run ends with what was tried and what to do', async () => {
    const run = await start(Array.from({ length: 6 }, () => new AppError('LLM_RESPONSE_INVALID', 'not JSON')));
    for (let n = 1; n <= 5; n++) {
      expect((await stopped(run)).retryInMs).toBeGreaterThan(0);
      // Five failures in a row would rest the connection.
      await run.deps.circuits.succeeded((await callsOf(run))[0]?.connection_id as string);
    }
    const end = await stopped(run);
    expect(end).toMatchObject({ code: 'LLM_RESPONSE_INVALID', retryInMs: undefined, message: expect.stringMatching(/^not JSON Tried 6 times\. Test the connection/) as string });
    expect(await stepOf(run)).toMatchObject({ status: 'failed', error: { message: end.message } });
    expect((await callsOf(run)).at(-1)).toMatchObject({ action: 'end' });
  });

  test('after a worker died counts the call it left behind', async () => {
    const run = await start([{ text: 'Done.' }]);
    await insertModelCall(database.db, { id: newId(), runId: run.runId, iteration: 1, provider: 'openai', connectionId: 'x', connectionName: 'x', model: 'x' });
    await run.turn(1);
    expect(await callsOf(run)).toMatchObject([{ status: 'abandoned', finished_at: expect.any(Date) as Date }, { attempt: 2, status: 'succeeded' }]);
  });

  test('is not made when workers keep dying in the middle of the same turn', async () => {
    const run = await start([]);
    for (let n = 0; n < 12; n++) await insertModelCall(database.db, { id: newId(), runId: run.runId, iteration: 1, provider: 'openai', connectionId: 'x', connectionName: 'x', model: 'x' });
    expect(await stopped(run)).toMatchObject({ code: 'INTERNAL', retryInMs: undefined });
    expect(await stepOf(run)).toMatchObject({ status: 'failed' });
  });
});

describe('the next model', () => {
  test('answers at once when the first cannot, and the trace says so; the turn after begins with the first again', async () => {
    const run = await start([new AppError('LLM_AUTHENTICATION', 'wrong key'), { toolCalls: [call('run_sql', { query: '1' })], providerState: { of: 'second' } }, { text: 'Done.' }], { definition: { fallbacks: second() } });
    await run.turn(1);
    expect(run.requests.map(({ model }) => model)).toEqual(['gpt-5.4-mini', 'second']);
    expect(await callsOf(run)).toMatchObject([{ llm_model: 'gpt-5.4-mini', status: 'failed', action: 'fallback' }, { llm_model: 'second', status: 'succeeded', action: null }]);
    expect(await shownStep(run)).toMatchObject({ is_fallback: true, attempt: 2, error: null });
    await run.succeed(1, 'rows');
    await run.turn(2);
    expect(run.requests[2]?.model).toBe('gpt-5.4-mini');
    // What the second wants back is not the first one's to read.
    expect(run.requests[2]?.messages[1]).not.toHaveProperty('providerState');
  });

  test('is asked after three attempts at one that is down, or when it asks for more than a minute', async () => {
    const run = await start([down(), down(), down(), { text: 'Done.' }], { definition: { fallbacks: second() } });
    expect((await stopped(run)).retryInMs).toBe(500);
    expect((await stopped(run)).retryInMs).toBe(1_500);
    expect(await run.turn(1)).toMatchObject({ outcome: 'final' });
    expect((await callsOf(run)).map(({ action }) => action)).toEqual(['retry', 'retry', 'fallback', null]);

    const slow = await start([new AppError('LLM_RATE_LIMITED', 'later', { details: { retry_after_ms: 90_000 } }), { text: 'Done.' }], { definition: { fallbacks: second() } });
    expect(await slow.turn(1)).toMatchObject({ outcome: 'final' });
  });

  test('stands in for a connection that is switched off; the last one ends the run', async () => {
    const off = new AppError('LLM_CONNECTION_OFF', 'It is off.');
    const run = await start([], { definition: { fallbacks: second() }, resolved: { 'gpt-5.4-mini': off, second: off } });
    expect(await stopped(run)).toMatchObject({ code: 'LLM_CONNECTION_OFF', retryInMs: undefined, message: expect.stringContaining('Switch it on') as string });
    expect(await callsOf(run)).toMatchObject([{ action: 'fallback', request_bytes: null }, { action: 'end' }]);
  });
});

describe('a conversation that is too long', () => {
  test('is shortened by half of what was sent and asked again, in the same turn', async () => {
    const run = await start([...talking(4), tooLong(), { text: 'Done.' }]);
    await talk(run, 4);
    expect(await run.turn(5)).toMatchObject({ outcome: 'final' });
    const [before, after] = run.requests.slice(-2);
    expect(JSON.stringify(after?.messages).length).toBeLessThan(0.6 * JSON.stringify(before?.messages).length);
    expect(after?.messages[1]?.content).toMatch(/2 earlier steps .*left out/);
    expect(after?.messages[1]?.content).toContain('called run_sql (ok)');
    expect((await callsOf(run)).slice(-2)).toMatchObject([{ status: 'failed', action: 'compact', dropped_turns: 0 }, { status: 'succeeded', dropped_turns: 2 }]);
  });

  test('is made to fit what the provider says it takes', async () => {
    const run = await start([...talking(4), tooLong(3_000), { text: 'Done.' }]);
    await talk(run, 4);
    await run.turn(5);
    // Four characters are about a token.
    expect(JSON.stringify(run.requests.at(-1)?.messages).length).toBeLessThan(4 * 3_000);
  });

  test('three times at most; then a model that reads more is asked, not one that reads as little', async () => {
    const run = await start([...talking(3), tooLong(), tooLong(), tooLong(), tooLong(), { text: 'Done.' }], {
      definition: { fallbacks: [target('as-small'), target('large')] }, resolved: { large: { contextWindow: 500_000 } },
    });
    await talk(run, 3);
    expect(await run.turn(4)).toMatchObject({ outcome: 'final' });
    expect((await callsOf(run)).slice(-6).map(({ llm_model: model, action }) => [model, action])).toEqual([
      ['gpt-5.4-mini', 'compact'], ['gpt-5.4-mini', 'compact'], ['gpt-5.4-mini', 'compact'], ['gpt-5.4-mini', 'fallback'], ['as-small', 'fallback'], ['large', null],
    ]);
    expect(run.requests.at(-1)?.messages).toEqual(run.requests.at(-5)?.messages);
  });
});

describe('the budget', () => {
  test('of tokens ends the run before a call that would exceed it, with both figures', async () => {
    const run = await start([{ toolCalls: [call('run_sql', { query: '1' })] }], { limits: { max_tokens: 2_000 } });
    await run.turn(1);
    await run.succeed(1, 'x'.repeat(9_000));
    expect(await run.turn(2)).toMatchObject({ outcome: 'failed', code: 'LIMIT_TOKENS', message: expect.stringMatching(/used 120 of 2000 tokens, and the next call needs about [\d,]+\./) as string, tokens: 0 });
    expect(await stepOf(run, 2)).toMatchObject({ status: 'failed', error: { code: 'LIMIT_TOKENS' } });
    expect(run.requests).toHaveLength(1);
  });

  test('of cost sends the call to a cheaper model that fits, past one whose price nobody knows', async () => {
    const costs = (microUsd: number | undefined) => ({ estimateCostMicroUsd: () => microUsd, costMicroUsd: () => microUsd });
    const run = await start([{ text: 'Cheap.' }], {
      definition: { fallbacks: [target('unpriced'), target('cheap')] }, limits: { max_cost_micro_usd: 1_000 }, resolved: { 'gpt-5.4-mini': costs(5_000), unpriced: costs(undefined), cheap: costs(10) },
    });
    expect(await run.turn(1)).toMatchObject({ outcome: 'final', costMicroUsd: 10 });
    expect(await callsOf(run)).toMatchObject([{ error: { code: 'LIMIT_COST' }, action: 'fallback', request_bytes: null }, { error: { code: 'LIMIT_COST' }, action: 'fallback' }, { llm_model: 'cheap', status: 'succeeded' }]);
  });

  test('of cost ends the run when no model fits; an unknown price never counts against it', async () => {
    const dear = await start([], { limits: { max_cost_micro_usd: 1 } });
    expect(await dear.turn(1)).toMatchObject({ outcome: 'failed', code: 'LIMIT_COST', message: expect.stringMatching(/spent \$0\.000000 of its limit of \$0\.000001, and the next call of gpt-5\.4-mini would cost about \$0\.\d+/) as string });
    const unknown = await start([{ text: 'Done.' }], { definition: { llm_model: 'gpt-of-tomorrow' }, limits: { max_cost_micro_usd: 1 } });
    expect(await unknown.turn(1)).toMatchObject({ outcome: 'final' });
  });
});

describe('a connection that rests', () => {
  const rest = async (run: TestRun): Promise<void> => {
    const { definition } = await database.db.selectFrom('agent_versions').select('definition').where('agent_id', '=', run.agentId).executeTakeFirstOrThrow();
    for (let n = 0; n < 5; n++) await run.deps.circuits.failed(definition.llm_connection as string, { code: 'LLM_UNAVAILABLE', message: 'nobody answers' });
  };

  test('is not asked: the next model is, at once', async () => {
    const run = await start([{ text: 'Done.' }], { definition: { fallbacks: second() } });
    await rest(run);
    expect(await run.turn(1)).toMatchObject({ outcome: 'final' });
    expect(run.requests.map(({ model }) => model)).toEqual(['second']);
    expect(await callsOf(run)).toMatchObject([{ error: { code: 'LLM_CIRCUIT_OPEN' }, action: 'fallback', request_bytes: null }, { status: 'succeeded' }]);
  });

  test('without another model the turn comes back when the rest is over', async () => {
    const run = await start([]);
    await rest(run);
    const stop = await stopped(run);
    expect(stop.code).toBe('LLM_CIRCUIT_OPEN');
    expect(stop.retryInMs).toBeGreaterThan(20_000);
  });

  test('a request the provider does not like says nothing about its health', async () => {
    const run = await start([new AppError('LLM_REQUEST_INVALID', 'no such field')]);
    expect(await stopped(run)).toMatchObject({ code: 'LLM_REQUEST_INVALID', retryInMs: undefined });
    expect(await run.deps.circuits.check((await callsOf(run))[0]?.connection_id as string)).toEqual({ isOpen: false });
  });
});

describe('capacity', () => {
  const limits = { requests_per_minute: 1, tokens_per_minute: null };
  const both = async (fallbacks: ModelTarget[] = []): Promise<[TestRun, TestRun]> => {
    const options = { definition: { llm_connection: newId(), fallbacks }, resolved: { 'gpt-5.4-mini': { limits } } };
    const first = await start([{ text: 'First.' }], options);
    await first.turn(1);
    return [first, await start([{ text: 'Second.' }], options)];
  };
  const shift = (run: TestRun, column: 'due_at' | 'created_at', by: string) => sql`update llm_reservations set ${sql.ref(column)} = ${sql.ref(column)} - ${by}::interval where run_id = ${run.runId}`.execute(database.db);

  test('that is used up makes the turn wait without a worker, and say so; that is no attempt', async () => {
    const [, run] = await both();
    const stop = await stopped(run);
    expect(stop).toMatchObject({ code: 'LLM_CAPACITY' });
    expect(stop.retryInMs).toBeGreaterThan(30_000);
    expect(await shownStep(run)).toMatchObject({ status: 'running', summary: expect.stringMatching(/^waiting for capacity, about \d+ s$/) as string, waiting: { reason: 'capacity' }, error: null });
    expect(await callsOf(run)).toEqual([]);
    await shift(run, 'due_at', '2 minutes');
    expect(await run.turn(1)).toMatchObject({ outcome: 'final' });
    expect(await shownStep(run)).toMatchObject({ status: 'completed', waiting: null, attempt: 1 });
  });

  test('a wait of less than a second is slept through', async () => {
    const [, run] = await both();
    await stopped(run);
    await sql`update llm_reservations set due_at = clock_timestamp() + interval '300 milliseconds' where run_id = ${run.runId}`.execute(database.db);
    expect(await run.turn(1)).toMatchObject({ outcome: 'final' });
  });

  test('after ten minutes in line the next model is asked', async () => {
    const [, run] = await both(second());
    await stopped(run);
    await shift(run, 'created_at', '9 minutes');
    expect(await stopped(run)).toMatchObject({ code: 'LLM_CAPACITY' });
    await shift(run, 'created_at', '2 minutes');
    expect(await run.turn(1)).toMatchObject({ outcome: 'final' });
    expect(await callsOf(run)).toMatchObject([{ error: { code: 'LLM_CAPACITY' }, action: 'fallback' }, { llm_model: 'second', status: 'succeeded' }]);
  });

  test('is blocked for everybody when the provider says 429 with a delay', async () => {
    const run = await start([new AppError('LLM_RATE_LIMITED', 'slow down', { details: { retry_after_ms: 30_000 } })]);
    await stopped(run);
    const connectionId = (await callsOf(run))[0]?.connection_id as string;
    expect((await run.deps.capacity.reserve({ connectionId, limits: { requests_per_minute: null, tokens_per_minute: null }, runId: run.runId, iteration: 9, tokens: 1 })).waitMs).toBeGreaterThan(20_000);
  });
});

describe('identical requests', () => {
  const cached = (connection: string): TestRunOptions => ({ definition: { llm_connection: connection, cache_policy: { mode: 'on', ttl_seconds: 60 } } });
  /** The system prompt names the agent, and each test run has one of its own: all are called Tester. */

  test('are answered once: the second is marked, costs nothing and says what it saved', async () => {
    const connection = newId();
    const [one, two] = [await start([{ text: 'Four.' }], cached(connection)), await start([], cached(connection))];
    await one.turn(1);
    expect(await two.turn(1)).toMatchObject({ outcome: 'final', tokens: 0, costMicroUsd: 0 });
    expect((await listMessages(database.db, two.runId)).at(-1)?.text).toBe('Four.');
    expect(await shownStep(two)).toMatchObject({ is_cached: true, saved_micro_usd: 138, cost_micro_usd: 0, usage: { input_tokens: 0 } });
    expect(await callsOf(two)).toMatchObject([{ is_cached: true, status: 'succeeded', request_bytes: null, cost_micro_usd: 0 }]);
    expect(await findRun(database.db, two.runId)).toMatchObject({ input_tokens: 0, cost_micro_usd: 0, has_unknown_cost: false });
  });

  test('at the same time are one request: the other run waits for its answer without a worker', async () => {
    const connection = newId();
    const gate = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    const one = await start([async () => { asked.resolve(); await gate.promise; return { text: 'Four.' }; }], cached(connection));
    const two = await start([], cached(connection));
    const first = one.turn(1);
    await asked.promise;
    const stop = await stopped(two);
    expect(stop).toMatchObject({ code: 'LLM_SAME_REQUEST' });
    expect(stop.retryInMs).toBeGreaterThanOrEqual(1_000);
    expect(await stepOf(two)).toMatchObject({ waiting_reason: 'same_request' });
    gate.resolve();
    await first;
    expect(await two.turn(1)).toMatchObject({ outcome: 'final', costMicroUsd: 0 });
  });

  test('of a run whose call failed are somebody else’s to ask at once; a mistake is not kept', async () => {
    const connection = newId();
    const one = await start([down(), { text: ' ' }], cached(connection));
    await stopped(one);
    await one.turn(1);
    const two = await start([{ text: 'Four.' }], cached(connection));
    expect(await two.turn(1)).toMatchObject({ outcome: 'final', costMicroUsd: 138 });
  });
});

describe('an output schema', () => {
  const definition = { output_schema: { type: 'object', properties: { tickets: { type: 'integer' } }, required: ['tickets'], additionalProperties: false }, tools: [] };

  test('is told to the model and sent along; an answer that fits is the end', async () => {
    const run = await start([{ text: '```json\n{"tickets": 47}\n```' }], { definition });
    expect(await run.turn(1, { isLastTurn: true })).toMatchObject({ outcome: 'final' });
    expect(run.requests[0]).toMatchObject({ outputSchema: definition.output_schema, system: expect.stringContaining('"required":["tickets"]') as string });
  });

  test('an answer that does not fit is mended once, within the turn; both answers are paid', async () => {
    const run = await start([{ text: '47 tickets' }, { text: '{"tickets": 47}' }], { definition });
    expect(await run.turn(1)).toMatchObject({ outcome: 'final', tokens: 240, costMicroUsd: 276 });
    expect(run.requests[1]?.messages.slice(-2)).toEqual([{ role: 'assistant', content: '47 tickets', toolCalls: [] }, { role: 'user', content: expect.stringContaining('- the answer is not JSON') as string }]);
    expect(await callsOf(run)).toMatchObject([{ status: 'failed', action: 'repair', error: { code: 'LLM_OUTPUT_INVALID' }, input_tokens: 100, cost_micro_usd: 138 }, { status: 'succeeded', action: null }]);
    expect(await findRun(database.db, run.runId)).toMatchObject({ input_tokens: 200, output_tokens: 40, cost_micro_usd: 276 });
    expect(await shownStep(run)).toMatchObject({ usage: { input_tokens: 200 }, cost_micro_usd: 276, error: null });
    expect((await listMessages(database.db, run.runId)).filter(({ source }) => source === 'model')).toMatchObject([{ text: '{"tickets": 47}' }]);
  });

  test('one that still does not fit ends the run with what is wrong; so does the second attempt of the activity', async () => {
    const run = await start([{ text: '{}' }, { text: '{"tickets": "many"}' }], { definition });
    const result = await run.turn(1);
    expect(result).toMatchObject({ outcome: 'failed', code: 'LLM_OUTPUT_INVALID', message: expect.stringContaining('tickets must be integer') as string, tokens: 240 });
    expect(await run.turn(1)).toEqual(result);
    expect(await stepOf(run)).toMatchObject({ status: 'failed', error: { code: 'LLM_OUTPUT_INVALID' } });
  });

  test('does not concern turns that act', async () => {
    const run = await start([{ toolCalls: [call('run_sql', { query: '1' })] }], { definition: { ...definition, tools: ['run_sql'] } });
    expect(await run.turn(1)).toMatchObject({ outcome: 'acts' });
  });
});

describe('hostile answers', () => {
  test('five megabytes of text are cut, say so, and are shown to the model shortened', async () => {
    const run = await start([{ text: 'word '.repeat(1_000_000), thought: 't'.repeat(5_000_000), model: 'm'.repeat(5_000), rawUsage: { junk: 'j'.repeat(1_000_000) }, providerState: { s: 's'.repeat(5_000_000) }, toolCalls: [call('run_sql', { query: '1' })] }, { text: 'Done.' }]);
    await run.turn(1);
    const message = (await listMessages(database.db, run.runId)).at(-1);
    expect(message?.text).toMatch(/\[Cut: 5000000 characters were said, the first 1000000 are kept\.\]$/);
    expect(message?.thought?.length).toBeLessThan(201_000);
    expect(message?.provider_state).toBeNull();
    expect((await stepOf(run)).llm_model).toHaveLength(200);
    await run.succeed(1, 'rows');
    await run.turn(2);
    expect(run.requests[1]?.messages[1]?.content.length).toBeLessThan(25_000);
  });

  test('control characters, NUL and half surrogate pairs are stored visibly and stop nothing', async () => {
    const hostile = 'a\u0000b\u0007c\u001b[31md\ud800e';
    const run = await start([{ text: hostile, thought: hostile, toolCalls: [call(hostile, { [hostile]: hostile }, hostile), call('run_sql', { query: hostile })] }, { text: hostile }]);
    expect(await run.turn(1)).toMatchObject({ outcome: 'acts' });
    await run.succeed(1, 'rows');
    expect(await run.turn(2)).toMatchObject({ outcome: 'final' });
    expect((await listMessages(database.db, run.runId)).at(-1)?.text).toBe('a\ufffdb\u0007c\u001b[31md\ufffde');
    expect((await stepOf(run)).summary).toBe('a\ufffdb c [31md\ufffde');
  });

  test('arguments too long to be read by anybody are told to the model', async () => {
    const run = await start([{ toolCalls: [call('run_sql', { query: 'q'.repeat(600_000) }), call('run_sql', { query: '1' })] }, { text: 'Done.' }]);
    expect(await run.turn(1)).toMatchObject({ outcome: 'acts', calls: [{ toolName: 'run_sql' }] });
    await run.succeed(1, 'rows');
    await run.turn(2);
    expect(run.requests[1]?.messages[2]).toMatchObject({ role: 'tool', isError: true, content: expect.stringMatching(/The arguments are too long: 6000\d\d characters/) as string });
  });

  test('an answer the database cannot take for its depth ends nothing either: it is bounded before', async () => {
    let deep = '1';
    for (let n = 0; n < 3_000; n++) deep = `[${deep}]`;
    const run = await start([{ toolCalls: [call('run_sql', `{"query": ${deep}}`)] }]);
    expect(await run.turn(1)).toMatchObject({ outcome: 'mistake' });
  });
});
