import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Beside } from '../beside.ts';
import type { Database } from '../database.ts';
import { toJsonb } from '../storable.ts';

interface NewContent {
  hash: string;
  body: string;
  bytes: number;
}

const toContent = (value: unknown): NewContent => {
  const body = toJsonb(value);
  return { hash: createHash('sha256').update(body).digest('hex'), body, bytes: Buffer.byteLength(body) };
};

/** The name a value has, or would have, once it is stored. */
export const contentHashOf = (value: unknown): string => toContent(value).hash;

/** {@link insertContent}, to be carried out beside other writes, with the name the value will have. */
export function contentInsert(value: unknown): { hash: string; insert: Beside } {
  const content = toContent(value);
  return { hash: content.hash, insert: (db) => db.insertInto('contents').values(content).onConflict((conflict) => conflict.column('hash').doNothing()) };
}

/** Stores a JSON value once, under the sha-256 of its stored form, and returns that name. */
export async function insertContent(db: Kysely<Database>, value: unknown): Promise<string> {
  const { hash, insert } = contentInsert(value);
  await insert(db).execute();
  return hash;
}

/** Rows of one insert; PostgreSQL takes 65,535 parameters. */
const rowsPerInsert = 500;

/** Stores many values. What is there already is not sent again: of a conversation that grows only the end is new. */
export async function insertContents(db: Kysely<Database>, values: readonly unknown[]): Promise<void> {
  const contents = new Map(values.map((value) => toContent(value)).map((content) => [content.hash, content]));
  const known = await db.selectFrom('contents').select('hash').where('hash', '=', sql<string>`any(${[...contents.keys()]}::text[])`).execute();
  for (const { hash } of known) contents.delete(hash);
  const missing = [...contents.values()];
  for (let from = 0; from < missing.length; from += rowsPerInsert) {
    await db.insertInto('contents').values(missing.slice(from, from + rowsPerInsert)).onConflict((conflict) => conflict.column('hash').doNothing()).execute();
  }
}

/** Stored values by name; names nobody knows are left out. */
export async function findContents(db: Kysely<Database>, hashes: readonly string[]): Promise<Map<string, unknown>> {
  const rows = await db.selectFrom('contents').select(['hash', 'body']).where('hash', '=', sql<string>`any(${[...new Set(hashes)]}::text[])`).execute();
  return new Map(rows.map((row) => [row.hash, row.body]));
}
