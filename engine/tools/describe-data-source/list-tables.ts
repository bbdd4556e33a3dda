import type pg from 'pg';
import type { DataSourceTable } from '../../../contracts/data-sources.ts';
import { type DataSourceAccess, type SessionLimits, toTableName, withReadOnlySession, withSchema } from '../run-sql/index.ts';

// Fixed queries on somebody else's catalogue; nothing of them comes from a model but one table's name, as a parameter.

/** How much is told at once. */
export interface ListedLimits {
  maxTables: number;
  /** Columns of all tables together; a table is told whole or not at all. */
  maxColumns: number;
}

export interface ListedTables {
  items: DataSourceTable[];
  isTruncated: boolean;
  /** Readable tables in all, whatever was asked for, and the first names of them. */
  total: number;
  names: string[];
}

const sessionLimits: SessionLimits = { statementTimeoutMs: 10_000, deadlineMs: 20_000, maxReceivedBytes: 16_000_000, longQueryMs: 5_000 };
const commentLength = 500;
const namesListed = 500;

/** What the role may select from and the data source allows. Tables of extensions and the parts of a partitioned table are no news to a model. */
const readable = `
  select c.oid, n.nspname as schema, c.relname as name, c.relkind, c.reltuples, c.relpages
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    and pg_catalog.has_schema_privilege(n.oid, 'USAGE') and (pg_catalog.has_table_privilege(c.oid, 'SELECT') or pg_catalog.has_any_column_privilege(c.oid, 'SELECT'))
    and not exists (select from pg_catalog.pg_depend d where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
    and ($1::text[] is null or n.nspname || '.' || c.relname = any($1) or n.nspname || '.*' = any($1))`;

const listTables = `with readable as (${readable})
  select r.oid, r.schema, r.name, r.relkind as kind, pg_catalog.obj_description(r.oid, 'pg_class') as comment,
    case when r.relkind in ('r', 'p', 'm') and r.reltuples >= 0 and (r.reltuples > 0 or r.relpages > 0) then r.reltuples::bigint::text end as estimated_rows
  from readable r
  where $2::text is null or $2 in (r.name, r.schema || '.' || r.name)
  order by r.schema <> 'public', r.schema, r.name limit $3`;

const listNames = `with readable as (${readable}) select r.schema, r.name, pg_catalog.count(*) over ()::int as total from readable r order by r.schema <> 'public', r.schema, r.name limit ${namesListed}`;

const listColumns = `select a.attrelid as oid, a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, not a.attnotnull as is_nullable,
    exists (select from pg_catalog.pg_index i where i.indrelid = a.attrelid and i.indisprimary and a.attnum = any(i.indkey)) as is_primary_key,
    pg_catalog.col_description(a.attrelid, a.attnum) as comment, f.schema as to_schema, f.name as to_name, f.column_name as to_column
  from pg_catalog.pg_attribute a
  left join lateral (
    select n.nspname as schema, t.relname as name, k.attname as column_name
    from pg_catalog.pg_constraint c, unnest(c.conkey, c.confkey) as pair(here, there), pg_catalog.pg_class t, pg_catalog.pg_namespace n, pg_catalog.pg_attribute k
    where c.contype = 'f' and c.conrelid = a.attrelid and pair.here = a.attnum and t.oid = c.confrelid and n.oid = t.relnamespace and k.attrelid = t.oid and k.attnum = pair.there
      and pg_catalog.has_column_privilege(t.oid, k.attnum, 'SELECT') and ($2::text[] is null or n.nspname || '.' || t.relname = any($2) or n.nspname || '.*' = any($2))
    order by c.oid limit 1
  ) f on true
  where a.attrelid = any($1::oid[]) and a.attnum > 0 and not a.attisdropped and pg_catalog.has_column_privilege(a.attrelid, a.attnum, 'SELECT')
  order by a.attrelid, a.attnum`;

const kinds: Record<string, DataSourceTable['kind']> = { r: 'table', p: 'table', v: 'view', m: 'materialized_view', f: 'foreign_table' };

interface TableRow { oid: number; schema: string; name: string; kind: string; comment: string | null; estimated_rows: string | null }
interface ColumnRow { oid: number; name: string; type: string; is_nullable: boolean; is_primary_key: boolean; comment: string | null; to_schema: string | null; to_name: string | null; to_column: string | null }

const shorten = (comment: string | null): string | null => (comment === null ? null : comment.slice(0, commentLength).toWellFormed());

const toColumn = (row: ColumnRow): DataSourceTable['columns'][number] => ({
  name: row.name, type: row.type, is_nullable: row.is_nullable, is_primary_key: row.is_primary_key, comment: shorten(row.comment),
  references: row.to_schema === null || row.to_name === null ? null : `${toTableName({ schema: row.to_schema, name: row.to_name })}.${row.to_column}`,
});

/** Whole tables as long as their columns fit, the first one in any case. */
function fill(rows: readonly TableRow[], columnRows: readonly ColumnRow[], maxColumns: number): DataSourceTable[] {
  const columnsOf = Map.groupBy(columnRows, ({ oid }) => oid);
  const items: DataSourceTable[] = [];
  let told = 0;
  for (const row of rows) {
    const columns = columnsOf.get(row.oid) ?? [];
    told += columns.length;
    if (told > maxColumns && items.length > 0) break;
    items.push({
      name: toTableName(row), kind: kinds[row.kind] ?? 'table', comment: shorten(row.comment), columns: columns.map(toColumn),
      estimated_rows: row.estimated_rows === null ? null : Number(row.estimated_rows),
    });
  }
  return items;
}

async function readCatalogue(client: pg.Client, patterns: string[] | null, table: string | undefined, { maxTables, maxColumns }: ListedLimits): Promise<ListedTables> {
  const { rows: names } = await client.query<{ schema: string; name: string; total: number }>(listNames, [patterns]);
  const { rows } = await client.query<TableRow>(listTables, [patterns, table?.replaceAll('"', '') ?? null, maxTables + 1]);
  const { rows: columnRows } = await client.query<ColumnRow>(listColumns, [rows.slice(0, maxTables).map(({ oid }) => oid), patterns]);
  const items = fill(rows.slice(0, maxTables), columnRows, maxColumns);
  return { items, isTruncated: items.length < rows.length, total: names[0]?.total ?? 0, names: names.map(toTableName) };
}

/**
 * The tables and views agents may read in a data source, those of schema public first, with their columns: what the role may select and
 * `readableTables` allows. `table` asks for one by its name, with or without schema and quotes. Throws what {@link withReadOnlySession} throws.
 */
export const listReadableTables = (access: DataSourceAccess, { table, ...limits }: ListedLimits & { table?: string | undefined }, signal: AbortSignal): Promise<ListedTables> =>
  withReadOnlySession(access, sessionLimits, signal, (client) => readCatalogue(client, access.readableTables?.map(withSchema) ?? null, table, limits));
