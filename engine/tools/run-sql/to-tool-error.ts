import type pg from 'pg';
import { AppError } from '../../../contracts/errors.ts';
import { isDatabaseUnavailable } from '../../../db/is-unavailable.ts';

/** What comes before a query's text in the statement that is sent. */
export const cursorPrefix = 'declare maestro_result no scroll cursor for ';

/** Lost connections, a server that stops or starts, no connection left. */
const passes = /^(08|57P|53300)/;
/** Memory, disk or `temp_file_limit` used up: the query asked for too much, and would again. */
const asksForTooMuch = /^53(100|200|400)/;

/** What a failed query means for the model. Messages of the data source's server are passed on: they say what to mend. */
export function toToolError(error: unknown, source: string): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error;
  const { code, hint, position } = error as Partial<pg.DatabaseError>;
  if (code === undefined && !isDatabaseUnavailable(error)) return new AppError('TOOL_FAILED', `The query on ${source} failed: ${error.message}`, { cause: error });
  if (code === undefined || passes.test(code) || !/^[0-9A-Z]{5}$/.test(code)) return new AppError('TOOL_UNAVAILABLE', `The data source ${source} cannot be reached at the moment.`, { cause: error });
  if (asksForTooMuch.test(code)) return new AppError('TOOL_FAILED', `The query on ${source} needs more memory or disk than there is: ${error.message}. Ask for less at once.`, { cause: error, details: { sqlstate: code } });
  if (code === '57014') return new AppError('TOOL_TIMEOUT', `The query on ${source} took too long and was stopped.`, { cause: error });
  if (code === '28P01' || code === '28000' || code === '3D000') return new AppError('TOOL_NOT_CONFIGURED', `The data source ${source} does not let Maestro in; an admin has to check its connection string.`, { cause: error });
  if (code === '25006' || code === '42501') return new AppError('TOOL_REFUSED', `The data source ${source} refused the query: ${error.message}.`, { cause: error });
  const where = position === undefined ? '' : ` (at character ${Math.max(1, Number(position) - cursorPrefix.length)})`;
  return new AppError('TOOL_FAILED', `${error.message}${where}.${hint === undefined ? '' : ` Hint: ${hint}`}`, { cause: error, details: { sqlstate: code } });
}
