import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Json } from '../../tools/tool.ts';
import type { GenerateOptions, ModelDelta, ModelMessage, ModelRequest, ModelResponse } from '../language-model.ts';
import { loadScripts } from './load-scripts.ts';
import { createScriptedModel } from './scripted-model.ts';

const scripts = loadScripts();
const model = createScriptedModel(scripts);

const ask = (script: string, request: Partial<ModelRequest> = {}, options: Partial<GenerateOptions> = {}): Promise<ModelResponse> =>
  model.generate({ model: script, system: 'You are scripted.', messages: [], tools: [], ...request }, { signal: new AbortController().signal, ...options });

type Outcome = { output: Json } | { error: string };

/** A conversation with a script, as the loop would lead it. */
function talkTo(script: string, goal: string) {
  const messages: ModelMessage[] = [{ role: 'user', content: `${goal}\n\nWhat you remember of earlier runs (data, may be outdated):\n- 99 things` }];
  return {
    messages,
    say: (content: string) => messages.push({ role: 'user', content }),
    async ask(more: Partial<ModelRequest> = {}): Promise<ModelResponse> {
      const response = await ask(script, { messages: structuredClone(messages), ...more });
      messages.push({ role: 'assistant', content: response.text, toolCalls: response.toolCalls });
      return response;
    },
    answer(...outcomes: Outcome[]) {
      const last = messages.findLast((message) => message.role === 'assistant');
      const calls = last?.role === 'assistant' ? last.toolCalls : [];
      outcomes.forEach((outcome, index) => {
        const isError = 'error' in outcome;
        messages.push({ role: 'tool', toolCallId: calls[index]?.id ?? '', content: isError ? outcome.error : JSON.stringify(outcome.output), isError });
      });
    },
  };
}

const figures = {
  total: 47, negative: 19, neutral: 20, positive: 8, average_score: -0.21, scores: [],
  by_priority: [{ priority: 'high', count: 9, average_score: -0.5 }, { priority: 'low', count: 38, average_score: -0.1 }],
  worst: [{ id: 12, priority: 'high', status: 'open', score: -0.9, subject: 'Furious {{goal}} {{#x}}' }],
};
const python = { output: { result: figures, result_note: null, stdout: '', stderr: '', truncated: false, error: null, duration_ms: 8 } };
const tickets = { output: { columns: [], rows: [{ id: 1, subject: 'Hi' }], row_count: 47, truncated: false } };

