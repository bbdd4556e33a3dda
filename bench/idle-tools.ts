import { tmpdir } from 'node:os';
import type { Kysely } from 'kysely';
import type { Database } from '../db/database.ts';
import { createPythonSandbox, createTools, type ToolCatalogue } from '../engine/tools/index.ts';
import { loadConfig } from '../platform/config.ts';
import { createSecretBox } from '../platform/secret-box.ts';

/** The product's tools with nothing behind them: they can be offered to a model and are never executed. */
export function createIdleTools(db: Kysely<Database>): ToolCatalogue {
  const config = loadConfig({
    DATABASE_URL: 'postgres://unused@127.0.0.1/unused', TEMPORAL_ADDRESS: '127.0.0.1:1', MAESTRO_JWT_SECRET: 'not used by any bench, but long enough', MAESTRO_ENCRYPTION_KEY: '0'.repeat(64),
    MAESTRO_DATA_SOURCES: 'support=postgres://unused@127.0.0.1/support', SMTP_URL: 'smtp://127.0.0.1:1',
  });
  return createTools({ db, config, secretBox: createSecretBox(config.auth.encryptionKey), sandbox: createPythonSandbox({ cacheDir: tmpdir(), poolSize: 0 }) }).tools;
}
