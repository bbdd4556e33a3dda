import type pg from 'pg';
import { AppError } from '../../../contracts/errors.ts';
import { allowedFunctions } from './allowed-functions.ts';
import { type AllowedQuery, toTableName } from './sql-guard.ts';

/**
 * What the database's catalogue holds against a query that the guard, knowing names alone, allowed:
 *
 * - functions and operators of somebody's own making that its names would resolve to (PostgreSQL's own and those of extensions are known);
 * - functions called by attribute notation: `(x).pg_read_file` is `pg_read_file(x)`. Pure ones may, as may those on the allow-list;
 * - functions that come along with types it names: checks of domains, casts between two of them. (How a column's own type is cast and
 *   compared is part of that type, as a view is of its rows, and stays the database's business.)
 * - tables without a schema that are not in public, which policy and `readable_tables` took them for.
 */
const inspectDatabase = `
  with recursive path as (select n.oid from pg_catalog.pg_namespace n where n.nspname = any(pg_catalog.current_schemas(true))),
  functions as (
    select p.oid, p.proname::text as name, p.provolatile <> 'i' and p.proname <> all($1::text[]) as is_risky, p.pronargs >= 1 and p.pronargs - p.pronargdefaults <= 1 as takes_one,
      (select t.typtype = 'c' or t.typname in ('record', 'any', 'anyelement', 'anynonarray', 'anycompatible', 'anycompatiblenonarray') from pg_catalog.pg_type t where t.oid = p.proargtypes[0]) as takes_row,
      p.pronamespace = 'pg_catalog'::regnamespace or exists (select from pg_catalog.pg_depend d where d.classid = 'pg_catalog.pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e') as is_known
    from pg_catalog.pg_proc p where p.proname = any(($2::text[] || $3::text[] || $4::text[])::name[]) and p.pronamespace in (select oid from path)
  ),
  types(oid) as (
    select t.oid from pg_catalog.pg_type t where t.typname = any($6::text[])
    union
    select part.oid from types y join pg_catalog.pg_type t on t.oid = y.oid, lateral (
      select t.typbasetype as oid union all select t.typelem union all select a.atttypid from pg_catalog.pg_attribute a where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped
    ) part where part.oid <> 0
  ),
  of_types as (
    select d.refobjid as oid from types y join pg_catalog.pg_constraint c on c.contypid = y.oid join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_constraint'::regclass and d.objid = c.oid and d.refclassid = 'pg_catalog.pg_proc'::regclass
    union select c.castfunc from types y join pg_catalog.pg_cast c on c.casttarget = y.oid where c.castfunc <> 0 and c.castsource in (select oid from types)
  )
  select
    array(
      select f.name from functions f where not f.is_known and (f.name = any($2::text[]) or f.takes_one and (f.name = any($4::text[]) or f.takes_row and f.name = any($3::text[])))
      union select o.oprname::text from pg_catalog.pg_operator o
        where o.oprnamespace in (select oid from path) and o.oprnamespace <> 'pg_catalog'::regnamespace and o.oprname = any($5::text[])
          and not exists (select from pg_catalog.pg_depend d where d.classid = 'pg_catalog.pg_operator'::regclass and d.objid = o.oid and d.deptype = 'e')
      union select p.proname::text from of_types y join pg_catalog.pg_proc p on p.oid = y.oid
        where p.pronamespace <> 'pg_catalog'::regnamespace and not exists (select from pg_catalog.pg_depend d where d.classid = 'pg_catalog.pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
    ) as foreign_names,
    array(select f.name from functions f where f.is_known and f.is_risky and f.takes_one and (f.name = any($4::text[]) or f.takes_row and f.name = any($3::text[]))) as called_by_attribute,
    array(select s.nspname || '.' || pg_catalog.quote_ident(c.relname) from unnest($7::text[]) t(name)
      join pg_catalog.pg_class c on c.oid = pg_catalog.to_regclass(pg_catalog.quote_ident(t.name))::oid join pg_catalog.pg_namespace s on s.oid = c.relnamespace where s.nspname <> 'public') as elsewhere`;

/** Refuses a query for what it means in this very database. Throws TOOL_REFUSED. */
export async function assertHarmless(client: pg.Client, query: AllowedQuery): Promise<void> {
  const unqualified = query.references.filter(({ schema }) => schema === undefined).map(({ name }) => name);
  const { rows } = await client.query<{ foreign_names: string[]; called_by_attribute: string[]; elsewhere: string[] }>(
    inspectDatabase, [[...allowedFunctions], query.functions, query.rowAttributes, query.valueAttributes, query.operators, query.types, unqualified],
  );
  const found = rows[0] ?? { foreign_names: ['?'], called_by_attribute: [], elsewhere: [] };
  if (found.called_by_attribute.length > 0) throw new AppError('TOOL_REFUSED', `.${found.called_by_attribute[0]} behind a value may call the function ${found.called_by_attribute[0]}, which is not allowed.`);
  if (found.foreign_names.length > 0) throw new AppError('TOOL_REFUSED', `In this database ${found.foreign_names.join(', ')} may be a function or operator of somebody's own making; only PostgreSQL's own and those of extensions are allowed.`);
  const [elsewhere] = found.elsewhere;
  if (elsewhere !== undefined) throw new AppError('TOOL_REFUSED', `Here ${toTableName({ schema: undefined, name: elsewhere.slice(elsewhere.indexOf('.') + 1) })} is ${elsewhere}; write it with its schema.`);
}
