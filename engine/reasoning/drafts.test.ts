import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deleteStrayDrafts, listDraftPieces } from '../../db/repositories/drafts.repository.ts';
import { insertStep, updateStep } from '../../db/repositories/steps.repository.ts';
import { newId } from '../../platform/ids.ts';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database.ts';
import { until } from '../../tests/support/until.ts';
import { toDraft } from '../traces/index.ts';
import { createDraftWriter } from './drafts.ts';
import { startTestRun } from './turns.cases.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

/** A run with an open turn, and what its draft is by now. */
async function openStep() {
  const { runId } = await startTestRun(database.db, []);
  const stepId = newId();
  await insertStep(database.db, { id: stepId, runId, iteration: 1, kind: 'reasoning', status: 'running' });
  const pieces = () => listDraftPieces(database.db, runId);
  return { runId, stepId, pieces, draft: async () => toDraft(stepId, await pieces()), open: (writer: ReturnType<typeof createDraftWriter>, attempt = 1) => writer.open({ stepId, iteration: 1, attempt }) };
}

/** The database, with something that happens before each statement. */
const onStatement = (before: () => void) => database.db.withPlugin({
  transformQuery({ node }) {
    before();
    return node;
  },
  transformResult: ({ result }) => Promise.resolve(result),
});

describe('a draft', () => {
  test('grows by what is said, thought and text apart, each piece with the place it belongs to', async () => {
    const step = await openStep();
    const draft = step.open(createDraftWriter({ db: database.db, flushMs: 1 }));
    draft.write({ channel: 'thought', text: 'Hm' });
    draft.write({ channel: 'thought', text: 'm.' });
    draft.write({ channel: 'text', text: 'One' });
    await until('the first words', async () => (await step.draft())?.text === 'One');
    draft.write({ channel: 'text', text: ', two' });
    await until('the next words', async () => (await step.draft())?.text === 'One, two');
    expect(await step.draft()).toEqual({ attempt: 1, thought: 'Hmm.', text: 'One, two' });
    expect(await step.pieces()).toMatchObject([{ channel: 'thought', offset: 0, text: 'Hmm.' }, { channel: 'text', offset: 0 }, { channel: 'text', offset: 3, text: ', two' }]);
  });

  test('of a new attempt begins anew; what the one before had said is no longer part of it', async () => {
    const step = await openStep();
    const writer = createDraftWriter({ db: database.db, flushMs: 1 });
    step.open(writer, 1).write({ channel: 'text', text: 'Half an ans' });
    await until('the first attempt', async () => (await step.draft())?.attempt === 1);
    step.open(writer, 2).write({ channel: 'text', text: 'A whole' });
    await until('the second attempt', async () => (await step.draft())?.attempt === 2);
    expect(await step.draft()).toEqual({ attempt: 2, thought: '', text: 'A whole' });
  });

  test('that ended before anything of it was written does not silence the drafts after it', async () => {
    const step = await openStep();
    const writer = createDraftWriter({ db: database.db, flushMs: 1 });
    const brief = step.open(writer, 1);
    brief.write({ channel: 'text', text: 'x' });
    await brief.end();
    // Set after the writer's own timer and for no less: it fires after it.
    await setTimeout(1);
    step.open(writer, 2).write({ channel: 'text', text: 'still heard' });
    await until('the second draft', async () => (await step.draft())?.text === 'still heard', { timeoutMs: 10_000 });
  });

  test('that has ended writes nothing more, and nothing of it is on its way', async () => {
    const step = await openStep();
    const draft = step.open(createDraftWriter({ db: database.db, flushMs: 1 }));
    draft.write({ channel: 'text', text: 'too ' });
    await draft.end();
    const pieces = await step.pieces();
    draft.write({ channel: 'text', text: 'late' });
    await draft.end();
    expect(await step.pieces()).toEqual(pieces);
  });

  test('of a turn that is over leaves nothing in the log, whoever still speaks for it', async () => {
    const step = await openStep();
    const other = await openStep();
    const writer = createDraftWriter({ db: database.db, flushMs: 1 });
    await updateStep(database.db, { id: step.stepId }, { status: 'cancelled' });
    step.open(writer).write({ channel: 'text', text: 'a late worker' });
    other.open(writer).write({ channel: 'text', text: 'of the same flush' });
    await until('the flush', async () => (await other.pieces()).length === 1);
    expect(await step.pieces()).toEqual([]);
  });

  test('is bounded, while the answer itself is not', async () => {
    const step = await openStep();
    const draft = step.open(createDraftWriter({ db: database.db, flushMs: 1 }));
    for (let n = 0; n < 60; n++) draft.write({ channel: 'text', text: 'x'.repeat(5_000) });
    await until('the bound', async () => (await step.draft())?.text.length === 200_000);
    draft.write({ channel: 'text', text: 'more' });
    draft.write({ channel: 'thought', text: 'behind it' });
    await until('the other channel', async () => (await step.draft())?.thought === 'behind it');
    expect((await step.draft())?.text.length).toBe(200_000);
  });

  test('a flush that fails is dropped and reported; the gap shows, and the stream goes on', async () => {
    const step = await openStep();
    const errors: unknown[] = [];
    let isDown = true;
    const db = onStatement(() => {
      if (isDown) throw new Error('the database is gone');
    });
    const draft = step.open(createDraftWriter({ db, flushMs: 1, onError: (error) => errors.push(error) }));
    draft.write({ channel: 'text', text: 'lost' });
    await until('the report', () => errors.length === 1);
    isDown = false;
    draft.write({ channel: 'text', text: ' found' });
    await until('the next piece', async () => (await step.pieces()).length === 1);
    expect(await step.pieces()).toMatchObject([{ offset: 4, text: ' found' }]);
    expect(await step.draft()).toEqual({ attempt: 1, thought: '', text: '' });
  });

  test('many streams are one statement to a flush', async () => {
    const steps = await Promise.all(Array.from({ length: 20 }, openStep));
    let statements = 0;
    const writer = createDraftWriter({ db: onStatement(() => statements++), flushMs: 20 });
    for (const step of steps) step.open(writer).write({ channel: 'text', text: 'hello' });
    for (const step of steps) await until('the words', async () => (await step.draft())?.text === 'hello');
    expect(statements).toBeLessThanOrEqual(2);
  });

  test('whatever the pieces are cut into, joined they are what was said: half a surrogate pair waits for its other half', async () => {
    const step = await openStep();
    const writer = createDraftWriter({ db: database.db, flushMs: 0 });
    let attempt = 0;
    await fc.assert(fc.asyncProperty(fc.array(fc.constantFrom('a', '🙂', '\u0000', 'é', ' ')), fc.integer({ min: 1, max: 3 }), async (letters, size) => {
      const text = `${letters.join('')}.`;
      const draft = step.open(writer, ++attempt);
      for (let from = 0; from < text.length; from += size) draft.write({ channel: 'text', text: text.slice(from, from + size) });
      await until('all of it', async () => (await step.draft())?.text === text.replaceAll('\u0000', '\ufffd'), { everyMs: 1 });
    }), { numRuns: 20 });
  });
});

test('pieces a dead worker left behind are swept, those of an open turn stay', async () => {
  const [open, over] = await Promise.all([openStep(), openStep()]);
  const writer = createDraftWriter({ db: database.db, flushMs: 1 });
  for (const step of [open, over]) step.open(writer).write({ channel: 'text', text: 'words' });
  for (const step of [open, over]) await until('the words', async () => (await step.pieces()).length === 1);
  await updateStep(database.db, { id: over.stepId }, { status: 'cancelled' });
  await deleteStrayDrafts(database.db, new Date(Date.now() + 60_000));
  expect([(await open.pieces()).length, (await over.pieces()).length]).toEqual([1, 0]);
});
