import fc from 'fast-check';
import { type KyselyPlugin, sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addRun } from '../../../tests/support/run-records.ts';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.ts';
import { createCapacity } from './index.ts';

let database: TestDatabase;
let runs: string[];
let connectionId: string;
/** When the line of the test began: a loaded machine takes time that must not count. */
let begunAt: number;
beforeAll(async () => {
  database = await createTestDatabase();
  runs = await Promise.all(Array.from({ length: 60 }, () => addRun(database.db)));
});
afterAll(() => database?.close());
beforeEach(async () => {
  connectionId = crypto.randomUUID();
  await database.db.updateTable('runs').set({ phase: 'running' }).execute();
  begunAt = Date.now();
});

const limited = (requests: number | null, tokens: number | null = null) => ({ requests_per_minute: requests, tokens_per_minute: tokens });
const capacity = () => createCapacity({ db: database.db });
const call = (run: number, limits = limited(2), tokens = 10, iteration = 1) => ({ connectionId, limits, runId: runs[run] as string, iteration, tokens });
const state = () => database.db.selectFrom('llm_connection_states').selectAll().where('connection_id', '=', connectionId).executeTakeFirst();
const waiting = async () => (await database.db.selectFrom('llm_reservations').select('run_id').where('connection_id', '=', connectionId).orderBy('due_at').execute()).map((row) => runs.indexOf(row.run_id));
const end = (...ended: number[]) => database.db.updateTable('runs').set({ phase: 'cancelled' }).where('id', 'in', ended.map((run) => runs[run] as string)).execute();
/** Two seconds of every wait may be the machine's own, and a tenth lost to rounding: all that is waited for here is even. */
const evenSeconds = (ms: number): number => 2 * Math.floor((ms + 100) / 2_000);
/** Seconds until this turn may go, as if the test took no time: when its place in the line is due, or the block ends where it has none. */
const seconds = async (wanted: ReturnType<typeof call>): Promise<number> => {
  const { waitMs } = await capacity().reserve(wanted);
  if (waitMs === 0) return 0;
  const place = await database.db.selectFrom('llm_reservations').select('due_at').where('connection_id', '=', connectionId).where('run_id', '=', wanted.runId).executeTakeFirst();
  const due = place?.due_at ?? (await state())?.blocked_until;
  return evenSeconds((due?.getTime() ?? Number.NaN) - begunAt);
};
/** Time passes: what was due is due so much earlier. */
const pass = (passed: number) => sql`
  with lines as (update llm_connection_states set requests_due_at = requests_due_at - make_interval(secs => ${passed}), tokens_due_at = tokens_due_at - make_interval(secs => ${passed}), blocked_until = blocked_until - make_interval(secs => ${passed}) where connection_id = ${connectionId})
  update llm_reservations set due_at = due_at - make_interval(secs => ${passed}) where connection_id = ${connectionId}`.execute(database.db);
