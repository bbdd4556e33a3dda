import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Attempt, Step } from '../../contracts/runs.ts';
import type { EventReader } from '../support/event-reader.ts';
import { type OpenAiServer, startOpenAiServer } from '../support/openai-server.ts';
import { freePort } from '../support/product.ts';
import { startStack, type Stack } from '../support/stack.ts';

let stack: Stack;
/** The server of connections an admin adds. */
let other: OpenAiServer;
beforeAll(async () => {
  [stack, other] = await Promise.all([startStack(), startOpenAiServer()]);
});
afterAll(async () => {
  await stack?.close();
  await other?.close();
});

let count = 0;
const agent = (more: Record<string, unknown> = {}): Promise<string> =>
  stack.admin.createAgent({ name: `Thinker ${++count}`, llm_provider: 'openai', llm_model: 'test-model', tools: ['execute_python', 'run_sql'], ...more });
/** A connection of its own, so that its circuit and its rates are no other test's. */
const connect = async (baseUrl: string, more: Record<string, unknown> = {}): Promise<string> =>
  (await stack.admin.api.call('createConnection', { body: { name: `Server ${++count}`, api: 'openai', base_url: baseUrl, api_key: 'key-of-the-other', ...more } as never })).id;
const thoughtOf = async (runId: string): Promise<Step> => {
  const found = (await stack.admin.steps(runId)).find((step) => step.kind === 'reasoning' || step.kind === 'finish');
  if (found === undefined) throw new Error('there is no reasoning step yet');
  return found;
};
const attemptsOf = async (runId: string): Promise<Attempt[]> =>
  (await stack.admin.api.call('listAttempts', { params: { run_id: runId, step_id: (await thoughtOf(runId)).id } })).items;
/** What a reader has seen of an attempt, put together. */
const heard = ({ events }: EventReader, attempt: number, channel: 'text' | 'thought' = 'text'): string =>
  events.flatMap((event) => (event.type === 'text-delta' && event.data.attempt === attempt && event.data.channel === channel ? [event.data.text] : [])).join('');

