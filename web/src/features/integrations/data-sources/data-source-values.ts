import { type CreateDataSourceBody, createDataSourceBodySchema, type DataSource, type TestDataSourceBody, type UpdateDataSourceBody } from '@contracts/data-sources.ts';
import type { FieldIssue } from '@contracts/errors.ts';
import { parseTypedNumber } from '@/components/limits/limit-values.ts';
import { isSameList, toLines } from '../forms/lines.ts';
import type { SecretChange } from '../forms/use-secret-input.ts';

/** A data source as its form holds it. The password is not among it: it stays in its input until it is sent. */
export type DataSourceValues = {
  name: string;
  description: string;
  url: string;
  /** `all`: every table the role may read; `some`: those of `readable_tables`. */
  tables: string;
  /** One a line. */
  readable_tables: string;
  /** One a line. */
  private_columns: string;
  max_rows: string;
  statement_timeout_seconds: string;
  is_enabled: boolean;
};

export const emptyDataSourceValues: DataSourceValues = { name: '', description: '', url: '', tables: 'all', readable_tables: '', private_columns: '', max_rows: '1000', statement_timeout_seconds: '30', is_enabled: true };

export const toDataSourceValues = (source: DataSource): DataSourceValues => ({
  name: source.name, description: source.description, url: source.url,
  tables: source.readable_tables === null ? 'all' : 'some', readable_tables: (source.readable_tables ?? []).join('\n'), private_columns: source.private_columns.join('\n'),
  max_rows: String(source.max_rows), statement_timeout_seconds: String(source.statement_timeout_seconds), is_enabled: source.is_enabled,
});

/** The fields in the order of the form. */
export const dataSourceFields = ['name', 'description', 'url', 'password', 'readable_tables', 'private_columns', 'max_rows', 'statement_timeout_seconds', 'is_enabled'] as const;
export const dataSourceLabels: Record<string, string> = {
  name: 'Name', description: 'Description', url: 'Address', password: 'Password', tables: 'Which tables', readable_tables: 'Readable tables', private_columns: 'Private columns', max_rows: 'Rows', statement_timeout_seconds: 'Time-out', is_enabled: 'Switched on',
};

/** The field an issue of the api is about: `readable_tables.1` is one of Readable tables. */
export const toDataSourceField = (path: string): string | undefined => dataSourceFields.find((field) => path === field || path.startsWith(`${field}.`));

const bounds: Record<string, string> = { max_rows: 'Rows: a whole number from 1 to 10 000.', statement_timeout_seconds: 'Time-out: a whole number of seconds from 1 to 300.' };

/**
 * An address without the password somebody pasted in it, and that password: it must not stay in a field that is shown. Undefined:
 * there is none, or the address is not whole yet.
 */
export const splitPassword = (url: string): { url: string; password: string } | undefined => {
  // Not read by URL: a pasted password may hold signs no address takes, so it reaches to the last @ before the path.
  const found = /^(postgres(?:ql)?:\/\/[^:/?#@]*):([^/?#]*)@(?=[^/?#@])(.*)$/s.exec(url.trim());
  if (found === null) return undefined;
  const [, before = '', password = '', after = ''] = found;
  if (password === '') return { url: `${before}@${after}`, password: '' };
  try {
    return { url: `${before}@${after}`, password: decodeURIComponent(password) };
  } catch {
    return { url: `${before}@${after}`, password };
  }
};

/** Where an address leads and as whom: what a stored password was given for. */
const placeOf = (text: string): string | undefined => {
  if (!URL.canParse(text.trim())) return undefined;
  const { hostname, port, username, pathname } = new URL(text.trim());
  return hostname === '' ? undefined : JSON.stringify([hostname, port === '' ? '5432' : port, username, pathname]);
};
/** Whether a typed address is another host, port, user or database than the stored one: its password stays behind. */
export const isOtherPlace = (url: string, base: Pick<DataSource, 'url'>): boolean => {
  const place = placeOf(url);
  return place !== undefined && place !== placeOf(base.url);
};

const passwordOf = (change: SecretChange): string | null => (change.kind === 'replace' && change.value !== '' ? change.value : null);

/** The body that adds the data source, or what is wrong with which field, each once and in the order of the form. */
export const toCreateBody = (values: DataSourceValues, change: SecretChange): { body: CreateDataSourceBody; issues: FieldIssue[] } => {
  const tables = values.tables === 'all' ? null : toLines(values.readable_tables);
  const body: CreateDataSourceBody = {
    name: values.name.trim(), description: values.description.trim(), url: values.url.trim(), password: passwordOf(change), readable_tables: tables, private_columns: toLines(values.private_columns),
    max_rows: parseTypedNumber(values.max_rows), statement_timeout_seconds: parseTypedNumber(values.statement_timeout_seconds), is_enabled: values.is_enabled,
  };
  const parsed = createDataSourceBodySchema.safeParse(body);
  const issues = parsed.success ? [] : parsed.error.issues.map(({ path, message }): FieldIssue => {
    const [field, index] = path;
    const table = field === 'readable_tables' && typeof index === 'number' ? tables?.[index] : undefined;
    const column = field === 'private_columns' && typeof index === 'number' ? body.private_columns[index] : undefined;
    if (column !== undefined) return { path: String(field), message: `${column}: ${message}` };
    return { path: String(field), message: field === 'readable_tables' && table === undefined ? 'Name at least one table, at most 500.' : table !== undefined ? `${table}: ${message}` : (bounds[String(field)] ?? message) };
  });
  return { body, issues: dataSourceFields.flatMap((field) => issues.find(({ path }) => path === field) ?? []) };
};

/** What an edit changes, against the version that was opened; undefined when nothing. */
export const toUpdateBody = (values: DataSourceValues, change: SecretChange, base: DataSource): UpdateDataSourceBody | undefined => {
  const { body } = toCreateBody(values, change);
  const changes: Omit<UpdateDataSourceBody, 'version'> = {
    ...(body.name === base.name ? {} : { name: body.name }),
    ...(body.description === base.description ? {} : { description: body.description }),
    ...(body.url === base.url ? {} : { url: body.url }),
    ...(change.kind === 'keep' || (change.kind === 'replace' && body.password === null) ? {} : { password: body.password }),
    ...(isSameList(body.readable_tables, base.readable_tables) ? {} : { readable_tables: body.readable_tables }),
    ...(isSameList(body.private_columns, base.private_columns) ? {} : { private_columns: body.private_columns }),
    ...(body.max_rows === base.max_rows ? {} : { max_rows: body.max_rows }),
    ...(body.statement_timeout_seconds === base.statement_timeout_seconds ? {} : { statement_timeout_seconds: body.statement_timeout_seconds }),
    ...(body.is_enabled === base.is_enabled ? {} : { is_enabled: body.is_enabled }),
  };
  return Object.keys(changes).length === 0 ? undefined : { ...changes, version: base.version };
};

/** The body that tests what is typed. A password that is kept is not known here: the server uses the stored one, at the stored place. */
export const toTestBody = (values: DataSourceValues, change: SecretChange, id?: string): TestDataSourceBody => ({
  url: values.url.trim(),
  ...(change.kind === 'keep' || (change.kind === 'replace' && id !== undefined && passwordOf(change) === null) ? {} : { password: passwordOf(change) }),
  ...(id === undefined ? {} : { data_source_id: id }),
});
