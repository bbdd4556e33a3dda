import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AppError } from '../../contracts/errors.ts';
import { createDatabase } from '../../db/connect.ts';
import { insertConnection } from '../../db/repositories/llm-connections.repository.ts';
import { findSecretsByName, insertSecret } from '../../db/repositories/secrets.repository.ts';
import { loadConfig } from '../../platform/config.ts';
import { newId } from '../../platform/ids.ts';
import { createSecretBox } from '../../platform/secret-box.ts';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database.ts';
import { openLine } from '../../tests/support/line.ts';
import { until } from '../../tests/support/until.ts';
import { createSecrets } from './create-secrets.ts';
import { sealedFor } from './sealed-for.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.db.deleteFrom('secrets').execute();
});

const secretBox = createSecretBox('ab'.repeat(32));
const config = loadConfig({
  DATABASE_URL: 'postgres://maestro:password-of-the-database@127.0.0.1/maestro', TEMPORAL_ADDRESS: '127.0.0.1:7233', MAESTRO_JWT_SECRET: 'a secret of the tests, long enough', MAESTRO_ENCRYPTION_KEY: 'ab'.repeat(32),
  ANTHROPIC_API_KEY: 'sk-ant-configured', SMTP_URL: 'smtps://mailer:mail-password@127.0.0.1', MAESTRO_DATA_SOURCES: 'shop=postgres://reader:shop-password@127.0.0.1/shop', EMBEDDING_MODEL: 'm', EMBEDDING_API_KEY: 'embedding-key-1',
});
const token = 'ghp_the-token-of-the-bot';
const keep = async (name: string, value: string, { hosts = ['api.example.com'], box = secretBox } = {}): Promise<string> => {
  const id = newId();
  await insertSecret(database.db, { id, name, valueSealed: box.seal(value, sealedFor({ kind: 'secret', id })), hint: '…', hosts, description: '', createdBy: null });
  return id;
};
/** The secrets of a worker whose clock the test moves. */
const open = (db = database.db) => {
  const clock = { now: Date.now() };
  return { clock, ...createSecrets({ db, secretBox, config }, () => clock.now) };
};
const rejection = (promise: Promise<unknown>): Promise<AppError> => promise.then(() => expect.unreachable(), (error: unknown) => error as AppError);
const usedAt = async (name: string): Promise<Date | null | undefined> => (await findSecretsByName(database.db, [name])).get(name)?.last_used_at;

describe('a reference', () => {
  it('is replaced for a host the secret may go to, every time it stands there', async () => {
    await keep('github', token);
    await keep('other', '$& $1 {{secret:github}}');
    const { revealFor, reveal } = open();
    const url = new URL('https://api.example.com/repos');
    expect(await revealFor('Bearer {{secret:github}}, {{ secret:github }}, {{secret:other}}', url)).toBe(`Bearer ${token}, ${token}, $& $1 {{secret:github}}`);
    expect(await revealFor('no secret at all {{secret:}}', url)).toBe('no secret at all {{secret:}}');
    expect(await reveal('token={{secret:github}}')).toBe(`token=${token}`);
  });

  it.each([
    ['another host', 'https://evil.example.com/', ['api.example.com']],
    ['a host that begins like it', 'https://api.example.com.evil.net/', ['api.example.com']],
    ['another port', 'https://api.example.com:8443/', ['api.example.com']],
    ['any host, when it may go nowhere', 'https://api.example.com/', []],
    ['the domain above', 'https://example.com/', ['*.example.com']],
  ])('is refused for %s, and the text does not tell the value', async (_what, url, hosts) => {
    await keep('github', token, { hosts });
    const error = await rejection(open().revealFor('{{secret:github}}', new URL(url)));
    expect(error).toMatchObject({ code: 'TOOL_REFUSED', message: expect.stringContaining('"github"') as string });
    expect(`${error.message} ${JSON.stringify(error.details ?? {})}`).not.toContain(token);
    expect(await usedAt('github')).toBeNull();
  });

  it('to a secret that does not exist is refused to whoever asks, and told to an admin who wrote it', async () => {
    await keep('github', token);
    const { revealFor, reveal } = open();
    expect(await rejection(revealFor('{{secret:github}} {{secret:gone}}', new URL('https://api.example.com')))).toMatchObject({ code: 'TOOL_REFUSED', message: 'There is no secret named "gone".' });
    expect(await rejection(reveal('{{secret:gone}}'))).toMatchObject({ code: 'TOOL_NOT_CONFIGURED' });
  });

  it('to a secret that was sealed with another key cannot be used', async () => {
    await keep('github', token, { box: createSecretBox('cd'.repeat(32)) });
    for (const use of [open().reveal('{{secret:github}}'), open().revealFor('{{secret:github}}', new URL('https://api.example.com'))]) expect(await rejection(use)).toMatchObject({ code: 'TOOL_NOT_CONFIGURED', message: expect.stringContaining('anew') as string });
  });

  it('notes when it was used, at most once a minute', async () => {
    await keep('github', token);
    const { reveal } = open();
    await reveal('{{secret:github}}');
    const first = await until('the first use to be noted', () => usedAt('github'));
    await reveal('{{secret:github}}');
    expect(await usedAt('github')).toEqual(first);
    await database.db.updateTable('secrets').set({ last_used_at: new Date(Date.now() - 120_000) }).execute();
    await reveal('{{secret:github}}');
    await until('the next use to be noted', async () => ((await usedAt('github'))?.getTime() ?? 0) >= first.getTime());
  });
});

