import { AppError } from '../../../contracts/errors.ts';

/** Tables only Maestro has together: whatever address leads to them, this is a database of Maestro's own. */
const ownTables = ['hitl_requests', 'hitl_decisions', 'audit_head', 'tool_calls', 'agent_versions'];

/** SQL that is true in a database of Maestro's own. */
export const isOwnDatabase = `(select pg_catalog.count(distinct c.relname) from pg_catalog.pg_class c where c.relkind = 'r' and c.relname in (${ownTables.map((name) => `'${name}'`).join(', ')})) = ${ownTables.length}`;

/** Host, port and database of a connection string, as far as they can be compared. */
const addressOf = (connectionString: string): string => {
  const url = new URL(connectionString);
  const host = url.hostname === 'localhost' || url.hostname === '[::1]' ? '127.0.0.1' : url.hostname.toLowerCase();
  return `${host}:${url.port === '' ? '5432' : url.port}${url.pathname}`;
};

/** Whether a connection string leads where Maestro keeps its own records; another name of the same host is noticed only once connected. */
export const isOwnAddress = (connectionString: string, ownDatabaseUrl: string | undefined): boolean =>
  ownDatabaseUrl !== undefined && addressOf(connectionString) === addressOf(ownDatabaseUrl);

export const ownDatabaseRefusal = (): AppError => new AppError('TOOL_REFUSED', 'This data source is Maestro\'s own database, which agents never read.');
