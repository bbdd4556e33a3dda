import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Kysely } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase } from '../db/connect.ts';
import type { Database } from '../db/database.ts';
import { migrateToLatest } from '../db/migrate.ts';
import { listAuditEntries } from '../db/repositories/audit.repository.ts';
import { insertConnection } from '../db/repositories/llm-connections.repository.ts';
import { insertSecret, listSealedValues, type SealedValue } from '../db/repositories/secrets.repository.ts';
import { openDataDir } from '../embedded/data-dir.ts';
import { startPglite } from '../embedded/pglite/start-pglite.ts';
import { loadSecrets, prepareEncryptionKey } from '../embedded/secrets.ts';
import { verifyAudit } from '../engine/governance/index.ts';
import { newId } from '../platform/ids.ts';
import { createSecretBox } from '../platform/secret-box.ts';
import { createTestDatabase, type TestDatabase } from '../tests/support/database.ts';

const [oldKey, newKey] = ['a1'.repeat(32), 'b2'.repeat(32)];
const boxOf = (key: string) => createSecretBox(key);
const script = fileURLToPath(new URL('./rotate-encryption-key.ts', import.meta.url));
const owners = { connection: 'llm_connection', data_source: 'data-source', secret: 'secret', webhook: 'webhook' };
const values = { connection: 'sk-the-key-of-a-connection', data_source: 'the-password-of-a-source', secret: 'the-value-of-a-secret', webhook: 'whsec_of-a-webhook' };

interface Ended {
  code: number;
  said: string;
}
const rotate = (env: Record<string, string>, args: string[] = []): Promise<Ended> =>
  new Promise((resolve) => {
    const { PATH, HOME, TMPDIR } = process.env;
    execFile(process.execPath, [script, ...args], { cwd: tmpdir(), env: { ...(PATH === undefined ? {} : { PATH }), ...(HOME === undefined ? {} : { HOME }), ...(TMPDIR === undefined ? {} : { TMPDIR }), ...env } }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? 99), said: stdout + stderr }));
  });

/** A row of each kind, sealed with this key; one of each without anything sealed where that may be. */
async function keepOfEach(db: Kysely<Database>, key: string): Promise<void> {
  const box = boxOf(key);
  const [connection, source, secret, webhook, suffix] = [newId(), newId(), newId(), newId(), newId().slice(-12)];
  const shared = { api: 'openai' as const, baseUrl: null, limits: { requests_per_minute: null, tokens_per_minute: null }, isEnabled: true, createdBy: null };
  await insertConnection(db, { ...shared, id: connection, name: `Models ${suffix}`, apiKeySealed: box.seal(values.connection, `llm_connection:${connection}`), apiKeyHint: '…' });
  await insertConnection(db, { ...shared, id: newId(), name: `Local models ${suffix}`, apiKeySealed: null, apiKeyHint: null });
  await db.insertInto('data_sources').values({ id: source, name: `sales_${suffix}`, description: '', url: 'postgres://reader@127.0.0.1/sales', password_sealed: box.seal(values.data_source, `data-source:${source}`), readable_tables: null, max_rows: 1, statement_timeout_seconds: 1, created_by: null, updated_by: null }).execute();
  await insertSecret(db, { id: secret, name: `github_${suffix}`, valueSealed: box.seal(values.secret, `secret:${secret}`), hint: '…', hosts: [], description: '', createdBy: null });
  await db.insertInto('webhooks').values({ id: webhook, name: `Chat ${suffix}`, url: 'https://chat.example.com/', events: '["requested"]', secret_sealed: box.seal(values.webhook, `webhook:${webhook}`), secret_hint: '…', created_by: null, updated_by: null }).execute();
}
const openWith = (key: string, { kind, id, sealed }: SealedValue): string => boxOf(key).open(sealed, `${owners[kind]}:${id}`);
/** Every sealed value, as this key opens it. */
const openAll = async (db: Kysely<Database>, key: string) => (await listSealedValues(db)).map((row) => [row.kind, openWith(key, row)]);
const rotationsOf = async (db: Kysely<Database>) => (await listAuditEntries(db, { action: 'encryption_key.rotate', limit: 10 })).map(({ after }) => after);
const saysNoSecret = ({ said }: Ended): void => {
  for (const word of [...Object.values(values), oldKey, newKey]) expect(said).not.toContain(word);
};
const perKind = (count: object) => ({ connection: count, data_source: count, secret: count, webhook: count });

