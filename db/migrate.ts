import { type Kysely, type MigrationResultSet, Migrator } from 'kysely';
import type { Database } from './database.ts';
import { migrations } from './migrations/index.ts';

const migrator = (db: Kysely<Database>): Migrator => new Migrator({ db, provider: { getMigrations: async () => migrations } });

const namesOrThrow = ({ error, results = [] }: MigrationResultSet): string[] => {
  if (error !== undefined) {
    const failed = results.find((result) => result.status === 'Error');
    throw new Error(`migration ${failed?.migrationName ?? ''} failed`, { cause: error });
  }
  return results.map((result) => result.migrationName);
};

/** Brings the schema up to date and returns the names of the migrations that ran. Safe to call from several processes at once. */
export async function migrateToLatest(db: Kysely<Database>): Promise<string[]> {
  return namesOrThrow(await migrator(db).migrateToLatest());
}

/** Takes the newest migration back and returns its name. */
export async function migrateDown(db: Kysely<Database>): Promise<string[]> {
  return namesOrThrow(await migrator(db).migrateDown());
}

/** Names of migrations that have not run yet. */
export async function listPendingMigrations(db: Kysely<Database>): Promise<string[]> {
  return (await migrator(db).getMigrations()).filter((migration) => migration.executedAt === undefined).map((migration) => migration.name);
}
