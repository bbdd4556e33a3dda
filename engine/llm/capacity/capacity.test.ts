import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addRun } from '../../../tests/support/run-records.ts';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.ts';
import { createCapacity } from './index.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.close());

const none = { requests_per_minute: null, tokens_per_minute: null };
let connectionId: string;
let runs: string[];
beforeEach(async () => {
  connectionId = crypto.randomUUID();
  runs = await Promise.all(Array.from({ length: 4 }, () => addRun(database.db)));
});
const capacity = () => createCapacity({ db: database.db });
const call = (run: number, limits = { ...none, requests_per_minute: 2 as number | null }, tokens = 10) => ({ connectionId, limits, runId: runs[run] as string, iteration: 1, tokens });
const state = () => database.db.selectFrom('llm_connection_states').selectAll().where('connection_id', '=', connectionId).executeTakeFirst();
/** Time passes: what was due is due so much earlier. */
const pass = (seconds: number) => sql`
  with lines as (update llm_connection_states set requests_due_at = requests_due_at - make_interval(secs => ${seconds}), tokens_due_at = tokens_due_at - make_interval(secs => ${seconds}), blocked_until = blocked_until - make_interval(secs => ${seconds}) where connection_id = ${connectionId})
  update llm_reservations set due_at = due_at - make_interval(secs => ${seconds}) where connection_id = ${connectionId}`.execute(database.db);

describe('capacity', () => {
  test('without any limit nothing waits and nothing is written', async () => {
    expect(await capacity().reserve(call(0, none as never))).toEqual({ waitMs: 0 });
    expect(await state()).toBeUndefined();
  });

  test('two workers share one limit; who must wait keeps the place, and goes when it is due', async () => {
    const [here, there] = [capacity(), capacity()];
    expect([await here.reserve(call(0)), await there.reserve(call(1))]).toEqual([{ waitMs: 0 }, { waitMs: 0 }]);
    const third = await here.reserve(call(2));
    const fourth = await there.reserve(call(3));
    expect(third.waitMs).toBeGreaterThan(20_000);
    expect(third.waitMs).toBeLessThanOrEqual(30_000);
    expect(fourth.waitMs).toBeGreaterThan(third.waitMs);
    // Asked again too early, it is told what is left and gets no second place.
    expect((await there.reserve(call(2))).waitMs).toBeLessThanOrEqual(third.waitMs);
    await pass(31);
    expect(await there.reserve(call(2))).toEqual({ waitMs: 0 });
    expect((await here.reserve(call(3))).waitMs).toBeGreaterThan(0);
    expect(await database.db.selectFrom('llm_reservations').select('run_id').where('connection_id', '=', connectionId).execute()).toEqual([{ run_id: runs[3] }]);
  });

  test('of many who come at once only a minute’s worth goes', async () => {
    const many = await Promise.all(Array.from({ length: 12 }, () => addRun(database.db)));
    const asked = await Promise.all(many.map((runId) => capacity().reserve({ ...call(0), limits: { ...none, requests_per_minute: 5 }, runId })));
    expect(asked.filter(({ waitMs }) => waitMs === 0)).toHaveLength(5);
    expect(new Set(asked.map(({ waitMs }) => Math.round(waitMs / 12_000))).size).toBe(8);
  });

  test('a call that took fewer tokens than reserved gives the rest back', async () => {
    const one = capacity();
    const limits = { requests_per_minute: null, tokens_per_minute: 1_000 };
    await one.reserve(call(0, limits as never, 1_000));
    await one.settle({ connectionId, runId: runs[0] as string, iteration: 1, estimatedTokens: 1_000, actualTokens: 100 });
    expect(await one.reserve(call(1, limits as never, 800))).toEqual({ waitMs: 0 });
    expect((await one.reserve(call(2, limits as never, 800))).waitMs).toBeGreaterThan(0);
  });

  test('limits learned from a provider hold for workers that never heard them', async () => {
    await capacity().learn(connectionId, { requestsPerMinute: 1 });
    expect(await capacity().reserve(call(0, none as never))).toEqual({ waitMs: 0 });
    expect((await capacity().reserve(call(1, none as never))).waitMs).toBeGreaterThan(30_000);
  });

  test('a block holds everybody, a shorter one does not cut it, and nothing left until a reset is one', async () => {
    await capacity().block(connectionId, 40_000);
    await capacity().block(connectionId, 1_000);
    expect((await capacity().reserve(call(0, none as never))).waitMs).toBeGreaterThan(30_000);
    await pass(41);
    expect(await capacity().reserve(call(0, none as never))).toEqual({ waitMs: 0 });
    await capacity().learn(connectionId, { remainingTokens: 0, tokensResetMs: 20_000 });
    expect((await capacity().reserve(call(1, none as never))).waitMs).toBeGreaterThan(10_000);
  });
});
