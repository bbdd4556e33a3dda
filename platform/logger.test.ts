import { describe, expect, it } from 'vitest';
import pg from 'pg';
import { type SecretConfig, listConfigSecrets } from './config-secrets.ts';
import { loadConfig } from './config.ts';
import { createLogger } from './logger.ts';

const config: SecretConfig = loadConfig({
  DATABASE_URL: 'postgres://maestro:s3cr%2Ft-of-db@127.0.0.1:9/maestro', TEMPORAL_ADDRESS: '127.0.0.1:7233', MAESTRO_JWT_SECRET: 'a secret of the tests, long enough', MAESTRO_ENCRYPTION_KEY: 'ab'.repeat(32),
  OPENAI_API_KEY: 'sk-proj-0123456789abcdef', BRAVE_API_KEY: '1234567', SMTP_URL: 'smtp://mailer:mail%20pass@127.0.0.1:25', MAESTRO_DATA_SOURCES: 'shop=postgres://reader:reading-is-fun@127.0.0.1/shop support=postgres://postgres:postgres@127.0.0.1/postgres',
});

/** What a logger with the secrets of this configuration writes. */
function logged(write: (logger: ReturnType<typeof createLogger>) => void): string[] {
  const lines: string[] = [];
  write(createLogger({ name: 'test', level: 'info', secrets: listConfigSecrets(config), destination: { write: (line) => lines.push(line) } }));
  return lines;
}

describe('a log', () => {
  it('of an error that repeats the address of the database has neither address nor password, in the message, the stack and the cause', () => {
    const cause = new Error(`connect ECONNREFUSED ${config.database.url}`);
    const error = new Error(`cannot open ${config.database.url} as s3cr/t-of-db`, { cause });
    const [line = ''] = logged((logger) => logger.error({ error, tried: [config.database.url] }, `no database at ${config.database.url}`));
    expect(line).not.toMatch(/s3cr/);
    const entry = JSON.parse(line) as { msg: string; error: { message: string; stack: string; cause: { message: string } } };
    expect(entry.error.message).toBe('cannot open postgres://maestro:[password of DATABASE_URL]@127.0.0.1:9/maestro as [password of DATABASE_URL]');
    expect(entry.error.cause.message).toContain('connect ECONNREFUSED postgres://maestro:[password');
    expect(entry.msg).toContain('127.0.0.1:9');
  });

  it('of what a driver says that cannot connect is whole but for the password', async () => {
    const client = new pg.Client({ connectionString: config.database.url });
    const error = await client.connect().then(() => expect.unreachable(), (thrown: unknown) => thrown);
    const [line = ''] = logged((logger) => logger.warn({ error, client: { connectionString: config.database.url, user: 'maestro' } }, 'database connection lost'));
    expect(line).toContain('ECONNREFUSED');
    expect(line).not.toMatch(/s3cr/);
  });

  it('hides every secret of the configuration, however it is written', () => {
    const secrets = ['sk-proj-0123456789abcdef', 'mail pass', 'reading-is-fun', config.auth.jwtSecret, config.auth.encryptionKey];
    const lines = logged((logger) => {
      for (const secret of secrets) for (const text of [secret, encodeURIComponent(secret), Buffer.from(`Bearer ${secret}`).toString('base64'), JSON.stringify({ secret })]) logger.info({ text }, text);
    });
    expect(lines).toHaveLength(20);
    for (const line of lines) {
      for (const secret of secrets) for (const spelling of [secret, encodeURIComponent(secret)]) expect(line).not.toContain(spelling);
      expect(JSON.parse(line)).toMatchObject({ level: 30, process: 'test' });
    }
  });

  it('stays JSON when a secret of digits stands inside a number', () => {
    const [line = ''] = logged((logger) => logger.info({ count: 912_345_678, key: 1_234_567, text: 'the key is 1234567' }, 'counted'));
    expect(JSON.parse(line)).toMatchObject({ count: 912_345_678, key: '[brave key]', text: 'the key is [brave key]', msg: 'counted' });
  });

  it('without a secret in it is written as it is, words that are also passwords by default included', () => {
    const [line = ''] = logged((logger) => logger.info({ database: 'postgres' }, 'reading from postgres'));
    expect(JSON.parse(line)).toMatchObject({ database: 'postgres', msg: 'reading from postgres' });
    const [address = ''] = logged((logger) => logger.info('postgres://postgres:postgres@127.0.0.1/postgres'));
    expect(JSON.parse(address)).toMatchObject({ msg: 'postgres://[password of data source support]@127.0.0.1/postgres' });
  });

  it('hides values under names of secrets, whatever they are', () => {
    const [line = ''] = logged((logger) => logger.info({ request: { headers: { authorization: 'Bearer anything' } }, password: 'abc' }, 'asked'));
    expect(JSON.parse(line)).toMatchObject({ password: '[redacted]', request: { headers: { authorization: '[redacted]' } } });
  });
});
