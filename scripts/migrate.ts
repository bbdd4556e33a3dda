// `npm run migrate -- up | down | status`: the schema of the database at DATABASE_URL. `up` is the default and safe to run anywhere, any time.
import { createDatabase } from '../db/connect.ts';
import { isDatabaseUnavailable } from '../db/is-unavailable.ts';
import { listPendingMigrations, migrateDown, migrateToLatest } from '../db/migrate.ts';

const commands = {
  async up(db) {
    const names = await migrateToLatest(db);
    return names.length === 0 ? ['The schema is up to date.'] : names.map((name) => `ran ${name}`);
  },
  async down(db) {
    const names = await migrateDown(db);
    return names.length === 0 ? ['There is nothing to take back.'] : names.map((name) => `took back ${name}`);
  },
  async status(db) {
    const names = await listPendingMigrations(db);
    return names.length === 0 ? ['The schema is up to date.'] : names.map((name) => `pending ${name}`);
  },
} satisfies Record<string, (db: ReturnType<typeof createDatabase>) => Promise<string[]>>;

const [name = 'up', ...rest] = process.argv.slice(2);
const connectionString = process.env['DATABASE_URL'];
if (!(name in commands) || rest.length > 0) {
  console.error(`Usage: npm run migrate -- ${Object.keys(commands).join(' | ')}`);
  process.exit(2);
}
if (connectionString === undefined || connectionString === '') {
  console.error('DATABASE_URL is missing. ("npm start" migrates its own database by itself.)');
  process.exit(2);
}
const db = createDatabase({ connectionString, maxConnections: 2, applicationName: 'maestro-migrate' });
try {
  for (const line of await commands[name as keyof typeof commands](db)) console.log(line);
} catch (error) {
  if (isDatabaseUnavailable(error)) console.error('The database at DATABASE_URL cannot be reached.');
  else console.error(error);
  process.exitCode = 1;
} finally {
  await db.destroy();
}
