import { z } from 'zod';
import { AppError } from '../../../contracts/errors.ts';
import type { DataSourceAccess } from './data-source-access.ts';
import { isOwnAddress, ownDatabaseRefusal } from './own-database.ts';

/** The argument that names a data source: one of those there are. */
export const sourceNameSchema = (sources: readonly DataSourceAccess[]) => (sources.length === 0 ? z.string().min(1).max(63) : z.enum(sources.map(({ name }) => name)));

/** The sources' descriptions as the model reads them when it chooses; those without one go by their name. */
export const describeSources = (sources: readonly DataSourceAccess[]): string => sources.filter(({ description }) => description !== '').map(({ name, description }) => `${name}: ${description}`).join('\n');

/** What an admin has to set; null when there is a source. */
export const missingSources = (sources: readonly DataSourceAccess[]): string | null =>
  sources.length === 0 ? 'Add a data source under Integrations, or set MAESTRO_DATA_SOURCES to name=postgres://… pairs of databases that agents may read.' : null;

/** The source a call names. Throws TOOL_NOT_CONFIGURED when there is none at all or it has a problem, TOOL_INPUT_INVALID for another name, TOOL_REFUSED for Maestro's own database. */
export function findSource(sources: readonly DataSourceAccess[], name: string, ownDatabaseUrl: string | undefined): DataSourceAccess {
  if (sources.length === 0) throw new AppError('TOOL_NOT_CONFIGURED', 'No data source is configured on this system.');
  const source = sources.find((candidate) => candidate.name === name);
  if (source === undefined) throw new AppError('TOOL_INPUT_INVALID', `There is no data source "${name.slice(0, 63)}"; there are ${sources.map((candidate) => candidate.name).join(', ')}.`);
  if (source.problem !== null) throw new AppError('TOOL_NOT_CONFIGURED', source.problem);
  if (isOwnAddress(source.connectionString, ownDatabaseUrl)) throw ownDatabaseRefusal();
  return source;
}
