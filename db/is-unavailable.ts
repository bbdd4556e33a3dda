/** What Node reports when the server cannot be reached or the connection was lost. */
const socketCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
/**
 * What PostgreSQL says while it stops, starts or is full: class 08 and 57, too many connections, and the conflicts a new attempt resolves.
 * @see https://www.postgresql.org/docs/18/errcodes-appendix.html
 */
const sqlStates = /^(08...|57P0.|53300|40001|40P01)$/;
const messages = /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error|connection ended unexpectedly|server closed the connection/i;

/** Whether an error says that the database could not be reached or gave up, so that trying again may help: nothing about the statement is wrong. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.every(isDatabaseUnavailable);
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'string' && (socketCodes.has(code) || sqlStates.test(code))) return true;
  return messages.test(error.message);
}
