import { once } from 'node:events';
import { connect } from 'node:net';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../tests/support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ migrate: false });
});
afterAll(() => database.close());

const ask = async (db: TestDatabase['db'], values: number[]): Promise<number[]> => {
  const columns = values.map((value, index) => sql`${value}::int as ${sql.ref(`c${index}`)}`);
  const { rows } = await sql<Record<string, number>>`select ${sql.join(columns)}`.execute(db);
  return Object.values(rows[0] ?? {});
};

test('statements sent over many connections at once each get their own answer, inside transactions and outside', async () => {
  const questions = Array.from({ length: 300 }, (_, index) => Array.from({ length: (index % 4) + 1 }, (_member, position) => index * 10 + position));
  const answers = await Promise.all(
    questions.map((question, index) => (index % 5 === 0 ? database.db.transaction().execute((trx) => ask(trx, question)) : ask(database.db, question))),
  );
  expect(answers).toEqual(questions);
});

test('a statement that fails in the middle of its batch leaves the connection and the others as they were', async () => {
  const failing = Array.from({ length: 20 }, (_, index) => sql`select 1 / ${index % 2}::int, 'no number'::int`.execute(database.db));
  const sound = Array.from({ length: 20 }, (_, index) => ask(database.db, [index]));
  expect((await Promise.allSettled(failing)).every(({ status }) => status === 'rejected')).toBe(true);
  expect(await Promise.all(sound)).toEqual(sound.map((_, index) => [index]));
});

test('what a connection sent of a batch it did not end is dropped with it', async () => {
  const { port } = new URL(database.connectionString);
  const socket = connect(Number(port), '127.0.0.1');
  const greeting = Buffer.from('\0\0\0\0\0\x03\0\0user\0postgres\0database\0postgres\0\0', 'latin1');
  greeting.writeInt32BE(greeting.length);
  socket.write(greeting);
  await once(socket, 'data');
  const parse = Buffer.from('P\0\0\0\0\0select no statement\0\0\0', 'latin1');
  parse.writeInt32BE(parse.length - 1, 1);
  await new Promise((resolve) => socket.write(parse, resolve));
  socket.destroy();
  expect(await Promise.all([ask(database.db, [1]), ask(database.db, [2, 3])])).toEqual([[1], [2, 3]]);
});