describe('with keys of one\'s own', () => {
  let database: TestDatabase;
  let env: Record<string, string>;
  beforeAll(async () => {
    database = await createTestDatabase();
    env = { DATABASE_URL: database.connectionString, MAESTRO_ENCRYPTION_KEY: newKey, MAESTRO_ENCRYPTION_KEY_OLD: oldKey };
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    for (const table of ['llm_connections', 'data_sources', 'secrets', 'webhooks'] as const) await database.db.deleteFrom(table).execute();
  });

  it('everything sealed opens with the new key alone, rows and versions stay, and it is written down; a second time changes nothing', async () => {
    await keepOfEach(database.db, oldKey);
    await keepOfEach(database.db, newKey);
    const read = () => database.db.selectFrom('secrets').select(['id', 'name', 'version', 'updated_at', 'hint']).orderBy('id').execute();
    const before = await read();
    const first = await rotate(env);
    expect(first).toMatchObject({ code: 0, said: expect.stringMatching(/Keys of connections: 1 sealed anew, 1 under the new key already\.\nPasswords of data sources: 1 .*\nSecrets: 1 /) as string });
    expect(await openAll(database.db, newKey)).toEqual(Object.entries(values).flatMap((entry) => [entry, entry]));
    expect(await read()).toEqual(before);
    const sealed = await listSealedValues(database.db);
    const second = await rotate(env);
    expect(second).toMatchObject({ code: 0, said: expect.stringContaining('Secrets: 0 sealed anew, 2 under the new key already.') as string });
    expect(await listSealedValues(database.db)).toEqual(sealed);
    expect(await rotationsOf(database.db)).toEqual([perKind({ resealed: 1, alreadyNew: 1 })]);
    expect(await verifyAudit({ db: database.db })).toMatchObject({ is_intact: true });
    saysNoSecret(first);
    saysNoSecret(second);
  });

  it('a wrong old key changes nothing and names every value that does not open', async () => {
    await keepOfEach(database.db, oldKey);
    const before = await listSealedValues(database.db);
    const refused = await rotate({ ...env, MAESTRO_ENCRYPTION_KEY_OLD: 'c3'.repeat(32) });
    expect(refused).toMatchObject({ code: 1, said: expect.stringMatching(/4 sealed values open with neither key: connection "Models .*data_source "sales_.*secret "github_.*webhook "Chat .*\nNothing was changed/s) as string });
    expect(await listSealedValues(database.db)).toEqual(before);
    saysNoSecret(refused);
  });

  it.each([
    ['cut in half', (sealed: string) => sealed.slice(0, sealed.length / 2)],
    ['of another row', (_sealed: string, others: SealedValue[]) => others.find(({ kind }) => kind === 'connection')?.sealed ?? ''],
    ['no sealed value at all', () => 'plain text'],
  ])('one value that is damaged (%s) stops it before anything is changed', async (_what, damage) => {
    await keepOfEach(database.db, oldKey);
    const rows = await listSealedValues(database.db);
    await database.db.updateTable('secrets').set({ value_sealed: damage(rows.find(({ kind }) => kind === 'secret')?.sealed ?? '', rows) }).execute();
    const before = await listSealedValues(database.db);
    expect(await rotate(env)).toMatchObject({ code: 1, said: expect.stringMatching(/1 sealed value opens with neither key: secret "github_/) as string });
    expect(await listSealedValues(database.db)).toEqual(before);
  });

  it.each<[string, Record<string, string>, string[], RegExp]>([
    ['no old key', { MAESTRO_ENCRYPTION_KEY_OLD: '' }, [], /MAESTRO_ENCRYPTION_KEY_OLD is missing/],
    ['a key that is none', { MAESTRO_ENCRYPTION_KEY: 'b2b2' }, [], /MAESTRO_ENCRYPTION_KEY must be 32 bytes in hex/],
    ['the same key twice', { MAESTRO_ENCRYPTION_KEY: oldKey.toUpperCase() }, [], /the same key/],
    ['an unknown argument', {}, ['--force'], /Usage/],
    ['no database', { DATABASE_URL: '', MAESTRO_DATA_DIR: '/nonexistent/maestro' }, [], /DATABASE_URL is missing, and there is no database in/],
    ['a database that is no address', { DATABASE_URL: 'postgres//user:pass-word@host' }, [], /DATABASE_URL must be a URL/],
  ])('%s is told in a sentence', async (_what, given, args, sentence) => {
    const refused = await rotate({ ...env, ...given }, args);
    expect(refused).toMatchObject({ code: 2, said: expect.stringMatching(sentence) as string });
    expect(refused.said).not.toContain('pass-word');
    saysNoSecret(refused);
  });

  it('a database that cannot be reached is told in a sentence', async () => {
    expect(await rotate({ ...env, DATABASE_URL: 'postgres://u:p@127.0.0.1:9/x' })).toEqual({ code: 1, said: 'The database at DATABASE_URL cannot be reached. Nothing was changed.\n' });
  });
});

describe('with the generated key of a data directory', () => {
  let folder: string;
  const secretsFile = () => join(folder, 'secrets.json');
  const withDatabase = async <Result>(use: (db: Kysely<Database>) => Promise<Result>): Promise<Result> => {
    const server = await startPglite({ dataDir: join(folder, 'database'), port: 0, content: 'maestro' });
    const db = createDatabase({ connectionString: server.connectionString, maxConnections: 1 });
    try {
      return await use(db);
    } finally {
      await db.destroy();
      await server.stop();
    }
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'maestro-rotate-'));
    const { encryption_key: key } = loadSecrets(secretsFile());
    await withDatabase(async (db) => {
      await migrateToLatest(db);
      await keepOfEach(db, key);
    });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('a new key takes its place in secrets.json once everything is sealed with it, also when that was interrupted before', async () => {
    const before = loadSecrets(secretsFile());
    // What a rotation leaves that was killed before it sealed anything.
    const prepared = prepareEncryptionKey(secretsFile());
    const ended = await rotate({ MAESTRO_DATA_DIR: folder }, ['--generate']);
    expect(ended).toMatchObject({ code: 0, said: expect.stringContaining('Secrets: 1 sealed anew') as string });
    const after = loadSecrets(secretsFile());
    expect(after).toEqual({ ...before, encryption_key: prepared });
    expect(existsSync(`${secretsFile()}.next-key`)).toBe(false);
    expect(await withDatabase((db) => openAll(db, prepared))).toEqual(Object.entries(values));
    for (const word of [...Object.values(values), prepared, before.encryption_key]) expect(ended.said).not.toContain(word);
  });

  it('while Maestro runs there, or with a key of the environment, it is refused', async () => {
    const text = readFileSync(secretsFile(), 'utf8');
    const running = openDataDir(folder);
    expect(await rotate({ MAESTRO_DATA_DIR: folder }, ['--generate'])).toMatchObject({ code: 1, said: expect.stringContaining('already running') as string });
    running.release();
    expect(await rotate({ MAESTRO_DATA_DIR: folder, MAESTRO_ENCRYPTION_KEY: newKey }, ['--generate'])).toMatchObject({ code: 2, said: expect.stringContaining('leave out --generate') as string });
    expect(readFileSync(secretsFile(), 'utf8')).toBe(text);
  });
});
