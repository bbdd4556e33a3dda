import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../../contracts/errors.ts';
import { maxRunFilesBytes } from '../../../contracts/run-files.ts';
import type { ToolEffect } from '../../../contracts/tools.ts';
import { findRunFile, insertRunFiles, listRunFiles } from '../../../db/repositories/run-files.repository.ts';
import { closeOpenToolCalls, findToolCall, findToolCallOutput, updateToolCall } from '../../../db/repositories/tool-calls.repository.ts';
import { newId } from '../../../platform/ids.ts';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.ts';
import { addRun, recordTurn } from '../../../tests/support/run-records.ts';
import { catalogueOf, idleTool, noSecrets } from '../../../tests/support/tools.ts';
import { until } from '../../../tests/support/until.ts';
import { checkToolCall, createPolicies } from '../../safety/index.ts';
import { createToolRegistry, type ToolSetup } from '../registry.ts';
import type { Json, Tool, ToolCallContext, ToolOutcome } from '../tool.ts';
import { executeToolCall } from './execute-tool-call.ts';
import { createProgressReporter } from './report-progress.ts';

// What surrounds the tool's own work: limits, switches, masking, files, progress.
let database: TestDatabase;
let runId: string;
beforeAll(async () => {
  database = await createTestDatabase();
  runId = await addRun(database.db);
});
afterAll(() => database.close());

const outcome: ToolOutcome = { output: { ok: true }, summary: 'done' };
const toolOf = (execute: (args: unknown, context: ToolCallContext) => Promise<ToolOutcome>, more: Partial<Tool> = {}): Tool => ({ ...idleTool('lookup'), timeoutMs: 30_000, execute, ...more });

let iteration = 0;
const propose = async (effect: ToolEffect = 'none'): Promise<string> => {
  const [id = ''] = await recordTurn(database.db, { runId, iteration: ++iteration, thought: 'hm', calls: [{ toolName: 'lookup', arguments: { n: iteration } }] });
  await updateToolCall(database.db, id, { state: 'allowed', effect });
  return id;
};
const run = (toolCallId: string, tools: readonly Tool[], { setup, attempt = 1, mask }: { setup?: Partial<ToolSetup>; attempt?: number; mask?: (text: string) => string } = {}) => {
  const registry = createToolRegistry(tools, new Map(setup === undefined ? [] : [['lookup', setup]]));
  const secrets = mask === undefined ? noSecrets : { ...noSecrets, mask: <Value extends Json>(value: Value) => Promise.resolve(JSON.parse(mask(JSON.stringify(value))) as Value) };
  return executeToolCall({ db: database.db, tools: { current: () => Promise.resolve(registry) }, secrets, judgeAgain: async () => 'stands' }, { toolCallId, attempt, maxAttempts: 5, signal: new AbortController().signal });
};
const rowOf = async (id: string) => (await findToolCall(database.db, id)) ?? expect.unreachable();
const stepOf = (id: string) => database.db.selectFrom('steps').selectAll().where('tool_call_id', '=', id).where('kind', '=', 'tool').executeTakeFirstOrThrow();
const outputOf = async (id: string) => findToolCallOutput(database.db, { runId, beforeIteration: iteration + 1, providerCallId: (await rowOf(id)).provider_call_id });
const gate = () => Promise.withResolvers<void>();

