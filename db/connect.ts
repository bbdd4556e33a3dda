import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Database } from './database.ts';

const int8Oid = 20;

/** Counts, sums and sequences here stay far below 2^53, so int8 is read as a number. */
const parserFor = ((oid: number, format?: 'text' | 'binary') =>
  oid === int8Oid ? Number : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser;

/**
 * Opens a pool on PostgreSQL (or on PGlite behind its socket server) as Kysely.
 * @param options.maxConnections default 10.
 * @param options.onError told of errors on idle connections (a restarted server); without it they would end the process.
 */
export function createDatabase(options: {
  connectionString: string;
  maxConnections?: number;
  applicationName?: string;
  onError?: (error: Error) => void;
}): Kysely<Database> {
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    max: options.maxConnections ?? 10,
    application_name: options.applicationName ?? 'maestro',
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
    types: { getTypeParser: parserFor },
  });
  pool.on('error', (error) => options.onError?.(error));
  // The pool listens to idle connections only: one lost while it is in use would end the process, though its query is rejected as well.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
}
