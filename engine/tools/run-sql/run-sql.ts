import { z } from 'zod';
import { AppError } from '../../../contracts/errors.ts';
import type { ToolFacts } from '../../../contracts/tools.ts';
import type { Json, Tool } from '../tool.ts';
import type { DataSourceAccess } from './data-source-access.ts';
import { runReadOnly, type RawResult, type SessionLimits } from './query-session.ts';
import { toColumnValues } from './result-values.ts';
import { inspectQuery, maxQueryLength } from './sql-guard.ts';

const maxRows = 1_000;
const defaultLimits = { statementTimeoutMs: 30_000, deadlineMs: 40_000, maxResultCharacters: 4_000_000, maxReceivedBytes: 32_000_000, longQueryMs: 5_000 };

const argumentsSchemaFor = (sources: readonly string[]) =>
  z.strictObject({
    data_source: (sources.length === 0 ? z.string().min(1).max(63) : z.enum(sources)).describe('Which database to ask.'),
    query: z.string().min(1).max(maxQueryLength).describe('One SELECT statement in PostgreSQL\'s dialect. information_schema.tables and information_schema.columns tell what there is.'),
    max_rows: z.int().min(1).max(maxRows).optional().describe(`Default and most: ${maxRows}. Count and aggregate in SQL rather than reading many rows.`),
  });
type RunSqlArguments = z.infer<ReturnType<typeof argumentsSchemaFor>>;

export interface RunSqlOptions {
  dataSources: readonly DataSourceAccess[];
  /** Where Maestro keeps its own records, refused as a data source by address as well. */
  ownDatabaseUrl?: string | undefined;
  limits?: Partial<Omit<SessionLimits, 'maxRows'>>;
}

/** Host, port and database of a connection string, as far as they can be compared. */
const addressOf = (connectionString: string): string => {
  const url = new URL(connectionString);
  const host = url.hostname === 'localhost' || url.hostname === '[::1]' ? '127.0.0.1' : url.hostname.toLowerCase();
  return `${host}:${url.port === '' ? '5432' : url.port}${url.pathname}`;
};

/** `a`, `a`, `b` → `a`, `a_2`, `b`: rows are objects, and no column may swallow another. */
const toUniqueNames = (names: readonly string[]): string[] => {
  const taken = new Set<string>(names);
  const seen = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let n = 2; seen.has(unique); n++) if (!taken.has(`${name}_${n}`)) unique = `${name}_${n}`;
    seen.add(unique);
    taken.add(unique);
    return unique;
  });
};

function toOutput({ columns, rows, isTruncated }: RawResult): { [key: string]: Json } {
  const names = toUniqueNames(columns.map((column) => column.name));
  const values = columns.map(({ type }, index) => toColumnValues(rows.map((row) => row[index] ?? null), type));
  return {
    columns: columns.map(({ type }, index) => ({ name: names[index] as string, type: type.name })),
    rows: rows.map((_row, row) => Object.fromEntries(names.map((name, column) => [name, values[column]?.[row] ?? null]))),
    row_count: rows.length,
    truncated: isTruncated,
  };
}

/**
 * The tool that reads a named data source. Output: `{columns: [{name, type}], rows: [{<column>: value}], row_count, truncated}`.
 * The query is judged by PostgreSQL's own grammar before anything is connected, then runs in a read-only transaction.
 */
export const createRunSqlTool = ({ dataSources, ownDatabaseUrl, limits }: RunSqlOptions): Tool<RunSqlArguments> => {
  const byName = new Map(dataSources.map((source) => [source.name, source]));
  const sources = [...byName.keys()].toSorted();
  return {
    name: 'run_sql',
    description:
      'Reads from a PostgreSQL database with one SELECT statement and returns the rows. Nothing can be changed. '
      + 'Large numbers that would lose digits come as text, times as ISO 8601 in UTC.',
    argumentsSchema: argumentsSchemaFor(sources),
    defaultRisk: 'MEDIUM',
    risk: () => 'MEDIUM',
    defaultEffect: 'none',
    effect: () => 'none',
    missingConfiguration: sources.length === 0 ? 'Set MAESTRO_DATA_SOURCES to name=postgres://… pairs of databases that agents may read.' : null,
    timeoutMs: 60_000,
    facts({ data_source, query }): ToolFacts {
      const verdict = inspectQuery(query);
      return verdict.allowed ? { data_source, tables: verdict.tables, functions: verdict.functions } : { data_source, refused: verdict.reason };
    },
    effectSentence({ data_source, query }) {
      const verdict = inspectQuery(query);
      const tables = verdict.allowed ? verdict.tables : [];
      return `Read ${tables.length === 0 ? 'from' : `${tables.join(', ')} from`} the data source ${data_source}`;
    },
    async execute({ data_source, query: text, max_rows }, context) {
      if (sources.length === 0) throw new AppError('TOOL_NOT_CONFIGURED', 'No data source is configured on this system.');
      const connectionString = byName.get(data_source)?.connectionString;
      if (connectionString === undefined) {
        throw new AppError('TOOL_INPUT_INVALID', `There is no data source "${data_source.slice(0, 63)}"; there are ${sources.join(', ')}.`);
      }
      if (ownDatabaseUrl !== undefined && addressOf(connectionString) === addressOf(ownDatabaseUrl)) {
        throw new AppError('TOOL_REFUSED', 'This data source is Maestro\'s own database, which agents never read.');
      }
      const query = inspectQuery(text);
      if (!query.allowed) throw new AppError('TOOL_REFUSED', query.reason);
      const result = await runReadOnly({ source: data_source, connectionString, query, text, limits: { ...defaultLimits, ...limits, maxRows: max_rows ?? maxRows } }, context.signal);
      const output = toOutput(result);
      const count = result.rows.length;
      return { output, summary: `${count} ${count === 1 ? 'row' : 'rows'}${result.isTruncated ? ', more were left out' : ''}` };
    },
  };
};