describe('a limit of calls at once', () => {
  test('lets so many work; the next one waits, the trace says for what, and it is no attempt at the call', async () => {
    const [first, second] = [await propose(), await propose()];
    const { promise: mayEnd, resolve: end } = gate();
    const slow = toolOf(async () => { await mayEnd; return outcome; });
    const working = run(first, [slow], { setup: { maxConcurrent: 1 } });
    await until('the first to work', async () => (await rowOf(first)).state === 'executing');
    for (let attempt = 1; attempt <= 7; attempt++) {
      await expect(run(second, [slow], { setup: { maxConcurrent: 1 }, attempt })).rejects.toMatchObject({ code: 'TOOL_CAPACITY', details: { retry_after_ms: expect.any(Number) } });
    }
    expect(await rowOf(second)).toMatchObject({ state: 'allowed', attempts: 0, capacity_waits: 7 });
    expect(await stepOf(second)).toMatchObject({ status: 'waiting', summary: expect.stringContaining('1 at once') });
    end();
    expect(await working).toEqual({ state: 'succeeded' });
    // The eighth activity attempt is the first at the call: what is out of reach is tried again.
    const away = toolOf(async () => { throw new AppError('TOOL_UNAVAILABLE', 'away'); });
    await expect(run(second, [away], { setup: { maxConcurrent: 1 }, attempt: 8 })).rejects.toMatchObject({ code: 'TOOL_UNAVAILABLE' });
    expect(await run(second, [toolOf(async () => outcome)], { setup: { maxConcurrent: 1 }, attempt: 9 })).toEqual({ state: 'succeeded' });
    expect(await stepOf(second)).toMatchObject({ status: 'completed', summary: 'done' });
  });

  test('is not held up by a worker that died: the same call takes its turn anew', async () => {
    const id = await propose();
    const dead = toolOf(() => new Promise<never>(() => {}));
    void run(id, [dead], { setup: { maxConcurrent: 1 } });
    await until('it to work', async () => (await rowOf(id)).state === 'executing');
    expect(await run(id, [toolOf(async () => outcome)], { setup: { maxConcurrent: 1 }, attempt: 2 })).toEqual({ state: 'succeeded' });
  });

  test('ends with the run that held the turn', async () => {
    const [held, next] = [await propose(), await propose()];
    void run(held, [toolOf(() => new Promise<never>(() => {}))], { setup: { maxConcurrent: 1 } });
    await until('it to work', async () => (await rowOf(held)).state === 'executing');
    await expect(run(next, [toolOf(async () => outcome)], { setup: { maxConcurrent: 1 } })).rejects.toMatchObject({ code: 'TOOL_CAPACITY' });
    await database.db.transaction().execute((trx) => closeOpenToolCalls(trx, runId));
    await updateToolCall(database.db, next, { state: 'allowed' });
    expect(await run(next, [toolOf(async () => outcome)], { setup: { maxConcurrent: 1 }, attempt: 2 })).toEqual({ state: 'succeeded' });
  });

  test('of two that ask in the same moment lets one through', async () => {
    const { promise: mayEnd, resolve: end } = gate();
    const slow = toolOf(async () => { await mayEnd; return outcome; });
    const ids = [await propose(), await propose(), await propose(), await propose()];
    const all = ids.map((id) => run(id, [slow], { setup: { maxConcurrent: 1 } }).catch((error: AppError) => error.code));
    await until('three to be told to wait', async () => (await Promise.all(ids.map(rowOf))).filter((row) => row.capacity_waits === 1).length === 3);
    end();
    expect((await Promise.all(all)).filter((result) => result === 'TOOL_CAPACITY')).toHaveLength(3);
  });
});

describe('a limit of calls a minute', () => {
  test('counts the calls of the last minute and says when there is room again', async () => {
    const setup = { callsPerMinute: 2 };
    const quick = toolOf(async () => outcome);
    await database.db.deleteFrom('tool_turns').execute();
    for (let index = 0; index < 2; index++) expect(await run(await propose(), [quick], { setup })).toEqual({ state: 'succeeded' });
    const third = await propose();
    const refused = await run(third, [quick], { setup }).catch((error: AppError) => error);
    expect(refused).toMatchObject({ code: 'TOOL_CAPACITY' });
    const waitMs = (refused as AppError).details?.['retry_after_ms'] as number;
    expect(waitMs).toBeGreaterThan(40_000);
    expect(waitMs).toBeLessThan(61_000);
    await database.db.updateTable('tool_turns').set({ taken_at: new Date(Date.now() - 61_000), until: new Date(Date.now() - 60_500) }).execute();
    expect(await run(third, [quick], { setup, attempt: 2 })).toEqual({ state: 'succeeded' });
  });
});

describe('a tool that is not there for an allowed call', () => {
  test.each([['switched off', [toolOf(() => expect.unreachable())], { isEnabled: false }], ['gone', [], undefined]] as const)('%s: the call fails, and the model reads why', async (_how, tools, setup) => {
    const id = await propose('external');
    expect(await run(id, tools, setup === undefined ? {} : { setup })).toEqual({ state: 'failed' });
    expect((await rowOf(id)).error).toMatchObject({ code: 'TOOL_OFF', message: expect.stringMatching(/switched the tool lookup off|no tool "lookup"/) });
  });

  test('after an effect that may have happened a person is asked, not told that it failed', async () => {
    const id = await propose('external');
    await updateToolCall(database.db, id, { state: 'executing', attempts: 1, claimedAt: new Date(), actingAt: new Date() });
    expect(await run(id, [], { attempt: 2 })).toEqual({ state: 'outcome_unknown' });
  });

  test('or takes other arguments by now: so does one whose arguments no longer fit', async () => {
    const strict = toolOf(() => expect.unreachable(), { argumentsSchema: z.strictObject({ other: z.string() }) });
    const [fresh, acted] = [await propose('external'), await propose('external')];
    await updateToolCall(database.db, acted, { state: 'executing', attempts: 1, claimedAt: new Date(), actingAt: new Date() });
    expect(await run(fresh, [strict])).toEqual({ state: 'failed' });
    expect(await run(acted, [strict], { attempt: 2 })).toEqual({ state: 'outcome_unknown' });
  });
});

