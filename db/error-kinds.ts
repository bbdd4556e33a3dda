/** Errors of the socket and of name resolution. */
const networkCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EPIPE', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOENT']);

/**
 * SQLSTATE of a server that is gone, full or starting, and of transactions it gave up on so that another may go on: all pass.
 * @see https://www.postgresql.org/docs/18/errcodes-appendix.html
 */
const passingStates = /^(08...|57P0[1-5]|53300|40001|40P01)$/;

/** Errors node-postgres makes itself carry no code. */
const driverMessages = /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Cannot use a pool after calling end|Query read timeout)/;

const codeOf = (error: Error): string => String((error as Error & { code?: unknown }).code ?? '');

/** Whether the database could not be reached or gave up for a passing reason; looks through causes and aggregated errors. */
export function isDatabaseUnavailable(error: unknown, depth = 0): boolean {
  if (!(error instanceof Error) || depth > 5) return false;
  if (networkCodes.has(codeOf(error)) || passingStates.test(codeOf(error)) || driverMessages.test(error.message)) return true;
  if (error instanceof AggregateError && error.errors.some((inner) => isDatabaseUnavailable(inner, depth + 1))) return true;
  return isDatabaseUnavailable(error.cause, depth + 1);
}

/** Whether a value of the caller's was refused as text PostgreSQL cannot hold (22021, 22P05): bad input, not a bug. */
export const isUnstorableValue = (error: unknown): boolean => error instanceof Error && ['22021', '22P05'].includes(codeOf(error));
