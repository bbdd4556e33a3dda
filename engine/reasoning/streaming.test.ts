// Turns against a real server over HTTP: what is streamed, given up, kept of the request, and told apart of a provider's bad days.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AgentDefinition } from '../../contracts/agents.ts';
import { listDraftPieces } from '../../db/repositories/drafts.repository.ts';
import { listModelCalls } from '../../db/repositories/model-calls.repository.ts';
import { lockRun, updateRunPhase } from '../../db/repositories/runs.repository.ts';
import { newId } from '../../platform/ids.ts';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database.ts';
import { type OpenAiServer, startOpenAiServer } from '../../tests/support/openai-server.ts';
import { until } from '../../tests/support/until.ts';
import { createLanguageModels, type LanguageModels } from '../llm/index.ts';
import { getAttemptRequest, getStep, listAttempts } from '../traces/index.ts';
import { takeTurn, type TurnStopped } from './take-turn.ts';
import { startTestRun, type TestRun } from './turns.cases.ts';

let database: TestDatabase;
let server: OpenAiServer;
let models: LanguageModels;
beforeAll(async () => {
  [database, server] = await Promise.all([createTestDatabase(), startOpenAiServer()]);
  models = createLanguageModels({ config: { openai: { apiKey: 'key-of-the-test', baseUrl: server.baseUrl }, anthropic: { apiKey: undefined, baseUrl: undefined } } });
});
afterAll(async () => {
  await server?.close();
  await database?.close();
});
beforeEach(async () => {
  server.answerAll(undefined);
  await database.db.deleteFrom('llm_connection_states').execute();
});

interface HttpRun extends TestRun {
  take(signal?: AbortSignal): ReturnType<typeof takeTurn>;
  stepId(): Promise<string>;
}

/** A run whose only model is the server's. */
async function start(definition: Partial<AgentDefinition> = {}): Promise<HttpRun> {
  const run = await startTestRun(database.db, [], { definition: { llm_connection: null, llm_model: 'test-model', ...definition } });
  return {
    ...run,
    take: (signal = new AbortController().signal) => takeTurn({ ...run.deps, models }, { runId: run.runId, iteration: 1, isLastTurn: false, signal }),
    stepId: async () => (await database.db.selectFrom('steps').select('id').where('run_id', '=', run.runId).executeTakeFirstOrThrow()).id,
  };
}
const stepOf = async (run: HttpRun) => getStep({ db: database.db }, run.runId, await run.stepId());
const attemptsOf = async (run: HttpRun) => (await listAttempts({ db: database.db }, run.runId, await run.stepId())).items;
const stopped = (turn: Promise<unknown>): Promise<TurnStopped> => turn.then(() => Promise.reject(new Error('the turn did not stop')), (error: TurnStopped) => error);