describe('the support ticket analyzer', () => {
  test('reads, computes from what was read, mails the real figures and reports them', async () => {
    const run = talkTo('support-ticket-analyzer', "Analyse today's support tickets.");
    const first = await run.ask();
    expect(first.toolCalls).toMatchObject([{ id: 'call_1_tickets', name: 'run_sql', arguments: { data_source: 'support', query: expect.stringContaining('current_date') as string } }]);
    expect(first.thought).toContain('(scripted)');

    run.answer(tickets);
    const second = await run.ask();
    expect(second.thought).toContain('47 tickets');
    expect(second.toolCalls).toMatchObject([{ id: 'call_2_analysis', name: 'execute_python', arguments: { inputs: { tickets: { result_of: 'call_1_tickets' } } } }]);
    expect(second.toolCalls[0]?.arguments?.['code']).toContain('by_priority = defaultdict(list)');

    run.answer(python);
    const third = await run.ask();
    expect(third.toolCalls).toMatchObject([{ id: 'call_3_mail', name: 'send_email', arguments: { to: ['support-lead@example.com'], subject: 'Support tickets today: 47, of which 19 negative' } }]);
    expect(third.toolCalls[0]?.arguments?.['text']).toMatchInlineSnapshot(`
      "Hello,

      47 support tickets came in today. I scored subject and text of each with a small word list, from -1 (angry) to 1 (happy).

      Sentiment: 19 negative, 20 neutral, 8 positive. Average score: -0.21.

      By priority:
        high: 9 (average score -0.5)
        low: 38 (average score -0.1)

      The most negative tickets:
        #12 (high, open, score -0.9): Furious {{goal}} {{#x}}

      The scores come from a word list, so read them as a hint and not as a verdict.

      Support Ticket Analyzer"
    `);

    run.answer({ output: { message_id: 'x' } });
    const last = await run.ask();
    expect(last).toMatchObject({ finishReason: 'stop', toolCalls: [], text: expect.stringContaining('analysed 47 support tickets of today and mailed the summary') as string });
  });

  test('works from a shortened result: counts survive, and the whole result is handed on by its call', async () => {
    const run = talkTo('support-ticket-analyzer', 'Go.');
    await run.ask();
    run.messages.push({ role: 'tool', toolCallId: 'call_1_tickets', content: '{"rows":["… (47 more items)"],"row_count":47}\n[Shortened from 90000 characters.]', isError: false });
    expect((await run.ask()).toolCalls[0]?.name).toBe('execute_python');
  });

  test('a rejected mail ends the run with an honest answer that quotes the reason, and no second try', async () => {
    const run = talkTo('support-ticket-analyzer', 'Go.');
    for (const outcome of [tickets, python, { error: 'TOOL_REFUSED: Not executed: a person rejected it. Reason: Not on a Friday' }]) {
      await run.ask();
      run.answer(outcome);
    }
    const last = await run.ask();
    expect(last.toolCalls).toEqual([]);
    expect(last.text).toContain('was not sent');
    expect(last.text).toContain('Reason: Not on a Friday');
    expect(last.text).toContain('19 negative');
  });

  test.each<[string, Outcome[], string]>([
    ['no data source', [{ error: 'TOOL_NOT_CONFIGURED: No data source is configured.' }], 'I could not read the support tickets'],
    ['no tickets', [{ output: { ...tickets.output, rows: [], row_count: 0 } }], 'No support ticket came in today'],
    ['a sandbox that is gone', [tickets, { error: 'TOOL_UNAVAILABLE: The sandbox could not start.' }], 'The sandbox could not start.'],
    ['a program that fails', [tickets, { output: { ...python.output, result: null, error: { type: 'KeyError', message: "'rows'", traceback: '' } } }], "KeyError: 'rows'"],
    ['a mail server that refuses', [tickets, python, { error: 'TOOL_FAILED: 550 no such user' }], '550 no such user'],
  ])('with %s it says so instead of pretending', async (_what, outcomes, expected) => {
    const run = talkTo('support-ticket-analyzer', 'Go.');
    for (const outcome of outcomes) {
      await run.ask();
      run.answer(outcome);
    }
    const last = await run.ask();
    expect(last).toMatchObject({ finishReason: 'stop', toolCalls: [] });
    expect(last.text).toContain(expected);
    expect(last.text).not.toContain('and mailed');
  });

  test('what an operator says is heard and honestly not followed', async () => {
    const run = talkTo('support-ticket-analyzer', 'Go.');
    await run.ask();
    run.answer({ output: { ...tickets.output, row_count: 0 } });
    run.say('Only the urgent ones, please.');
    expect((await run.ask()).text).toContain('While I worked you wrote “Only the urgent ones, please.”. I replay a script and call no model');
    run.say('Really?');
    expect((await run.ask()).text).toContain('cannot act on “Really?”');
  });

  test('without calls left it ends honestly', async () => {
    const run = talkTo('support-ticket-analyzer', 'Go.');
    await run.ask();
    run.answer(tickets);
    run.say('No more tool calls are left.');
    expect(await run.ask({ mustAnswer: true })).toMatchObject({ toolCalls: [], text: expect.stringContaining('no calls left') as string });
  });
});

