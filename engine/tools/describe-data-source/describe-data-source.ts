import { z } from 'zod';
import type { DataSourceTable } from '../../../contracts/data-sources.ts';
import { AppError } from '../../../contracts/errors.ts';
import { counted } from '../../../platform/counted.ts';
import { type DataSourceAccess, describeSources, findSource, missingSources, sourceNameSchema } from '../run-sql/index.ts';
import type { Json, Tool } from '../tool.ts';
import { listReadableTables } from './list-tables.ts';

const argumentsSchemaFor = (sources: readonly DataSourceAccess[]) =>
  z.strictObject({
    data_source: sourceNameSchema(sources).describe(`Which database to describe. ${describeSources(sources)}`.trim()),
    table: z.string().min(1).max(130).optional().describe('Only this table, as table or schema.table. Default: all, as far as they fit.'),
  });
type DescribeArguments = z.infer<ReturnType<typeof argumentsSchemaFor>>;

/** What fits a model's view; one table is always told whole. */
const limits = { maxTables: 100, maxColumns: 600 };

/** Leaves out what is not there: a model pays for every null it reads. */
const toOutput = ({ name, kind, comment, estimated_rows: rows, columns }: DataSourceTable): Json => ({
  name, kind,
  ...(comment === null ? {} : { comment }),
  ...(rows === null ? {} : { estimated_rows: rows }),
  columns: columns.map((column) => ({
    name: column.name, type: column.type, nullable: column.is_nullable,
    ...(column.is_primary_key ? { primary_key: true } : {}),
    ...(column.references === null ? {} : { references: column.references }),
    ...(column.comment === null ? {} : { comment: column.comment }),
  })),
});

export interface DescribeDataSourceOptions {
  dataSources: readonly DataSourceAccess[];
  /** Where Maestro keeps its own records, refused as a data source by address as well. */
  ownDatabaseUrl?: string | undefined;
}

/**
 * The tool that tells which tables a data source has, offered beside `run_sql`. Output: `{tables: [{name, kind, comment?, estimated_rows?,
 * columns: [{name, type, nullable, primary_key?, references?, comment?}]}], table_count, truncated, more_tables?}`; names are as `run_sql` takes them.
 */
export const createDescribeDataSourceTool = ({ dataSources, ownDatabaseUrl }: DescribeDataSourceOptions): Tool<DescribeArguments> => ({
  name: 'describe_data_source',
  description: 'Tells which tables and views of a database may be read with run_sql, with columns, types, keys, references and comments. Ask before writing a query on tables you have not seen.',
  argumentsSchema: argumentsSchemaFor(dataSources),
  offeredWith: ['run_sql'],
  defaultRisk: 'LOW',
  risk: () => 'LOW',
  defaultEffect: 'none',
  effect: () => 'none',
  missingConfiguration: missingSources(dataSources),
  timeoutMs: 60_000,
  facts: ({ data_source, table }) => ({ data_source, ...(table === undefined ? {} : { table }) }),
  effectSentence: ({ data_source, table }) => `Look up the columns of ${table ?? 'the tables'} in the data source ${data_source}`,
  async execute({ data_source, table }, { signal }) {
    const access = findSource(dataSources, data_source, ownDatabaseUrl);
    const { items, isTruncated, total, names } = await listReadableTables(access, { ...limits, table }, signal);
    if (table !== undefined && items.length === 0) {
      throw new AppError('TOOL_INPUT_INVALID', `There is no table "${table}" in ${data_source} that may be read; there ${total === 0 ? 'is none' : `are ${names.join(', ')}${names.length < total ? ', …' : ''}`}.`);
    }
    return {
      // Tables come in the order of their names, so those left out are the last ones.
      output: { tables: items.map(toOutput), table_count: total, truncated: isTruncated, ...(isTruncated ? { more_tables: names.slice(items.length) } : {}) },
      summary: `${counted(items.length, 'table')}${isTruncated ? ` of ${total}` : ''}`,
    };
  },
});