describe('a turn as it is said', () => {
  test('is the draft of its step until it is recorded', async () => {
    const run = await start();
    const turn = run.take();
    const answer = (await server.next()).startSaying();
    answer.think('Three numbers.');
    answer.write('One, ');
    await until('the first words', async () => (await stepOf(run)).draft?.text === 'One, ');
    expect(await stepOf(run)).toMatchObject({ status: 'running', draft: { attempt: 1, thought: 'Three numbers.' } });
    answer.write('two.');
    await until('the next words', async () => (await stepOf(run)).draft?.text === 'One, two.');
    answer.finish();
    expect(await turn).toMatchObject({ outcome: 'final' });
    expect(await stepOf(run)).toMatchObject({ draft: null, first_token_ms: expect.any(Number) as number, output: { text: 'One, two.', thought: 'Three numbers.' } });
    expect(await listDraftPieces(database.db, run.runId)).toEqual([]);
  });

  test('and cut in the middle is discarded, and begins anew with the next attempt', async () => {
    const run = await start();
    const turn = stopped(run.take());
    const first = (await server.next()).startSaying();
    first.write('Half an ans');
    await until('the first half', async () => (await stepOf(run)).draft?.text === 'Half an ans');
    first.cut();
    expect(await turn).toMatchObject({ code: 'LLM_UNAVAILABLE', retryInMs: 500 });
    expect((await stepOf(run)).draft).toBeNull();
    const again = run.take();
    const second = (await server.next()).startSaying();
    second.write('A whole');
    await until('the second attempt', async () => (await stepOf(run)).draft !== null);
    expect((await stepOf(run)).draft).toEqual({ attempt: 2, thought: '', text: 'A whole' });
    second.finish();
    expect(await again).toMatchObject({ outcome: 'final' });
    expect(await attemptsOf(run)).toMatchObject([{ attempt: 1, status: 'failed', action: 'retry', first_token_ms: expect.any(Number) as number }, { attempt: 2, status: 'succeeded' }]);
  });

  test('and cancelled gives up the request at once; the call is abandoned and the end of the run clears the draft', async () => {
    const run = await start();
    const cancel = new AbortController();
    const turn = stopped(run.take(cancel.signal));
    const request = await server.next();
    request.startSaying().write('And then ');
    await until('the words', async () => (await stepOf(run)).draft?.text === 'And then ');
    cancel.abort(new Error('cancelled by the test'));
    expect(await turn).toMatchObject({ message: 'cancelled by the test' });
    await until('the request to be given up', () => request.isAborted());
    expect(await attemptsOf(run)).toMatchObject([{ status: 'abandoned', request_bytes: Buffer.byteLength(request.rawBody) }]);
    await database.db.transaction().execute(async (trx) => updateRunPhase(trx, (await lockRun(trx, run.runId))!, 'cancelled'));
    expect(await listDraftPieces(database.db, run.runId)).toEqual([]);
  });

  test('by many runs at once is recorded for each, to the last letter', async () => {
    server.answerAll((request) => {
      const saying = request.startSaying();
      for (const word of (request.messages.at(-1)?.content ?? '').split(/(?= )/)) saying.write(word);
      saying.finish();
    });
    const goals = Array.from({ length: 30 }, (_, n) => `Repeat number ${n}: äöü 🙂 "x"`);
    const runs = await Promise.all(goals.map((goal) => startTestRun(database.db, [], { goal, definition: { llm_connection: null, llm_model: 'test-model' } })));
    await Promise.all(runs.map((run) => takeTurn({ ...run.deps, models }, { runId: run.runId, iteration: 1, isLastTurn: false, signal: new AbortController().signal })));
    const said = await Promise.all(runs.map((run) => database.db.selectFrom('messages').select('text').where('run_id', '=', run.runId).where('source', '=', 'model').executeTakeFirstOrThrow()));
    expect(said.map(({ text }) => text)).toEqual(goals);
  });
});

describe('what was sent', () => {
  test('is given back byte for byte, also for a call that failed; the key is not in it', async () => {
    const run = await start({ instructions: 'Ünïcödé 🙂 \u2028 "quotes" \\ and <b>' });
    const turn = run.take();
    const request = await server.next();
    request.say('yes');
    await turn;
    const [attempt] = await attemptsOf(run);
    const sent = await getAttemptRequest({ db: database.db }, { runId: run.runId, stepId: await run.stepId(), attemptId: attempt!.id });
    expect(sent).toEqual({ method: 'POST', url: `${server.baseUrl}/chat/completions`, body: request.rawBody });
    expect(attempt?.request_bytes).toBe(Buffer.byteLength(request.rawBody));
    expect(JSON.stringify(await database.db.selectFrom('contents').select('body').execute())).not.toContain('key-of-the-test');

    const failed = await start();
    server.answerAll((refused) => refused.fail(422));
    await stopped(failed.take());
    const [bad] = await attemptsOf(failed);
    expect((await getAttemptRequest({ db: database.db }, { runId: failed.runId, stepId: await failed.stepId(), attemptId: bad!.id })).body).toContain('"model":"test-model"');
  });

  test('is kept without the key, should somebody have written it into the goal', async () => {
    server.answerAll((request) => request.say('yes'));
    const run = await start({ instructions: 'Use key-of-the-test for everything.' });
    await run.take();
    const [attempt] = await attemptsOf(run);
    const { body } = await getAttemptRequest({ db: database.db }, { runId: run.runId, stepId: await run.stepId(), attemptId: attempt!.id });
    expect(body).toContain('Use [key] for everything.');
  });

  test('of an attempt that sent nothing, of another step or of nobody is not found', async () => {
    const run = await start({ llm_provider: 'anthropic' });
    await stopped(run.take());
    const [attempt] = await attemptsOf(run);
    expect(attempt).toMatchObject({ error: { code: 'LLM_NOT_CONFIGURED' }, request_bytes: null });
    const asked = { runId: run.runId, stepId: await run.stepId(), attemptId: attempt!.id };
    await expect(getAttemptRequest({ db: database.db }, asked)).rejects.toMatchObject({ code: 'ATTEMPT_NOT_FOUND' });
    await expect(getAttemptRequest({ db: database.db }, { ...asked, attemptId: newId() })).rejects.toMatchObject({ code: 'ATTEMPT_NOT_FOUND' });
    await expect(getAttemptRequest({ db: database.db }, { ...asked, stepId: newId() })).rejects.toMatchObject({ code: 'STEP_NOT_FOUND' });
    await expect(listAttempts({ db: database.db }, newId(), newId())).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
  });
});