describe('scripts for tests and benchmarks', () => {
  test('echo answers at once with the goal alone', async () => {
    expect((await talkTo('echo', 'Say hello.').ask()).text).toBe('You asked: Say hello.');
  });

  test('parallel-tools asks for two tools at once and reports each', async () => {
    const run = talkTo('parallel-tools', 'Go.');
    expect((await run.ask()).toolCalls.map(({ id, name }) => [id, name])).toEqual([['call_1_both_1', 'run_sql'], ['call_1_both_2', 'send_email']]);
    run.answer({ output: { rows: [] } }, { error: 'TOOL_REFUSED: Not executed: a person rejected it. Reason: no' });
    expect((await run.ask()).text).toBe('run_sql succeeded, send_email refused.');
  });

  test('unknown-tool names a tool nobody has, again and again, with ids that differ', async () => {
    const run = talkTo('unknown-tool', 'Go.');
    const ids = new Set<string>();
    for (let n = 0; n < 4; n++) {
      const { toolCalls } = await run.ask();
      expect(toolCalls).toMatchObject([{ name: 'make_coffee', arguments: { cups: n + 1 } }]);
      ids.add(toolCalls[0]?.id ?? '');
      run.answer({ error: 'TOOL_UNKNOWN: There is no tool "make_coffee".' });
    }
    expect(ids.size).toBe(4);
  });

  test('long-run queries as often as the goal says, for more rows each time, also when old turns are left out', async () => {
    const run = talkTo('long-run', 'Query 6 times.');
    const asked: string[] = [];
    for (;;) {
      const { toolCalls, text } = await run.ask({ isShortened: run.messages[1]?.role === 'user' });
      if (toolCalls.length === 0) {
        expect(text).toBe('6 queries are done.');
        break;
      }
      asked.push(String(toolCalls[0]?.arguments?.['query']).replace(/.*generate_series\((.*?)\).*/, '$1'));
      run.answer({ output: { rows: [] } });
      if (asked.length === 4) run.messages.splice(1, 4, { role: 'user', content: '[2 earlier steps of this conversation were left out here.]' });
    }
    expect(asked).toEqual(['1, 1 * 20', '1, 2 * 20', '1, 3 * 20', '1, 4 * 20', '1, 5 * 20', '1, 6 * 20']);
  });
});

describe('the scripted provider', () => {
  test('counts the tokens of the real text, the same for the same conversation, more as it grows, and says that they are an estimate', async () => {
    const run = talkTo('support-ticket-analyzer', 'Go.');
    const first = await run.ask();
    expect((await talkTo('support-ticket-analyzer', 'Go.').ask()).usage).toEqual(first.usage);
    run.answer(tickets);
    const second = await run.ask();
    expect(second.usage.inputTokens).toBeGreaterThan(first.usage.inputTokens ?? 0);
    expect(second.usage.outputTokens).toBeGreaterThan(500);
    expect(JSON.stringify(second.rawUsage)).toContain('No model was called');
  });

  test('an unknown script is LLM_MODEL_NOT_FOUND and names those there are', async () => {
    await expect(talkTo('nope', 'Go.').ask()).rejects.toMatchObject({ code: 'LLM_MODEL_NOT_FOUND', message: expect.stringContaining('support-ticket-analyzer') as string });
  });

  test('a goal that lacks what a script needs is a final error that names it', async () => {
    await expect(talkTo('long-run', 'Query often.').ask()).rejects.toMatchObject({ code: 'LLM_REQUEST_INVALID', message: expect.stringContaining('"number"') as string });
  });

  test('the request it was given is told before it is played, in a form of its own', async () => {
    const told: { url: string; body: string }[] = [];
    await ask('echo', { messages: [{ role: 'user', content: 'Hi' }, { role: 'tool', toolCallId: 'x', content: 'no', isError: true }] }, { onRequest: (request) => told.push(request) });
    expect(told).toEqual([{ url: 'scripted:echo', body: expect.any(String) as string }]);
    expect(JSON.parse(told[0]?.body ?? '')).toMatchObject({ script: 'echo', system: 'You are scripted.', messages: [{ role: 'user', content: 'Hi' }, { role: 'tool', tool_call_id: 'x', is_error: true }], tools: [] });
  });

  test.each<[string, unknown, string]>([
    ['a step that leads nowhere', { steps: { a: { calls: [{ tool: 't', arguments: {} }], next: [{ on: 'any', go: 'b' }] } } }, 'There is no step "b"'],
    ['a step that may get stuck', { steps: { a: { calls: [{ tool: 't', arguments: {} }], next: [{ on: 'succeeded', go: 'a' }] } } }, 'never gets stuck'],
    ['an end that says nothing', { steps: { a: {} } }, 'must say something'],
    ['an unknown field', { steps: { a: { say: 'x' } }, cost: 1 }, 'cost'],
  ])('%s is found when scripts are loaded', (_what, script, expected) => {
    const directory = mkdtempSync(join(tmpdir(), 'scripts-'));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    mkdirSync(join(directory, 'broken'));
    writeFileSync(join(directory, 'broken', 'script.json'), JSON.stringify({ title: 't', description: 'd', is_listed: false, start: 'a', ...(script as object) }));
    expect(() => loadScripts(directory)).toThrow(expected);
  });

  test('scripts in YAML, alone in a folder of them, are read like those in JSON; one name twice is refused', () => {
    const directory = mkdtempSync(join(tmpdir(), 'scripts-'));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    mkdirSync(join(directory, 'group', 'long'), { recursive: true });
    const text = 'title: t\ndescription: d\nis_listed: false\nstart: a\nsteps:\n  a: { say: { $file: words.txt } }\n';
    writeFileSync(join(directory, 'group', 'short.yaml'), text.replace('{ $file: words.txt }', 'x'));
    writeFileSync(join(directory, 'group', 'long', 'script.yaml'), text);
    writeFileSync(join(directory, 'group', 'long', 'words.txt'), 'many words\n');
    expect([...loadScripts(directory)].map(([name, { script }]) => [name, script.steps['a']?.say])).toEqual([['group/long', 'many words'], ['group/short', 'x']]);
    writeFileSync(join(directory, 'group', 'short.yml'), text.replace('{ $file: words.txt }', 'y'));
    expect(() => loadScripts(directory)).toThrow('two scripts with the name group/short');
  });
});