describe('streaming', () => {
  test('thought and answer arrive while the model speaks, the same at two readers; whoever comes later reads on from the draft', async () => {
    stack.openai.answerAll(undefined);
    const runId = await stack.admin.startRun(await agent(), 'Count to three.');
    const answer = (await stack.openai.next()).startSaying();
    const readers = await Promise.all([stack.follow(runId), stack.follow(runId)]);
    answer.think('Three numbers.');
    answer.write('One, ');
    for (const reader of readers) await reader.waitFor('the first words', () => heard(reader, 1) === 'One, ' && heard(reader, 1, 'thought') === 'Three numbers.');
    expect(await thoughtOf(runId)).toMatchObject({ status: 'running', draft: { attempt: 1, thought: 'Three numbers.', text: 'One, ' } });
    const late = await stack.follow(runId);
    answer.write('two, three.');
    await late.waitFor('what came after', () => heard(late, 1) === 'two, three.');
    const piece = late.events.find((event) => event.type === 'text-delta');
    expect(piece?.type === 'text-delta' && piece.data.offset).toBe('One, '.length);
    answer.finish();
    expect(await stack.admin.ended(runId)).toMatchObject({ status: 'completed', outputs: { answer: 'One, two, three.' } });
    const step = await thoughtOf(runId);
    expect(step).toMatchObject({ draft: null, first_token_ms: expect.any(Number) });
    // The pieces were for the open turn alone.
    expect(await stack.db.selectFrom('events').select('id').where('run_id', '=', runId).where('type', '=', 'text-delta').execute()).toEqual([]);
    for (const reader of [...readers, late]) reader.close();
  });

  test('a stream that is cut is asked again: the partial answer is discarded and the new one starts anew', async () => {
    stack.openai.answerAll(undefined);
    const runId = await stack.admin.startRun(await agent(), 'Say something whole.');
    const reader = await stack.follow(runId);
    const first = (await stack.openai.next()).startSaying();
    first.write('Half an ans');
    await reader.waitFor('the first half', () => heard(reader, 1) === 'Half an ans');
    first.cut();
    const again = (await stack.openai.next()).startSaying();
    again.write('A whole answer.');
    await reader.waitFor('the second attempt', () => heard(reader, 2) === 'A whole answer.');
    expect((await thoughtOf(runId)).draft).toMatchObject({ attempt: 2, text: 'A whole answer.' });
    again.finish();
    expect(await stack.admin.ended(runId)).toMatchObject({ status: 'completed', outputs: { answer: 'A whole answer.' } });
    expect(await attemptsOf(runId)).toMatchObject([
      { attempt: 1, status: 'failed', action: 'retry', error: { code: 'LLM_UNAVAILABLE' } },
      { attempt: 2, status: 'succeeded', error: null },
    ]);
    reader.close();
  });

  test('cancelling in the middle of a word gives up the request at once', async () => {
    stack.openai.answerAll(undefined);
    const runId = await stack.admin.startRun(await agent(), 'Talk for ever.');
    const request = await stack.openai.next();
    const answer = request.startSaying();
    answer.write('And then ');
    await stack.until('the words to arrive', async () => (await thoughtOf(runId)).draft?.text === 'And then ');
    await stack.admin.api.call('cancelRun', { params: { run_id: runId }, body: {} });
    await stack.until('the request to be given up', () => request.isAborted());
    expect(await stack.admin.ended(runId)).toMatchObject({ status: 'cancelled' });
    expect(await attemptsOf(runId)).toMatchObject([{ status: 'abandoned' }]);
  });

  test('kill -9 of the worker in the middle of an answer: another attempt is made and the run completes', async () => {
    stack.openai.answerAll(undefined);
    const runId = await stack.admin.startRun(await agent(), 'Survive.');
    const answer = (await stack.openai.next()).startSaying();
    answer.write('I was say');
    await stack.until('the words to arrive', async () => (await thoughtOf(runId)).draft?.text === 'I was say');
    await stack.worker.kill();
    await stack.startWorker();
    (await stack.openai.next()).say('I said it.');
    expect(await stack.admin.ended(runId)).toMatchObject({ status: 'completed', outputs: { answer: 'I said it.' } });
    expect(await attemptsOf(runId)).toMatchObject([{ status: 'abandoned' }, { status: 'succeeded' }]);
  });
});

describe('what was sent', () => {
  test('is given back byte for byte, and the key is not in it', async () => {
    stack.openai.answerAll(undefined);
    const runId = await stack.admin.startRun(await agent(), 'Umlauts: äöü, emoji: 🙂, quote: "x"');
    const request = await stack.openai.next();
    request.say('yes');
    await stack.admin.ended(runId);
    const step = await thoughtOf(runId);
    const [attempt] = await attemptsOf(runId);
    const sent = await stack.admin.api.call('getAttemptRequest', { params: { run_id: runId, step_id: step.id, attempt_id: (attempt as Attempt).id } });
    expect(sent.body).toBe(request.rawBody);
    expect(attempt?.request_bytes).toBe(Buffer.byteLength(request.rawBody));
    expect(JSON.stringify(sent)).not.toContain('test-key');
  });
});