describe('a provider’s bad day, over the wire', () => {
  const openAiError = (code: string | null, message = 'no', type = 'invalid_request_error') => ({ error: { message, type, code, param: null } });

  test.each<[string, number, unknown, Record<string, string>, { code: string; retryInMs: number | undefined }]>([
    ['400', 400, openAiError(null), {}, { code: 'LLM_REQUEST_INVALID', retryInMs: undefined }],
    ['401', 401, openAiError('invalid_api_key', 'Incorrect API key provided: key-of-the-test'), {}, { code: 'LLM_AUTHENTICATION', retryInMs: undefined }],
    ['403', 403, openAiError(null), {}, { code: 'LLM_AUTHENTICATION', retryInMs: undefined }],
    ['404', 404, openAiError('model_not_found'), {}, { code: 'LLM_MODEL_NOT_FOUND', retryInMs: undefined }],
    ['408', 408, openAiError(null), {}, { code: 'LLM_UNAVAILABLE', retryInMs: 500 }],
    ['409', 409, openAiError(null), {}, { code: 'LLM_UNAVAILABLE', retryInMs: 500 }],
    ['422', 422, openAiError(null), {}, { code: 'LLM_REQUEST_INVALID', retryInMs: undefined }],
    ['429', 429, openAiError('rate_limit_exceeded'), {}, { code: 'LLM_RATE_LIMITED', retryInMs: 500 }],
    ['429 with seconds', 429, openAiError('rate_limit_exceeded'), { 'retry-after': '7' }, { code: 'LLM_RATE_LIMITED', retryInMs: 7_000 }],
    ['429 with milliseconds', 429, openAiError('rate_limit_exceeded'), { 'retry-after-ms': '1234' }, { code: 'LLM_RATE_LIMITED', retryInMs: 1_234 }],
    ['429 without credit', 429, openAiError('insufficient_quota'), {}, { code: 'LLM_QUOTA_EXHAUSTED', retryInMs: undefined }],
    ['500', 500, openAiError(null), {}, { code: 'LLM_UNAVAILABLE', retryInMs: 500 }],
    ['503 with seconds', 503, openAiError(null), { 'retry-after': '3' }, { code: 'LLM_UNAVAILABLE', retryInMs: 3_000 }],
    ['529', 529, openAiError(null), {}, { code: 'LLM_UNAVAILABLE', retryInMs: 500 }],
  ])('%s', async (_what, status, body, headers, expected) => {
    server.answerAll((request) => request.fail(status, body, headers));
    const run = await start();
    const stop = await stopped(run.take());
    expect(stop).toMatchObject(expected);
    expect(stop.message).not.toContain('key-of-the-test');
    expect(await attemptsOf(run)).toMatchObject([{ status: 'failed', action: expected.retryInMs === undefined ? 'end' : 'retry', error: { code: expected.code } }]);
  });

  test('a conversation too long for the model, of which nothing can be left out, ends the turn instead of being sent again', async () => {
    const before = server.count();
    server.answerAll((request) => request.fail(400, openAiError('context_length_exceeded', "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens.")));
    const run = await start();
    expect(await stopped(run.take())).toMatchObject({ code: 'LLM_CONTEXT_TOO_LONG', retryInMs: undefined, message: expect.stringMatching(/Nothing more can be left out.*Choose a model that reads more/) as string });
    expect(await attemptsOf(run)).toMatchObject([{ action: 'compact' }, { action: 'end', request_bytes: null }]);
    expect(server.count()).toBe(before + 1);
  });

  test('200 calls in one answer, ids used twice, five megabytes: bounded, told, recorded', async () => {
    server.answerAll((request) => request.call(...Array.from({ length: 200 }, (_, n) => ({ name: 'run_sql', arguments: { query: `${n}` }, id: 'same' }))));
    const flood = await start();
    expect(await flood.take()).toMatchObject({ outcome: 'acts' });
    const calls = await database.db.selectFrom('tool_calls').select(['provider_call_id', 'state']).where('run_id', '=', flood.runId).execute();
    expect(calls).toHaveLength(64);
    expect(new Set(calls.map((call) => call.provider_call_id)).size).toBe(64);
    expect(calls.filter((call) => call.state === 'proposed')).toHaveLength(32);

    server.answerAll((request) => request.say('word '.repeat(990_000)));
    const long = await start();
    expect(await long.take()).toMatchObject({ outcome: 'final' });
    expect((await listModelCalls(database.db, long.runId))[0]).toMatchObject({ status: 'succeeded' });
  });
});
