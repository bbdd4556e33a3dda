import { randomUUID } from 'node:crypto';
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import type { Kysely } from 'kysely';
import pg from 'pg';
import { createDatabase } from '../../db/connect.ts';
import type { Database } from '../../db/database.ts';
import { keepBatchesTogether } from '../../db/keep-batches-together.ts';
import { migrateToLatest } from '../../db/migrate.ts';

export interface TestDatabase {
  db: Kysely<Database>;
  connectionString: string;
  /** `pglite` behind its socket server, or a real server. */
  kind: 'pglite' | 'postgres';
  close(): Promise<void>;
}

interface Server {
  connectionString: string;
  kind: TestDatabase['kind'];
  close(): Promise<void>;
}

async function startPglite(): Promise<Server> {
  const pglite = await PGlite.create({ extensions: { vector } });
  const server = new PGLiteSocketServer({ db: keepBatchesTogether(pglite), port: 0, host: '127.0.0.1', maxConnections: 64 });
  await server.start();
  return {
    connectionString: `postgres://postgres:postgres@${server.getServerConn()}/postgres`,
    kind: 'pglite',
    async close() {
      await server.stop();
      await pglite.close();
    },
  };
}

async function createOnServer(serverUrl: string): Promise<Server> {
  const name = `maestro_test_${randomUUID().replaceAll('-', '')}`;
  const run = async (statement: string): Promise<void> => {
    const client = new pg.Client({ connectionString: serverUrl });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  };
  await run(`create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return { connectionString: url.href, kind: 'postgres', close: () => run(`drop database ${name} with (force)`) };
}

/**
 * A fresh, migrated database for one test file: on the server of `MAESTRO_TEST_DATABASE_URL` when it is set (the runner starts a
 * real PostgreSQL and sets it), else PGlite behind its socket server. The same code and SQL serve both.
 */
export async function createTestDatabase(options: { maxConnections?: number; migrate?: boolean } = {}): Promise<TestDatabase> {
  const serverUrl = process.env['MAESTRO_TEST_DATABASE_URL'];
  const server = serverUrl === undefined || serverUrl === '' ? await startPglite() : await createOnServer(serverUrl);
  const db = createDatabase({ connectionString: server.connectionString, maxConnections: options.maxConnections ?? 10, applicationName: 'maestro-test' });
  if (options.migrate !== false) await migrateToLatest(db);
  return {
    db,
    connectionString: server.connectionString,
    kind: server.kind,
    async close() {
      await db.destroy();
      await server.close();
    },
  };
}
