import { withSchema } from './readable-tables.ts';
import { type AllowedQuery, type TableReference, toTableName } from './sql-guard.ts';

/** A column a query reads. `table` undefined: of which table, the text does not tell. */
export interface ReadColumn {
  table: TableReference | undefined;
  name: string;
}

/**
 * The columns a query reads, from its text alone: rather too many than too few. A name without a table may be of any table of the query; the
 * name of a table by itself is its whole row. A name the
 * query gives in one part of it counts everywhere.
 */
export function toReadColumns({ columns: mentions, aliases }: Pick<AllowedQuery, 'columns' | 'aliases'>): ReadColumn[] {
  const tables = [...new Map([...aliases.values()].flat().map((table) => [toTableName(table), table])).values()];
  const [only, ...others] = tables;
  const columns = mentions.flatMap(({ of, name }): ReadColumn[] => {
    if (of !== undefined) return (aliases.get(of) ?? []).map((table) => ({ table, name }));
    const rows = aliases.get(name);
    if (rows !== undefined) return rows.map((table) => ({ table, name: '*' }));
    if (name === '*') return tables.map((table) => ({ table, name }));
    return only === undefined ? [] : [{ table: others.length === 0 ? only : undefined, name }];
  });
  return [...new Map(columns.map((column) => [toColumnName(column), column])).values()];
}

/** `tickets.subject`, `crm.customers.*`; `*.subject` where the table is not known. */
export const toColumnName = ({ table, name }: ReadColumn): string => `${table === undefined ? '*' : toTableName(table)}.${name}`;

const splitPattern = (pattern: string): { table: string; column: string } => {
  const dot = pattern.lastIndexOf('.');
  return { table: withSchema(pattern.slice(0, dot)), column: pattern.slice(dot + 1) };
};

const nameWithSchema = ({ schema = 'public', name }: TableReference): string => `${schema}.${name}`;

/** Which patterns of private columns a query reads, or may read: all columns of a table are its private ones too. */
export function privateAmong(columns: readonly ReadColumn[], tables: readonly TableReference[], patterns: readonly string[]): string[] {
  return patterns.filter((pattern) => {
    const { table, column } = splitPattern(pattern);
    const isThere = tables.some((reference) => nameWithSchema(reference) === table);
    return isThere && columns.some((read) => (read.table === undefined || nameWithSchema(read.table) === table) && (read.name === '*' || column === '*' || read.name === column));
  });
}
