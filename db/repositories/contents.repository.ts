import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Database } from '../database.ts';
import { toJsonb } from '../storable.ts';

/** Stores a JSON value once, under the sha-256 of its stored form, and returns that name. */
export async function insertContent(db: Kysely<Database>, value: unknown): Promise<string> {
  const body = toJsonb(value);
  const hash = createHash('sha256').update(body).digest('hex');
  await db
    .insertInto('contents')
    .values({ hash, body, bytes: Buffer.byteLength(body) })
    .onConflict((conflict) => conflict.column('hash').doNothing())
    .execute();
  return hash;
}