describe('a provider’s bad day', () => {
  test('the next model of the chain answers when the first cannot be reached, and the trace says so', async () => {
    const gone = await connect(`http://127.0.0.1:${await freePort()}/v1`);
    stack.openai.answerAll((request) => request.say('The second one speaks.'));
    const agentId = await agent({ llm_connection: gone, llm_model: 'first', fallbacks: [{ llm_provider: 'openai', llm_model: 'second' }] });
    const runId = await stack.admin.startRun(agentId, 'Answer anyway.');
    expect(await stack.admin.ended(runId)).toMatchObject({ status: 'completed', outputs: { answer: 'The second one speaks.' } });
    expect(await thoughtOf(runId)).toMatchObject({ is_fallback: true });
    const attempts = await attemptsOf(runId);
    expect(attempts.at(0)).toMatchObject({ llm_model: 'first', status: 'failed', error: { code: 'LLM_UNAVAILABLE' } });
    expect(attempts.findLast((attempt) => attempt.llm_model === 'first')).toMatchObject({ action: 'fallback' });
    expect(attempts.at(-1)).toMatchObject({ llm_model: 'second', status: 'succeeded' });
  });

  test('a conversation the model finds too long is shortened and asked again', async () => {
    let turns = 0;
    stack.openai.answerAll((request) => {
      turns++;
      if (turns <= 4) request.call({ name: 'execute_python', arguments: { code: `"x" * 9000 + "${turns}"` } });
      else if (turns === 5) request.fail(400, { error: { message: "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens.", type: 'invalid_request_error', code: 'context_length_exceeded', param: 'messages' } });
      else request.say('Shorter is better.');
    });
    const runId = await stack.admin.startRun(await agent(), 'Work a lot.');
    const run = await stack.admin.ended(runId);
    expect(run).toMatchObject({ status: 'completed' });
    const last = (await stack.admin.steps(runId)).findLast((step) => step.kind === 'finish') as Step;
    const { items } = await stack.admin.api.call('listAttempts', { params: { run_id: runId, step_id: last.id } });
    expect(items).toMatchObject([{ status: 'failed', action: 'compact', error: { code: 'LLM_CONTEXT_TOO_LONG' } }, { status: 'succeeded' }]);
    expect(items[1]?.dropped_turns).toBeGreaterThan(0);
  });

  test('after failures in a row the connection rests: its circuit is seen by everybody, and an admin can end the rest', async () => {
    let isDown = true;
    other.answerAll((request) => (isDown ? request.fail(503) : request.say('back again')));
    stack.openai.answerAll((request) => request.say('for it'));
    const id = await connect(other.baseUrl);
    const agentId = await agent({ llm_connection: id, fallbacks: [{ llm_provider: 'openai', llm_model: 'second' }] });
    const circuit = async () => (await stack.admin.api.call('listConnections')).items.find((item) => item.id === id)?.circuit;
    for (let runs = 0; runs < 5 && (await circuit())?.state !== 'open'; runs++) await stack.admin.ended(await stack.admin.startRun(agentId, `Try ${runs}.`));
    expect(await circuit()).toMatchObject({ state: 'open', failures_in_row: 5, last_error: { code: 'LLM_UNAVAILABLE' } });
    const asked = other.count();
    await stack.admin.ended(await stack.admin.startRun(agentId, 'While it rests.'));
    expect(other.count()).toBe(asked);
    isDown = false;
    await stack.admin.api.call('closeCircuit', { params: { id } });
    expect(await stack.admin.ended(await stack.admin.startRun(agentId, 'After it.'))).toMatchObject({ outputs: { answer: 'back again' } });
    expect(await circuit()).toMatchObject({ state: 'closed', failures_in_row: 0 });
  });

  test.each<[string, (request: Awaited<ReturnType<OpenAiServer['next']>>) => void, string, RegExp]>([
    ['a wrong key', (request) => request.fail(401, { error: { message: 'Incorrect API key provided: key-of-*****ther.', type: 'invalid_request_error', code: 'invalid_api_key', param: null } }), 'LLM_AUTHENTICATION', /key/i],
    ['a wrong model', (request) => request.fail(404, { error: { message: 'The model `test-model` does not exist', type: 'invalid_request_error', code: 'model_not_found', param: null } }), 'LLM_MODEL_NOT_FOUND', /test-model/],
    ['an account without credit', (request) => request.fail(429, { error: { message: 'You exceeded your current quota', type: 'insufficient_quota', code: 'insufficient_quota', param: null } }), 'LLM_QUOTA_EXHAUSTED', /credit/i],
  ])('%s ends the run at once with a sentence that says what to do', async (_what, answer, code, words) => {
    other.answerAll(answer);
    const runId = await stack.admin.startRun(await agent({ llm_connection: await connect(other.baseUrl) }), 'Fail well.');
    const run = await stack.admin.ended(runId);
    expect(run).toMatchObject({ status: 'failed', error: { code } });
    expect(run.error?.message).toMatch(words);
    expect(run.error?.message).not.toContain('key-of-the-other');
    expect(await attemptsOf(runId)).toHaveLength(1);
  });

  test('a base URL that leads to a web page, and one where nobody listens, are told apart', async () => {
    const page: Server = createServer((_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Hello</title>'));
    await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
    const html = await connect(`http://127.0.0.1:${(page.address() as AddressInfo).port}/v1`);
    const run = await stack.admin.ended(await stack.admin.startRun(await agent({ llm_connection: html }), 'Ask a web page.'));
    expect(run.error).toMatchObject({ code: 'LLM_REQUEST_INVALID', message: expect.stringMatching(/web page/) });
    page.close();
    const closed = await stack.admin.api.call('testConnectionDraft', { body: { api: 'openai', base_url: `http://127.0.0.1:${await freePort()}/v1`, api_key: 'k' } });
    expect(closed).toMatchObject({ passed: false, failure: { stage: 'connect' } });
  });
});

describe('limits and budgets', () => {
  test('a run that must wait for capacity says so and holds no worker; cancelling it takes effect at once', async () => {
    other.answerAll((request) => request.say('done'));
    const agentId = await agent({ llm_connection: await connect(other.baseUrl, { limits: { requests_per_minute: 1, tokens_per_minute: null } }) });
    expect(await stack.admin.ended(await stack.admin.startRun(agentId, 'First.'))).toMatchObject({ status: 'completed' });
    const asked = other.count();
    const waiting = await stack.admin.startRun(agentId, 'Second.');
    const step = await stack.until('the run to say that it waits', async () => {
      const found = (await stack.admin.steps(waiting)).find((one) => one.waiting !== null);
      return found;
    });
    expect(step).toMatchObject({ status: 'running', waiting: { reason: 'capacity' }, summary: expect.stringMatching(/waiting for capacity, about \d+ s/i) });
    const description = await stack.temporal.workflow.getHandle(waiting).describe();
    const pending = description.raw.pendingActivities?.find((activity) => activity.activityType?.name === 'reason');
    // SCHEDULED between two attempts: no worker has it.
    expect(pending).toMatchObject({ state: 1 });
    await stack.admin.api.call('cancelRun', { params: { run_id: waiting }, body: {} });
    expect(await stack.admin.ended(waiting)).toMatchObject({ status: 'cancelled' });
    expect(other.count()).toBe(asked);
  });

  test('a call that would exceed the cost limit goes to a cheaper model, or is not made', async () => {
    other.answerAll((request) => request.say('expensive'));
    stack.openai.answerAll((request) => request.say('cheap'));
    const dear = await connect(other.baseUrl);
    await stack.admin.api.call('setPrice', { body: { connection_id: dear, provider: 'openai', model: 'dear', input: 1_000_000_000, output: 1_000_000_000, source: 'the test', as_of: '2026-11-24' } });
    await stack.admin.api.call('setPrice', { body: { connection_id: 'openai', provider: 'openai', model: 'cheap', input: 10_000, output: 10_000, source: 'the test', as_of: '2026-11-24' } });
    const asked = other.count();
    const withFallback = await agent({ llm_connection: dear, llm_model: 'dear', max_output_tokens: 100, fallbacks: [{ llm_provider: 'openai', llm_model: 'cheap' }] });
    const cheap = await stack.admin.ended(await stack.admin.startRun(withFallback, 'Be thrifty.', { limits: { max_cost_micro_usd: 50_000 } }));
    expect(cheap).toMatchObject({ status: 'completed', outputs: { answer: 'cheap' } });
    expect(cheap.cost_micro_usd).toBeLessThan(50_000);
    const alone = await agent({ llm_connection: dear, llm_model: 'dear', max_output_tokens: 100 });
    expect(await stack.admin.ended(await stack.admin.startRun(alone, 'Be thrifty.', { limits: { max_cost_micro_usd: 50_000 } }))).toMatchObject({ status: 'failed', error: { code: 'LIMIT_COST' } });
    expect(other.count()).toBe(asked);
  });
});

describe('the cache of identical requests', () => {
  test('two runs that ask the same at the same time cost one request; the other is marked with what it saved', async () => {
    stack.openai.answerAll(undefined);
    const agentId = await agent({ tools: [], cache_policy: { mode: 'on', ttl_seconds: 3600 } });
    const [one, two] = await Promise.all([stack.admin.startRun(agentId, 'What is 2 + 2?'), stack.admin.startRun(agentId, 'What is 2 + 2?')]);
    const request = await stack.openai.next();
    const asked = stack.openai.count();
    await stack.until('the other run to wait for the answer', async () => (await Promise.all([thoughtOf(one), thoughtOf(two)])).some((step) => step.waiting?.reason === 'same_request'));
    request.say('4');
    const runs = await Promise.all([stack.admin.ended(one), stack.admin.ended(two)]);
    expect(runs).toMatchObject([{ status: 'completed', outputs: { answer: '4' } }, { status: 'completed', outputs: { answer: '4' } }]);
    expect(stack.openai.count()).toBe(asked);
    const steps = await Promise.all([thoughtOf(one), thoughtOf(two)]);
    expect(steps.filter((step) => step.is_cached)).toHaveLength(1);
    expect(steps.find((step) => step.is_cached)).toMatchObject({ cost_micro_usd: 0 });
    const { purged } = await stack.admin.api.call('purgeAnswerCache', { query: { agent_id: agentId } });
    expect(purged).toBe(1);
    const third = await stack.admin.startRun(agentId, 'What is 2 + 2?');
    (await stack.openai.next()).say('four');
    expect(await stack.admin.ended(third)).toMatchObject({ outputs: { answer: 'four' } });
  });
});

describe('structured answers', () => {
  const schema = { type: 'object', properties: { tickets: { type: 'integer' } }, required: ['tickets'], additionalProperties: false };

  test('an answer that does not fit gets one chance to be repaired and is then the run’s data', async () => {
    const answers = ['There are 47 tickets.', '{"tickets": 47}'];
    stack.openai.answerAll((request) => request.say(answers.shift() ?? 'too often'));
    const runId = await stack.admin.startRun(await agent({ output_schema: schema, tools: [] }), 'How many tickets?');
    expect(await stack.admin.ended(runId)).toMatchObject({ status: 'completed', outputs: { data: { tickets: 47 } } });
    expect(await attemptsOf(runId)).toMatchObject([{ action: 'repair' }, { status: 'succeeded', action: null }]);
  });

  test('an answer that still does not fit ends the run with what is wrong', async () => {
    stack.openai.answerAll((request) => request.say('{"tickets": "many"}'));
    const runId = await stack.admin.startRun(await agent({ output_schema: schema, tools: [] }), 'How many tickets?');
    expect(await stack.admin.ended(runId)).toMatchObject({ status: 'failed', error: { code: 'LLM_OUTPUT_INVALID', message: expect.stringMatching(/tickets/) } });
  });
});

describe('hostile answers', () => {
  test.each<[string, (request: Awaited<ReturnType<OpenAiServer['next']>>) => void]>([
    ['200 tool calls in one answer', (request) => request.call(...Array.from({ length: 200 }, (_, index) => ({ name: 'run_sql', arguments: { data_source: 'support', query: `select ${index}` } })))],
    ['a call id used twice', (request) => request.call({ name: 'execute_python', arguments: { code: '1' }, id: 'same' }, { name: 'execute_python', arguments: { code: '2' }, id: 'same' })],
    ['control characters and half a surrogate pair', (request) => request.call({ name: 'nul\u0000\u0007tool\ud800', arguments: '{"code": "\\u0000\\ud800"}' })],
  ])('%s: bounded, recorded, told to the model, and the run goes on to its end', async (_what, answer) => {
    stack.openai.answerAll((request) => (request.messages.at(-1)?.role === 'user' ? answer(request) : request.say('I go on.')));
    const runId = await stack.admin.startRun(await agent(), 'Misbehave.');
    expect(await stack.admin.ended(runId)).toMatchObject({ status: 'completed', outputs: { answer: 'I go on.' } });
    expect((await stack.admin.steps(runId)).filter((step) => step.kind === 'tool').length).toBeLessThanOrEqual(64);
  });

  test('five megabytes of text end as a bounded answer', async () => {
    stack.openai.answerAll((request) => request.say('word '.repeat(1_100_000)));
    const runId = await stack.admin.startRun(await agent(), 'Talk too much.');
    const run = await stack.admin.ended(runId);
    expect(JSON.stringify(run).length).toBeLessThan(3_000_000);
  });
});

test('every history these runs left behind replays', async () => {
  expect(await stack.replayAll()).toBeGreaterThan(20);
});