/** A database that counts its statements. */
const counted = () => {
  const count = { statements: 0 };
  const plugin: KyselyPlugin = {
    transformQuery({ node }) {
      count.statements += 1;
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  return { count, db: database.db.withPlugin(plugin) };
};

describe('capacity: a place in the line', () => {
  test('without any limit nothing waits, nothing is written and one statement reads', async () => {
    const { count, db } = counted();
    const one = createCapacity({ db });
    expect(await one.reserve(call(0, limited(null)))).toEqual({ waitMs: 0 });
    await one.settle({ connectionId, runId: runs[0] as string, iteration: 1, estimatedTokens: 10, actualTokens: 500 });
    expect(count.statements).toBe(1);
    expect(await state()).toBeUndefined();
  });

  test('two workers share one limit; who must wait keeps the place, and goes when it is due', async () => {
    const [here, there] = [capacity(), capacity()];
    expect([await here.reserve(call(0)), await there.reserve(call(1))]).toEqual([{ waitMs: 0 }, { waitMs: 0 }]);
    expect([await seconds(call(2)), await seconds(call(3))]).toEqual([30, 60]);
    await pass(10);
    // Asked again too early, it is told what is left and gets no second place.
    expect(await seconds(call(2))).toBe(20);
    await pass(21);
    expect(await there.reserve(call(2))).toEqual({ waitMs: 0 });
    expect((await here.reserve(call(3))).waitMs).toBeGreaterThan(0);
    expect(await waiting()).toEqual([3]);
  });

  test('of many who come at once a minute’s worth goes, the others one by one; each asks with one statement', async () => {
    const { count, db } = counted();
    await createCapacity({ db }).reserve(call(0, limited(5)));
    count.statements = 0;
    const waits = await Promise.all(runs.slice(1, 41).map((_run, index) => createCapacity({ db }).reserve(call(index + 1, limited(5)))));
    const inOrder = waits.map(({ waitMs }) => Math.round(waitMs / 12_000)).sort((one, other) => one - other);
    expect(inOrder).toEqual([0, 0, 0, 0, ...Array.from({ length: 36 }, (_, index) => index + 1)]);
    expect(count.statements).toBe(40);
  });

  test('tokens count like requests, each call by its size', async () => {
    expect([await seconds(call(0, limited(null, 1_000), 900)), await seconds(call(1, limited(null, 1_000), 200)), await seconds(call(2, limited(null, 1_000), 500))]).toEqual([0, 6, 36]);
  });

  test('a call larger than a whole minute goes when all has grown back, and the next pays for it', async () => {
    const large = call(1, limited(null, 1_000), 5_000);
    await seconds(call(0, limited(null, 1_000), 500));
    expect(await seconds(large)).toBe(30);
    expect(await seconds(call(2, limited(null, 1_000), 100))).toBe(30 + 300 - 60 + 6);
    await pass(31);
    expect(await seconds(large)).toBe(0);
  });

  test('places of runs that ended go to those who come next', async () => {
    for (const run of [0, 1, 2, 3]) await seconds(call(run, limited(1, 1_000), 100));
    expect(await waiting()).toEqual([1, 2, 3]);
    await end(2, 3);
    expect(await seconds(call(4, limited(1, 1_000), 100))).toBe(120);
    expect(await waiting()).toEqual([1, 4]);
  });

  test('a turn that never came back, and one its run has left behind, are swept', async () => {
    for (const run of [0, 1, 2]) await seconds(call(run, limited(1)));
    await pass(700);
    await seconds(call(3, limited(1)));
    await seconds(call(4, limited(1)));
    expect(await waiting()).toEqual([2, 4]);
    expect(await seconds(call(4, limited(1), 10, 2))).toBe(60);
    expect(await waiting()).toEqual([2, 4]);
  });

  test('who waits goes at once when there is no limit any more', async () => {
    for (const run of [0, 1]) await seconds(call(run, limited(1)));
    expect(await capacity().reserve(call(1, limited(null)))).toEqual({ waitMs: 0 });
    expect(await waiting()).toEqual([]);
  });

  test('a broken estimate stops nobody', async () => {
    expect(await seconds(call(0, limited(null, 1_000), Number.NaN))).toBe(0);
    expect(await seconds(call(1, limited(null, 1_000), -5))).toBe(0);
    expect(await seconds(call(2, limited(null, 1_000), 100))).toBe(0);
  });

  test('whatever comes when, later turns are due later, and no minute sees more than what was saved up and what grows', async () => {
    const arrival = fc.record({ gap: fc.integer({ min: 0, max: 20_000 }), tokens: fc.integer({ min: 0, max: 1_500 }), blockMs: fc.option(fc.integer({ min: 1, max: 90_000 }), { freq: 8 }) });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1_000, max: 5_000 }), fc.array(arrival, { minLength: 2, maxLength: 25 }), async (perMinute, tokensPerMinute, arrivals) => {
        connectionId = crypto.randomUUID();
        let nowMs = 0;
        const calls: { dueMs: number; tokens: number }[] = [];
        for (const [index, { gap, tokens, blockMs }] of arrivals.entries()) {
          nowMs += gap;
          await pass(gap / 1_000);
          // Those before it keep their order through a block, but are due later than they were told.
          if (blockMs !== null) {
            await capacity().block(connectionId, blockMs);
            calls.length = 0;
          }
          const { waitMs } = await capacity().reserve(call(index, limited(perMinute, tokensPerMinute), tokens));
          calls.push({ dueMs: nowMs + waitMs, tokens });
        }
        const slackMs = 1_500;
        for (const [index, { dueMs }] of calls.entries()) {
          if (index > 0) expect(dueMs).toBeGreaterThan((calls[index - 1]?.dueMs ?? 0) - slackMs);
          const minute = calls.filter((other) => other.dueMs >= dueMs && other.dueMs < dueMs + 60_000 - slackMs);
          expect(minute.length).toBeLessThanOrEqual(2 * perMinute);
          // The last may be one that is larger than a minute.
          expect(minute.slice(0, -1).reduce((sum, other) => sum + other.tokens, 0)).toBeLessThanOrEqual(2 * tokensPerMinute);
        }
      }),
      { numRuns: 12 },
    );
  });
});

