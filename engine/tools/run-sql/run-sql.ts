import { z } from 'zod';
import { AppError } from '../../../contracts/errors.ts';
import type { ToolFacts } from '../../../contracts/tools.ts';
import { counted } from '../../../platform/counted.ts';
import type { Json, Tool } from '../tool.ts';
import type { SessionLimits } from './connection.ts';
import type { DataSourceAccess } from './data-source-access.ts';
import { type RawResult, type ResultLimits, runQuery } from './query-session.ts';
import { privateAmong, toColumnName, toReadColumns } from './read-columns.ts';
import { assertReadable } from './readable-tables.ts';
import { toColumnValues } from './result-values.ts';
import { describeSources, findSource, missingSources, sourceNameSchema } from './sources.ts';
import { inspectQuery, maxQueryLength } from './sql-guard.ts';

/** Milliseconds a call has beside the statement itself: to connect, to fetch, to read the catalogue. */
const besideStatementMs = 10_000;
const fixedLimits = { maxResultCharacters: 4_000_000, maxReceivedBytes: 32_000_000, longQueryMs: 5_000 };
/** What an admin may set for one source; see contracts/data-sources.ts. */
const mostRows = 10_000;

const argumentsSchemaFor = (sources: readonly DataSourceAccess[]) =>
  z.strictObject({
    data_source: sourceNameSchema(sources).describe(`Which database to ask. ${describeSources(sources)}`.trim()),
    query: z.string().min(1).max(maxQueryLength).describe('One SELECT statement in PostgreSQL\'s dialect. describe_data_source tells which tables and columns there are.'),
    max_rows: z.int().min(1).max(mostRows).optional().describe('How many rows are wanted; the data source has a limit of its own, and more are cut off. Count and aggregate in SQL rather than reading many rows.'),
  });
type RunSqlArguments = z.infer<ReturnType<typeof argumentsSchemaFor>>;

export interface RunSqlOptions {
  dataSources: readonly DataSourceAccess[];
  /** Where Maestro keeps its own records, refused as a data source by address as well. */
  ownDatabaseUrl?: string | undefined;
  /** Instead of what the sources and this file say. */
  limits?: Partial<SessionLimits & ResultLimits>;
}

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

const limitsOf = ({ maxRows, statementTimeoutMs }: DataSourceAccess): SessionLimits & ResultLimits => ({ ...fixedLimits, maxRows, statementTimeoutMs, deadlineMs: statementTimeoutMs + besideStatementMs });

/** Rows a call has to ask for to be more than a look. */
const manyRows = 5_000;
const readsMuch = ({ max_rows }: RunSqlArguments): boolean => (max_rows ?? 0) > manyRows;

/** Private columns a query reads, as the data source lists them. */
function privateColumnsOf(sources: readonly DataSourceAccess[], { data_source, query }: RunSqlArguments): string[] {
  const patterns = sources.find(({ name }) => name === data_source)?.privateColumns ?? [];
  if (patterns.length === 0) return [];
  const verdict = inspectQuery(query);
  return verdict.allowed ? privateAmong(toReadColumns(verdict), verdict.references, patterns) : [];
}

/**
 * The tool that reads a named data source. Output: `{columns: [{name, type}], rows: [{<column>: value}], row_count, truncated}`.
 * The query is judged by PostgreSQL's own grammar before anything is connected, then runs in a read-only transaction.
 */
export const createRunSqlTool = ({ dataSources, ownDatabaseUrl, limits }: RunSqlOptions): Tool<RunSqlArguments> => ({
  name: 'run_sql',
  description:
    'Reads from a PostgreSQL database with one SELECT statement and returns the rows. Nothing can be changed. '
    + 'Large numbers that would lose digits come as text, times as ISO 8601 in UTC, bytes as base64.',
  argumentsSchema: argumentsSchemaFor(dataSources),
  defaultRisk: 'MEDIUM',
  risk: (args) => (readsMuch(args) || privateColumnsOf(dataSources, args).length > 0 ? 'HIGH' : 'MEDIUM'),
  defaultEffect: 'none',
  effect: () => 'none',
  missingConfiguration: missingSources(dataSources),
  timeoutMs: Math.max(60_000, ...dataSources.map((source) => limitsOf(source).deadlineMs + besideStatementMs)),
  facts(args): ToolFacts {
    const { data_source, query, max_rows } = args;
    const verdict = inspectQuery(query);
    const source = dataSources.find(({ name }) => name === data_source);
    const row_limit = Math.min(max_rows ?? mostRows, source?.maxRows ?? mostRows, verdict.allowed ? (verdict.limit ?? mostRows) : 0);
    // What is refused reads nothing.
    if (!verdict.allowed) return { data_source, tables: [], columns: [], private_columns: [], functions: [], row_limit, refused: verdict.reason };
    return { data_source, tables: verdict.tables, columns: toReadColumns(verdict).map(toColumnName).toSorted(), private_columns: privateColumnsOf(dataSources, args), functions: verdict.functions, row_limit };
  },
  effectSentence(args) {
    const { data_source, query } = args;
    const verdict = inspectQuery(query);
    const tables = verdict.allowed ? verdict.tables : [];
    const hidden = privateColumnsOf(dataSources, args);
    return `Read ${tables.length === 0 ? 'from' : `${tables.join(', ')} from`} the data source ${data_source}${hidden.length === 0 ? '' : `, private columns among it: ${hidden.join(', ')}`}`;
  },
  async execute({ data_source, query: text, max_rows }, context) {
    const access = findSource(dataSources, data_source, ownDatabaseUrl);
    const query = inspectQuery(text);
    if (!query.allowed) throw new AppError('TOOL_REFUSED', query.reason);
    assertReadable(query.references, access.readableTables);
    const most = limitsOf(access);
    const result = await runQuery({ access, query, text, limits: { ...most, ...limits, maxRows: Math.min(max_rows ?? most.maxRows, most.maxRows) } }, context.signal);
    return { output: toOutput(result), summary: `${counted(result.rows.length, 'row')}${result.isTruncated ? ', more were left out' : ''}` };
  },
});