test('an attempt of a tool that acts at once by now, after one of a tool that did not, is known to have acted', async () => {
  const id = await propose('external');
  await updateToolCall(database.db, id, { state: 'executing', attempts: 1, claimedAt: new Date(), actingAt: null });
  void run(id, [toolOf(() => new Promise<never>(() => {}))], { attempt: 2 });
  await until('the second attempt to act', async () => (await rowOf(id)).attempts === 2);
  let acted = 0;
  const again = toolOf(async () => { acted += 1; return outcome; });
  expect(await run(id, [again], { attempt: 3 })).toEqual({ state: 'outcome_unknown' });
  expect(acted).toBe(0);
});

describe('a tool that became another one under its name', () => {
  const reviewed = (hash: string, execute: Tool['execute'] = async () => outcome): Tool => toolOf(execute, { definitionHash: hash });

  test('executes what was judged under its definition, and nothing that was judged under another', async () => {
    const judged = async (hash: string): Promise<string> => {
      const id = await propose();
      await updateToolCall(database.db, id, { state: 'proposed' });
      await checkToolCall({ db: database.db, tools: catalogueOf([reviewed(hash)]), policies: createPolicies({ db: database.db, environment: 'test' }) }, { toolCallId: id });
      return id;
    };
    const [same, other] = [await judged('a'), await judged('a')];
    expect(await run(same, [reviewed('a')])).toEqual({ state: 'succeeded' });
    expect(await run(other, [reviewed('b', () => expect.unreachable())])).toEqual({ state: 'failed' });
    expect((await rowOf(other)).error).toMatchObject({ code: 'TOOL_OFF', message: expect.stringContaining('changed after this call was judged') });
  });
});

