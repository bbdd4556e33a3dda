import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { circuitSchema } from '../../../contracts/connections.ts';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.ts';
import { createCircuits } from './index.ts';

let database: TestDatabase;
let id: string;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.close());
beforeEach(() => {
  id = crypto.randomUUID();
});

const circuits = () => createCircuits({ db: database.db });
const error = { code: 'LLM_UNAVAILABLE', message: 'nobody answers' };
const fail = async (times: number): Promise<void> => {
  for (let count = 0; count < times; count++) await circuits().failed(id, error);
};
const row = () => database.db.selectFrom('llm_connection_states').selectAll().where('connection_id', '=', id).executeTakeFirstOrThrow();
const rest = () => sql`update llm_connection_states set retry_at = clock_timestamp() where connection_id = ${id}`.execute(database.db);
const events = async (): Promise<number> => (await sql`select id from events where type = 'connection-changed' and data->>'connection_id' = ${id}`.execute(database.db)).rows.length;
const restSeconds = async (): Promise<number> => Math.round((await sql<{ left: number }>`select extract(epoch from retry_at - clock_timestamp())::float8 as left from llm_connection_states where connection_id = ${id}`.execute(database.db)).rows[0]?.left ?? 0);

describe('the circuit of a connection', () => {
  test('is closed when nothing is known, and through four failures', async () => {
    expect(await circuits().check(id)).toEqual({ isOpen: false });
    await fail(4);
    expect(await circuits().check(id)).toEqual({ isOpen: false });
    expect(await events()).toBe(0);
  });

  test('opens with the fifth failure in a row for all workers, and says why and until when', async () => {
    await fail(5);
    const check = await circuits().check(id);
    expect(check).toMatchObject({ isOpen: true, message: 'The connection rests after 5 failures in a row. Last: nobody answers' });
    expect(check.isOpen && check.retryInMs).toBeGreaterThan(20_000);
    expect(await events()).toBe(1);
    // What was under way when it opened makes the rest no longer.
    await fail(3);
    expect(await row()).toMatchObject({ circuit: 'open', failures_in_row: 5 });
  });

  test('a success in between starts the count anew', async () => {
    await fail(4);
    await circuits().succeeded(id);
    await fail(4);
    expect(await circuits().check(id)).toEqual({ isOpen: false });
  });

  test('after the rest exactly one of many callers tries; its success lets all through', async () => {
    await fail(5);
    await rest();
    const checks = await Promise.all(Array.from({ length: 10 }, () => circuits().check(id)));
    expect(checks.filter((check) => !check.isOpen)).toHaveLength(1);
    await circuits().succeeded(id);
    expect(await row()).toMatchObject({ circuit: 'closed', failures_in_row: 0, retry_at: null });
    expect(await circuits().check(id)).toEqual({ isOpen: false });
    // Opened, tried, closed.
    expect(await events()).toBe(3);
  });

  test('each failed trial doubles the rest, up to five minutes', async () => {
    await fail(5);
    const rests = [await restSeconds()];
    for (let trial = 0; trial < 5; trial++) {
      await rest();
      await circuits().check(id);
      await fail(1);
      rests.push(await restSeconds());
    }
    expect(rests).toEqual([30, 60, 120, 240, 300, 300]);
  });

  test('a trial whose worker died is somebody else’s after its lease', async () => {
    await fail(5);
    await rest();
    await circuits().check(id);
    expect(await circuits().check(id)).toMatchObject({ isOpen: true });
    await sql`update llm_connection_states set trial_until = clock_timestamp() where connection_id = ${id}`.execute(database.db);
    expect(await circuits().check(id)).toEqual({ isOpen: false });
  });

  test('of many failures and successes at once each change is told once', async () => {
    await circuits().succeeded(id);
    await Promise.all(Array.from({ length: 20 }, () => circuits().failed(id, error)));
    expect(await row()).toMatchObject({ circuit: 'open', failures_in_row: 5 });
    expect(await events()).toBe(1);
    await Promise.all(Array.from({ length: 10 }, () => circuits().succeeded(id)));
    expect(await row()).toMatchObject({ circuit: 'closed', failures_in_row: 0 });
    expect(await events()).toBe(2);
  });

  test('a trial taken over from a worker that died is no news', async () => {
    await fail(5);
    await rest();
    await circuits().check(id);
    const told = await events();
    await sql`update llm_connection_states set trial_until = clock_timestamp() where connection_id = ${id}`.execute(database.db);
    expect(await circuits().check(id)).toEqual({ isOpen: false });
    expect(await events()).toBe(told);
  });

  test('successes of a healthy connection are written once a minute', async () => {
    const version = async () => (await sql<{ version: string }>`select xmin::text || ' ' || xmax::text as version from llm_connection_states where connection_id = ${id}`.execute(database.db)).rows[0]?.version;
    await circuits().succeeded(id);
    const first = await version();
    await circuits().succeeded(id);
    // Neither written nor so much as locked.
    expect(await version()).toBe(first);
    await sql`update llm_connection_states set last_success_at = last_success_at - interval '61 seconds' where connection_id = ${id}`.execute(database.db);
    await circuits().succeeded(id);
    expect((await row()).last_success_at?.getTime()).toBeGreaterThan(Date.now() - 30_000);
    expect(await events()).toBe(0);
  });

  test('the last error is kept with its time, and no longer than a person reads', async () => {
    await circuits().failed(id, { code: 'LLM_UNAVAILABLE', message: `${'x'.repeat(599)}\ud83d\ude00${'y'.repeat(1_000)}` });
    await circuits().succeeded(id);
    const { last_error: kept } = await row();
    expect(circuitSchema.shape.last_error.parse(kept)).toMatchObject({ code: 'LLM_UNAVAILABLE' });
    expect(kept?.message).toHaveLength(600);
  });

  test('a person can close it; that is no success', async () => {
    await fail(5);
    await circuits().close(id);
    expect(await circuits().check(id)).toEqual({ isOpen: false });
    expect((await row()).last_success_at).toBeNull();
  });
});