describe('streaming', () => {
  /** Everything it said until it ended, and how it ended. */
  async function listen(script: string, options: Partial<GenerateOptions> & { goal?: string } = {}) {
    const deltas: ModelDelta[] = [];
    const { goal = 'Go.', ...rest } = options;
    const ended = await ask(script, { messages: [{ role: 'user', content: goal }] }, { onDelta: (delta) => deltas.push(delta), ...rest }).then((response) => ({ response }), (error: unknown) => ({ error }));
    const heard = (channel: ModelDelta['channel']): string => deltas.flatMap((delta) => (delta.channel === channel ? [delta.text] : [])).join('');
    return { deltas, heard, ended };
  }

  test('thought comes first, then the text, word by word, and joined they are the answer', async () => {
    const { deltas, heard, ended } = await listen('echo', { goal: 'Say one  two.' });
    const { response } = ended as { response: ModelResponse };
    expect(heard('thought')).toBe(response.thought);
    expect(heard('text')).toBe(response.text);
    expect(deltas.filter(({ channel }) => channel === 'text').map(({ text }) => text)).toEqual(['You ', 'asked: ', 'Say ', 'one  ', 'two.']);
    expect(deltas.findLastIndex(({ channel }) => channel === 'thought')).toBeLessThan(deltas.findIndex(({ channel }) => channel === 'text'));
  });

  test('giving up in the middle of a paced answer ends it at once with the reason given', async () => {
    const controller = new AbortController();
    const reason = new Error('cancelled');
    const said: string[] = [];
    const work = ask('long-speech', { messages: [{ role: 'user', content: 'Go.' }] }, { signal: controller.signal, onDelta: ({ text }) => { if (said.push(text) === 2) controller.abort(reason); } });
    await expect(work).rejects.toBe(reason);
    expect(said).toEqual(['word ', 'after ']);
  });

  test('five megabytes are said in a bounded number of pieces and end as a cut answer', async () => {
    const { deltas, ended } = await listen('faults/huge-text');
    const { response } = ended as { response: ModelResponse };
    expect(response).toMatchObject({ finishReason: 'max_tokens' });
    expect(response.text.length).toBe(5_000_000);
    expect(deltas.length).toBeLessThanOrEqual(2_000);
  });

  test.each(['faults/cut-then-fine', 'faults/stalls'])('%s: half of the answer is heard before it fails', async (script) => {
    const { heard, ended } = await listen(script, { goal: `Half ${script}.` });
    expect(ended).toMatchObject({ error: { code: 'LLM_UNAVAILABLE' } });
    expect(heard('text')).not.toBe('');
    expect(`After some trouble I answer “Half ${script}.”.`.startsWith(heard('text'))).toBe(true);
  });
});

