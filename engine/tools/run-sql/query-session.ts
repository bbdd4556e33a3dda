import type pg from 'pg';
import { assertHarmless } from './assert-harmless.ts';
import type { SessionLimits } from './connection.ts';
import type { DataSourceAccess } from './data-source-access.ts';
import { withReadOnlySession } from './read-only-session.ts';
import type { ColumnType } from './result-values.ts';
import type { AllowedQuery } from './sql-guard.ts';
import { cursorPrefix } from './to-tool-error.ts';

/** How much of a query's result is kept. */
export interface ResultLimits {
  maxRows: number;
  /** Characters of JSON text kept in all. */
  maxResultCharacters: number;
}

/** What a query gave, values still in PostgreSQL's text form. */
export interface RawResult {
  columns: { name: string; type: ColumnType }[];
  rows: (string | null)[][];
  isTruncated: boolean;
}

const batchSize = 100;

/**
 * A domain in an array counts as what it is made of (a domain that is a column of its own arrives as that anyway), and `int2vector` and its
 * kin, arrays to the catalogue, are not written as arrays.
 */
const describeTypes = `select t.oid, pg_catalog.format_type(t.oid, null) as name, e.oid is not null as is_array,
    coalesce((
      with recursive made_of as (
        select e.oid, e.typname, e.typbasetype union all select b.oid, b.typname, b.typbasetype from made_of m join pg_catalog.pg_type b on b.oid = m.typbasetype
      ) select m.typname from made_of m where m.typbasetype = 0
    ), t.typname)::text as base
  from pg_catalog.pg_type t
  left join pg_catalog.pg_type e on t.typinput = 'pg_catalog.array_in'::regproc and e.oid = t.typelem and e.typdelim = ','
  where t.oid = any($1::oid[])`;

/** Every value as the text the server sent. */
const asText: pg.CustomTypesConfig = { getTypeParser: () => (value: unknown) => value as string } as unknown as pg.CustomTypesConfig;

async function fetchRows(client: pg.Client, text: string, limits: ResultLimits): Promise<{ fields: pg.FieldDef[]; rows: (string | null)[][]; isTruncated: boolean }> {
  // A cursor, so that the server makes no more rows than are read. One statement more in the text would be refused: only the
  // simple protocol takes several, and this is the extended one.
  await client.query({ text: `${cursorPrefix}${text}`, queryMode: 'extended' } as pg.QueryConfig);
  const rows: (string | null)[][] = [];
  let fields: pg.FieldDef[] = [];
  let characters = 0;
  for (;;) {
    const wanted = Math.min(batchSize, limits.maxRows + 1 - rows.length);
    const batch = await client.query({ text: `fetch ${wanted} from maestro_result`, rowMode: 'array', types: asText, queryMode: 'extended' } as pg.QueryArrayConfig);
    fields = batch.fields;
    for (const row of batch.rows as (string | null)[][]) {
      characters += row.reduce((sum, value) => sum + (value?.length ?? 4), 0);
      if (rows.length === limits.maxRows || (characters > limits.maxResultCharacters && rows.length > 0)) return { fields, rows, isTruncated: true };
      rows.push(row);
    }
    if (batch.rows.length < wanted) return { fields, rows, isTruncated: false };
  }
}

async function readTypes(client: pg.Client, fields: readonly pg.FieldDef[]): Promise<Map<number, ColumnType>> {
  const oids = [...new Set(fields.map((field) => field.dataTypeID))];
  const { rows } = await client.query<{ oid: number; name: string; base: string; is_array: boolean }>(describeTypes, [oids]);
  return new Map(rows.map((row) => [Number(row.oid), { name: row.name, base: row.base, isArray: row.is_array }]));
}

/**
 * Runs one query that the guard allowed, in a read-only session of its own. Throws what {@link withReadOnlySession} throws, and
 * TOOL_REFUSED for what only the server's catalogue shows.
 */
export function runQuery({ access, query, text, limits }: { access: DataSourceAccess; query: AllowedQuery; text: string; limits: SessionLimits & ResultLimits }, signal: AbortSignal): Promise<RawResult> {
  return withReadOnlySession(access, limits, signal, async (client) => {
    await assertHarmless(client, query);
    const { fields, rows, isTruncated } = await fetchRows(client, text, limits);
    const types = await readTypes(client, fields);
    const columns = fields.map((field) => ({ name: field.name, type: types.get(field.dataTypeID) ?? { name: 'unknown', base: 'text', isArray: false } }));
    return { columns, rows, isTruncated };
  });
}
