// `npm run rotate-key`: seals everything Maestro keeps secret (keys of connections, passwords of data sources, named secrets, signing secrets of webhooks) with another
// encryption key, all or nothing. It can be run again at any time: what is under the new key already is left.
//
//   MAESTRO_ENCRYPTION_KEY=<new> MAESTRO_ENCRYPTION_KEY_OLD=<old> npm run rotate-key      keys of your own
//   npm run rotate-key -- --generate                                                      the generated key of the data directory (npm start)
//
// The database is the one at DATABASE_URL, else the embedded one in MAESTRO_DATA_DIR. In this order:
//   1. Stop every api and worker. One that still ran with the old key could not open what is sealed anew: its calls to models and tools would
//      fail until it is restarted, and what an admin saved in it would be sealed with the old key. Neither is lost: restart it, and run this again.
//   2. Run this. It changes nothing when a single value opens with neither key.
//   3. Start api and workers with the new key. The old one is needed no longer, but for copies of the database made before.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createDatabase } from '../db/connect.ts';
import { isDatabaseUnavailable } from '../db/is-unavailable.ts';
import { listPendingMigrations, migrateToLatest } from '../db/migrate.ts';
import { type DataDir, openDataDir } from '../embedded/data-dir.ts';
import { startPglite } from '../embedded/pglite/start-pglite.ts';
import { adoptEncryptionKey, loadSecrets, prepareEncryptionKey } from '../embedded/secrets.ts';
import { StartError } from '../embedded/start-error.ts';
import { resealAll, type ResealCounts, UnopenableValuesError } from '../engine/secrets/index.ts';
import { createSecretBox } from '../platform/secret-box.ts';

/** What keeps this from starting, told with exit code 2. */
class UsageError extends Error {}

const setting = (name: string): string | undefined => (process.env[name]?.trim() === '' ? undefined : process.env[name]?.trim());
const dataDirPath = resolve(setting('MAESTRO_DATA_DIR') ?? '.maestro');
const databaseUrl = setting('DATABASE_URL');

function keySetting(name: string): string {
  const key = setting(name);
  if (key === undefined) throw new UsageError(`${name} is missing: give the new key as MAESTRO_ENCRYPTION_KEY and the one before as MAESTRO_ENCRYPTION_KEY_OLD, or use --generate for the key of ${dataDirPath}.`);
  if (!/^[0-9a-f]{64}$/i.test(key)) throw new UsageError(`${name} must be 32 bytes in hex.`);
  return key;
}

/** The keys, and what is to be done once everything is under the new one. */
function takeKeys(isGenerated: boolean): { from: string; to: string; finish(): void } {
  if (!isGenerated) {
    const [to, from] = [keySetting('MAESTRO_ENCRYPTION_KEY'), keySetting('MAESTRO_ENCRYPTION_KEY_OLD')];
    if (to.toLowerCase() === from.toLowerCase()) throw new UsageError('MAESTRO_ENCRYPTION_KEY and MAESTRO_ENCRYPTION_KEY_OLD are the same key.');
    return { from, to, finish: () => undefined };
  }
  const file = join(dataDirPath, 'secrets.json');
  if (setting('MAESTRO_ENCRYPTION_KEY') !== undefined) throw new UsageError('MAESTRO_ENCRYPTION_KEY is set, so the key is not that of the data directory: give the one before as MAESTRO_ENCRYPTION_KEY_OLD and leave out --generate.');
  if (!existsSync(file)) throw new UsageError(`There is no ${file}: nothing was ever sealed with a generated key.`);
  return { from: loadSecrets(file).encryption_key, to: prepareEncryptionKey(file), finish: () => adoptEncryptionKey(file) };
}

/** The database of this system; the embedded one is started for the time being. */
async function openDatabase(dataDir: DataDir | undefined): Promise<{ db: ReturnType<typeof createDatabase>; close(): Promise<void> }> {
  const embedded = databaseUrl === undefined && dataDir !== undefined ? await startPglite({ dataDir: dataDir.at('database'), port: 0, content: 'maestro', logFile: dataDir.logFile('database') }) : undefined;
  const db = createDatabase({ connectionString: embedded?.connectionString ?? (databaseUrl as string), maxConnections: 1, applicationName: 'maestro-rotate-key' });
  const close = async (): Promise<void> => {
    await db.destroy();
    await embedded?.stop();
  };
  try {
    if (embedded !== undefined) await migrateToLatest(db);
    else if ((await listPendingMigrations(db)).length > 0) throw new StartError('The database is not up to date. Run "npm run migrate" first.');
    return { db, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const words: Record<keyof ResealCounts, string> = { connection: 'Keys of connections', data_source: 'Passwords of data sources', secret: 'Secrets', webhook: 'Signing secrets of webhooks' };

async function main(args: readonly string[]): Promise<void> {
  const isGenerated = args[0] === '--generate';
  if (args.length > (isGenerated ? 1 : 0)) throw new UsageError('Usage: npm run rotate-key [-- --generate]');
  if (databaseUrl === undefined && !existsSync(join(dataDirPath, 'database'))) throw new UsageError(`DATABASE_URL is missing, and there is no database in ${dataDirPath}.`);
  if (databaseUrl !== undefined && !URL.canParse(databaseUrl)) throw new UsageError('DATABASE_URL must be a URL starting with postgres:// or postgresql://.');
  const dataDir = isGenerated || databaseUrl === undefined ? openDataDir(dataDirPath) : undefined;
  try {
    const { from, to, finish } = takeKeys(isGenerated);
    const { db, close } = await openDatabase(dataDir);
    try {
      const counts = await resealAll({ db }, { from: createSecretBox(from), to: createSecretBox(to) });
      for (const [kind, { resealed, alreadyNew }] of Object.entries(counts)) console.log(`${words[kind as keyof ResealCounts]}: ${resealed} sealed anew, ${alreadyNew} under the new key already.`);
    } finally {
      await close();
    }
    finish();
    console.log(isGenerated ? `The new key is kept in ${join(dataDirPath, 'secrets.json')}; start Maestro as ever.` : 'Start api and workers with the new MAESTRO_ENCRYPTION_KEY.');
  } finally {
    dataDir?.release();
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  if (isDatabaseUnavailable(error)) console.error('The database at DATABASE_URL cannot be reached. Nothing was changed.');
  else if (error instanceof UnopenableValuesError) console.error(`${error.message}.\nNothing was changed. Give the key they were sealed with as the old one, or enter or delete them in the app first.`);
  else if (error instanceof UsageError || error instanceof StartError) console.error(error.message);
  else console.error(error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