describe('the mask', () => {
  it('hides everything Maestro keeps, by the name it is known under', async () => {
    await keep('github', token);
    const { db } = database;
    const id = newId();
    await insertConnection(db, { id, name: 'Local "models"', api: 'openai', baseUrl: null, apiKeySealed: secretBox.seal('sk-of-a-connection', sealedFor({ kind: 'connection', id })), apiKeyHint: '…', limits: { requests_per_minute: null, tokens_per_minute: null }, isEnabled: true, createdBy: null });
    const source = newId();
    await db.insertInto('data_sources').values({ id: source, name: 'sales', description: '', url: 'postgres://reader@db.example.com/sales', password_sealed: secretBox.seal('sales-password', sealedFor({ kind: 'data_source', id: source })), readable_tables: null, max_rows: 1, statement_timeout_seconds: 1, created_by: null, updated_by: null }).execute();
    const { mask } = open();
    const kept = { token, connection: 'sk-of-a-connection', source: 'sales-password', shop: 'shop-password', smtp: 'mail-password', anthropic: 'sk-ant-configured', embedding: 'embedding-key-1', jwt: config.auth.jwtSecret, key: config.auth.encryptionKey, database: 'password-of-the-database' };
    const masked = await mask({ ...kept, url: config.database.url, list: Object.values(kept).map((value) => `<${encodeURIComponent(value)}>`), basic: Buffer.from(`reader:${kept.source}`).toString('base64') });
    expect(masked).toMatchObject({
      token: '{{secret:github}}', connection: '[key of Local ?models?]', source: '[password of data source sales]', shop: '[password of data source shop]', smtp: '[password of SMTP_URL]', anthropic: '[ANTHROPIC_API_KEY]',
      embedding: '[EMBEDDING_API_KEY]', jwt: '[MAESTRO_JWT_SECRET]', key: '[MAESTRO_ENCRYPTION_KEY]', database: '[password of DATABASE_URL]', url: 'postgres://maestro:[password of DATABASE_URL]@127.0.0.1/maestro',
    });
    for (const value of Object.values(kept)) expect(JSON.stringify(masked)).not.toContain(value);
    expect(masked.list.every((text) => /^<.*(\]|\}\})>$/.test(text))).toBe(true);
    expect(masked.basic).toContain('[password of data source sales]');
    await db.deleteFrom('llm_connections').execute();
    await db.deleteFrom('data_sources').execute();
  });

  it('follows what admins change within five seconds, and what is used here at once', async () => {
    const worker = open();
    expect(await worker.mask(token)).toBe(token);
    await keep('github', token);
    expect(await worker.mask(token)).toBe(token);
    worker.clock.now += 5_000;
    expect(await worker.mask(token)).toBe('{{secret:github}}');
    await keep('fresh', 'another-fresh-value');
    await worker.reveal('{{secret:fresh}}');
    expect(await worker.mask('another-fresh-value')).toBe('{{secret:fresh}}');
  });

  it('goes on hiding a value that was replaced while calls that began with it may still be answered', async () => {
    const id = await keep('github', token);
    const worker = open();
    await worker.mask('');
    await database.db.updateTable('secrets').set({ value_sealed: secretBox.seal('the-new-token', sealedFor({ kind: 'secret', id })) }).execute();
    worker.clock.now += 6_000;
    expect(await worker.mask([token, 'the-new-token'])).toEqual(['{{secret:github}}', '{{secret:github}}']);
    worker.clock.now += 21 * 60_000;
    expect(await worker.mask([token, 'the-new-token'])).toEqual([token, '{{secret:github}}']);
  });

  it('leaves values too short to tell from other text, and those nobody can open', async () => {
    await keep('pin', '12345');
    await keep('lost', token, { box: createSecretBox('cd'.repeat(32)) });
    expect(await open().mask({ year: '12345', token })).toEqual({ year: '12345', token });
  });

  it('works with the last known list while the database is away, and refuses to let anything through before it ever knew one', async () => {
    await keep('github', token);
    const line = await openLine();
    const db = createDatabase({ connectionString: line.to(database.connectionString), maxConnections: 1 });
    const worker = open(db);
    expect(await worker.mask(token)).toBe('{{secret:github}}');
    await line.cut();
    worker.clock.now += 6_000;
    expect(await worker.mask(`it is ${token}`)).toBe('it is {{secret:github}}');
    expect(await rejection(worker.reveal('{{secret:github}}'))).toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    const unaware = open(db);
    expect(await rejection(unaware.mask('anything'))).toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    await line.restore();
    expect(await unaware.mask(token)).toBe('{{secret:github}}');
    await line.cut();
    await db.destroy();
  });
});