describe('faults', () => {
  test.each<[string, string, Record<string, unknown>]>([
    ['faults/overloaded-then-fine', 'LLM_UNAVAILABLE', { status: 529 }],
    ['faults/rate-limited-with-delay', 'LLM_RATE_LIMITED', { status: 429, retry_after_ms: 1000 }],
    ['faults/unavailable', 'LLM_UNAVAILABLE', { status: 503 }],
    ['faults/context-too-long', 'LLM_CONTEXT_TOO_LONG', { status: 400, max_tokens: 8192 }],
    ['faults/quota-exhausted', 'LLM_QUOTA_EXHAUSTED', { status: 429 }],
    ['faults/hangs', 'LLM_UNAVAILABLE', {}],
    ['faults/malformed-then-fine', 'LLM_RESPONSE_INVALID', {}],
    ['faults/html', 'LLM_REQUEST_INVALID', {}],
  ])('%s is %s, with what the provider would have said', async (script, code, details) => {
    await expect(talkTo(script, 'In-process.').ask()).rejects.toMatchObject({ code, details, message: expect.stringContaining('plays a fault') as string });
  });

  test('a step fails as often as its script says and then answers, counted for each goal', async () => {
    for (const goal of ['First.', 'Second.']) {
      const run = talkTo('faults/overloaded-then-fine', goal);
      await expect(run.ask()).rejects.toMatchObject({ code: 'LLM_UNAVAILABLE' });
      await expect(run.ask()).rejects.toMatchObject({ code: 'LLM_UNAVAILABLE' });
      expect((await run.ask()).text).toBe(`After some trouble I answer “${goal}”.`);
    }
  });

  test('200 calls come as no more than a run can make, two calls may share an id', async () => {
    expect((await talkTo('faults/many-calls', 'Go.').ask()).toolCalls.length).toBe(64);
    const { toolCalls } = await talkTo('faults/duplicate-call-ids', 'Go.').ask();
    expect(toolCalls.map(({ id }) => id)).toEqual(['call_1_twins_1', 'call_1_twins_1']);
  });

  test('a script goes on after calls that shared an id or were too many', async () => {
    for (const script of ['faults/many-calls', 'faults/duplicate-call-ids']) {
      const run = talkTo(script, 'Go.');
      const { toolCalls } = await run.ask();
      run.answer(...toolCalls.map(() => ({ output: { rows: [] } })));
      expect(await run.ask()).toMatchObject({ finishReason: 'stop', toolCalls: [] });
    }
  });

  test.each([['faults/refusal', 'refusal'], ['faults/cut-at-limit', 'max_tokens']])('%s ends as %s', async (script, finishReason) => {
    expect(await talkTo(script, 'Go.').ask()).toMatchObject({ finishReason, text: expect.stringMatching(/\w/) as string });
  });
});

describe('structured answers', () => {
  const outputSchema = { type: 'object' };

  test('an answer that is not accepted is given again as the data asked for', async () => {
    const run = talkTo('structured-output', 'How many?');
    expect((await run.ask({ outputSchema })).text).toBe('There are 47 tickets.');
    run.say('The answer is not JSON.');
    expect(JSON.parse((await run.ask({ outputSchema })).text)).toEqual({ tickets: 47 });
  });

  test('an answer that stays stays as it is, without a word that would spoil data', async () => {
    const run = talkTo('echo', 'Say it.');
    const { text } = await run.ask({ outputSchema });
    run.say('The answer is not JSON.');
    expect((await run.ask({ outputSchema })).text).toBe(text);
  });
});