describe('what a call leaves behind', () => {
  const mask = (text: string): string => text.replaceAll('hunter2', '{{secret:db}}');

  test('holds no secret: not the output, not the summary, not an error', async () => {
    const [good, bad] = [await propose(), await propose()];
    await run(good, [toolOf(async () => ({ output: { page: ['user hunter2', { hunter2: 1 }] }, summary: 'read hunter2' }))], { mask });
    expect(await outputOf(good)).toEqual({ page: ['user {{secret:db}}', { '{{secret:db}}': 1 }] });
    expect((await stepOf(good)).summary).toBe('read {{secret:db}}');
    await run(bad, [toolOf(async () => { throw new AppError('TOOL_FAILED', 'no user with password hunter2'); })], { mask });
    expect((await rowOf(bad)).error?.message).toBe('no user with password {{secret:db}}');
    const withFile = await propose();
    await run(withFile, [toolOf(async () => ({ ...outcome, files: [
      { id: newId(), name: 'of hunter2.txt', mediaType: 'text/plain', bytes: Buffer.from('größe: hunter2') },
      { id: newId(), name: 'clean.bin', mediaType: 'application/octet-stream', bytes: Buffer.from([0xff, 0xfe, 0, 200]) },
    ] }))], { mask });
    const files = await Promise.all((await listRunFiles(database.db, runId)).filter((file) => file.tool_call_id === withFile).map(({ id }) => findRunFile(database.db, runId, id)));
    expect(files.map((file) => [file?.name, file?.content.toString('hex')]).toSorted(([one = ''], [other = '']) => one.localeCompare(other))).toEqual([
      ['clean.bin', 'fffe00c8'], ['of {{secret:db}}.txt', Buffer.from('größe: {{secret:db}}').toString('hex')],
    ]);
    await database.db.deleteFrom('run_files').where('tool_call_id', '=', withFile).execute();
  });

  test('keeps files with the outcome, to be read by the calls after it by id and by name', async () => {
    const bytes = Uint8Array.from([0, 255, 13, 10, 26]);
    const fileId = newId();
    const id = await propose();
    await run(id, [toolOf(async () => ({ ...outcome, files: [{ id: fileId, name: 'plot ü.png', mediaType: 'image/png', bytes }] }))]);
    expect(await listRunFiles(database.db, runId)).toEqual([expect.objectContaining({ id: fileId, tool_call_id: id, tool_name: 'lookup', name: 'plot ü.png', media_type: 'image/png', bytes: 5 })]);
    for (const idOrName of [fileId, 'plot ü.png']) {
      const read: Uint8Array[] = [];
      await run(await propose(), [toolOf(async (_args, { readFile }) => { read.push((await readFile(idOrName)).bytes); return outcome; })]);
      expect(read.map((one) => [...one])).toEqual([[...bytes]]);
    }
    for (const idOrName of [newId(), 'of the same turn']) {
      const missing = await propose();
      await insertRunFiles(database.db, { runId, toolCallId: missing, files: [{ id: newId(), name: 'of the same turn', mediaType: 'text/plain', bytes }] });
      await run(missing, [toolOf(async (_args, { readFile }) => { await readFile(idOrName); return outcome; })]);
      expect((await rowOf(missing)).error).toMatchObject({ code: 'TOOL_INPUT_INVALID', message: expect.stringContaining('no file') });
      await database.db.deleteFrom('run_files').where('tool_call_id', '=', missing).execute();
    }
  });

  test('leaves files out that are more than a run may have, says so, and stands all the same', async () => {
    const id = await propose('external');
    await database.db.insertInto('run_files').values({ id: newId(), run_id: runId, tool_call_id: id, name: 'before', media_type: 'text/plain', bytes: maxRunFilesBytes, sha256: '', content: Buffer.alloc(0) }).execute();
    expect(await run(id, [toolOf(async () => ({ ...outcome, files: [{ id: newId(), name: 'one more', mediaType: 'application/octet-stream', bytes: Buffer.from('x') }] }))])).toEqual({ state: 'succeeded' });
    expect(await outputOf(id)).toEqual({ ok: true, files_note: expect.stringContaining('100 MB') });
  });

  test('shows how far it is while it works, and the outcome after that whatever comes late', async () => {
    const id = await propose();
    const { promise: mayEnd, resolve: end } = gate();
    let report: (text: string) => void = () => {};
    const working = run(id, [toolOf(async (_args, context) => { report = context.reportProgress; report('1 of 3'); await mayEnd; report('2 of 3'); return outcome; })]);
    await until('progress to show', async () => (await database.db.selectFrom('steps').select('summary').where('tool_call_id', '=', id).executeTakeFirst())?.summary === '1 of 3');
    end();
    await working;
    report('3 of 3');
    expect(await stepOf(id)).toMatchObject({ status: 'completed', summary: 'done' });
  });

  test('does not stand as running again when an attempt that was given up says how far it is', async () => {
    const [ended, working] = [await propose(), await propose()];
    await run(ended, [toolOf(async () => outcome)]);
    const { promise: mayEnd, resolve: end } = gate();
    const other = run(working, [toolOf(async () => { await mayEnd; return outcome; })]);
    await until('it to work', async () => (await rowOf(working)).state === 'executing');
    for (const id of [ended, working]) {
      let isWriting = false;
      const mask = <Value extends Json>(value: Value): Promise<Value> => { isWriting = true; return Promise.resolve(value); };
      const late = createProgressReporter({ db: database.db, secrets: { mask } }, { toolCallId: id, toolName: 'lookup' });
      late.report('2 of 3');
      await until('it to be written', () => isWriting);
      await late.stop();
    }
    expect(await stepOf(ended)).toMatchObject({ status: 'completed', summary: 'done' });
    expect(await stepOf(working)).toMatchObject({ status: 'running', summary: '2 of 3' });
    end();
    await other;
  });

  test('a time-out set by an admin counts instead of the tool\'s own', async () => {
    const id = await propose();
    const tool = toolOf((_args, { signal }) => new Promise((_resolve, reject) => { signal.addEventListener('abort', () => reject(signal.reason as Error)); }));
    await run(id, [tool], { setup: { timeoutMs: 20 } });
    expect((await rowOf(id)).error).toMatchObject({ code: 'TOOL_TIMEOUT', message: 'The tool took longer than 0.02 s.' });
  });
});
