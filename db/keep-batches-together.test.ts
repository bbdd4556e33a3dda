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