describe('capacity: the truth about a call', () => {
  const settle = (one: ReturnType<typeof capacity>, run: number, estimatedTokens: number, actualTokens: number | undefined) => one.settle({ connectionId, runId: runs[run] as string, iteration: 1, estimatedTokens, actualTokens });

  test('what a call did not take is there for the next, what it took more is missing', async () => {
    const one = capacity();
    const limits = limited(null, 1_000);
    await one.reserve(call(0, limits, 1_000));
    await settle(one, 0, 1_000, 100);
    expect(await seconds(call(1, limits, 800))).toBe(0);
    await settle(one, 1, 800, 1_000);
    expect(await seconds(call(2, limits, 200))).toBe(18);
    await settle(one, 2, 200, undefined);
    expect(await seconds(call(3, limits, 200))).toBe(30);
  });

  test('what is given back does not let those who come later overtake those who wait', async () => {
    const one = capacity();
    const limits = limited(null, 1_000);
    await one.reserve(call(0, limits, 1_000));
    expect(await seconds(call(1, limits, 1_000))).toBe(60);
    await settle(one, 0, 1_000, 0);
    expect(await seconds(call(2, limits, 10))).toBe(60);
  });

  test('a turn that gives up waiting leaves its place to who comes next', async () => {
    const one = capacity();
    for (const run of [0, 1, 2]) await one.reserve(call(run, limited(1, 1_000), 100));
    await settle(one, 2, 100, 0);
    expect(await waiting()).toEqual([1]);
    expect(await seconds(call(3, limited(1, 1_000), 100))).toBe(120);
  });
});

describe('capacity: what providers say', () => {
  test('limits learned from a provider hold for workers that never heard them; of two the smaller counts', async () => {
    await capacity().learn(connectionId, { requestsPerMinute: 1 });
    expect(await seconds(call(0, limited(null)))).toBe(0);
    expect(await seconds(call(1, limited(10)))).toBe(60);
    await capacity().learn(connectionId, { requestsPerMinute: 100, tokensPerMinute: 5_000 });
    // A minute and a half: the two before it took a minute each while one a minute was allowed.
    expect(await seconds(call(2, limited(2)))).toBe(90);
  });

  test('what a provider leaves out stays, nonsense is not learned, and the same is written once', async () => {
    const { count, db } = counted();
    const one = createCapacity({ db });
    await one.learn(connectionId, { requestsPerMinute: 50, tokensPerMinute: 40_000 });
    await one.learn(connectionId, { requestsPerMinute: 50, tokensPerMinute: 40_000 });
    expect(count.statements).toBe(1);
    await one.learn(connectionId, { tokensPerMinute: 30_000.4 });
    await one.learn(connectionId, { requestsPerMinute: 0, tokensPerMinute: Number.NaN });
    await one.learn(connectionId, { remainingRequests: 10, requestsResetMs: 5_000 });
    expect(count.statements).toBe(2);
    expect((await state())?.learned_limits).toEqual({ requests_per_minute: 50, tokens_per_minute: 30_000 });
  });

  test('a block holds everybody, with or without limits, and a shorter one does not cut it', async () => {
    await capacity().block(connectionId, 40_000);
    await capacity().block(connectionId, 1_000);
    expect(await seconds(call(0, limited(null)))).toBe(40);
    expect(await waiting()).toEqual([]);
    expect(await seconds(call(1, limited(60)))).toBe(40);
    await pass(41);
    expect(await capacity().reserve(call(0, limited(null)))).toEqual({ waitMs: 0 });
    expect(await capacity().reserve(call(1, limited(60)))).toEqual({ waitMs: 0 });
  });

  test('the line stands still while it is blocked: those who wait keep their distances', async () => {
    for (const run of [0, 1, 2]) await seconds(call(run, limited(1)));
    await capacity().block(connectionId, 90_000);
    expect([await seconds(call(1, limited(1))), await seconds(call(2, limited(1))), await seconds(call(3, limited(1)))]).toEqual([150, 210, 270]);
  });

  test('after a refusal half a minute’s worth goes at once, however long it lasted and however many came meanwhile', async () => {
    await capacity().reserve(call(0, limited(6)));
    await capacity().block(connectionId, 600_000);
    const waits = [];
    for (const run of runs.keys()) waits.push(await seconds(call(run, limited(6))));
    expect(waits.slice(0, 7)).toEqual([600, 600, 600, 610, 620, 630, 640]);
    expect(waits.at(-1)).toBe(600 + 10 * (runs.length - 3));
  });

  test('nothing left until a reset is a block until then; no block lasts longer than an hour, no reset than ten minutes', async () => {
    await capacity().learn(connectionId, { remainingTokens: 0, tokensResetMs: 20_000, remainingRequests: 3, requestsResetMs: 60_000 });
    expect(await seconds(call(1, limited(null)))).toBe(20);
    begunAt = Date.now();
    await capacity().learn(connectionId, { remainingRequests: 0, requestsResetMs: 86_400_000 });
    expect(await seconds(call(1, limited(null)))).toBe(600);
    begunAt = Date.now();
    await capacity().block(connectionId, 86_400_000);
    expect(await seconds(call(1, limited(null)))).toBe(3_600);
  });
});
