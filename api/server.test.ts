import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../tests/support/database.ts';
import { readEvents } from '../tests/support/event-reader.ts';
import { startProcess, type TestProcess } from '../tests/support/process.ts';
import { until } from '../tests/support/until.ts';

let database: TestDatabase;
const started: TestProcess[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await Promise.all(started.map((one) => one.kill()));
  await database.close();
});

const admin = { email: 'admin@example.com', password: 'correct horse battery' };
/** A whole configuration; nothing listens at the Temporal address. */
const settings = (env: Record<string, string> = {}): Record<string, string> => ({
  PORT: '0', DATABASE_URL: database.connectionString, TEMPORAL_ADDRESS: '127.0.0.1:1', LOG_LEVEL: 'info',
  MAESTRO_JWT_SECRET: 'a secret of the tests, long enough', MAESTRO_ENCRYPTION_KEY: '0'.repeat(64), MAESTRO_ADMIN_EMAIL: admin.email, MAESTRO_ADMIN_PASSWORD: admin.password, ...env,
});
const start = (env: Record<string, string>): TestProcess => {
  const one = startProcess('api/server.ts', env);
  started.push(one);
  return one;
};
const listening = (server: TestProcess): Promise<string> =>
  until('the api to listen', () => {
    if (!server.isAlive()) throw new Error(server.output());
    const port = /"port":(\d+).*api is listening/.exec(server.output())?.[1];
    return port === undefined ? undefined : `http://127.0.0.1:${port}`;
  });
/** What it said on its way out: one sentence, no stack. */
async function refusal(env: Record<string, string>): Promise<string> {
  const server = start(env);
  expect(await server.exited).toBe(1);
  expect(server.output()).not.toMatch(/\n\s+at /);
  return server.output().trim();
}

describe('api process', () => {
  it('serves, lets the configured admin in, and on SIGTERM ends streams cleanly and leaves with 0', async () => {
    const server = start(settings());
    const url = await listening(server);
    const signIn = await fetch(`${url}/api/auth/token`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(admin) });
    expect(signIn.status).toBe(200);
    const { access_token: token } = (await signIn.json()) as { access_token: string };
    expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ status: 'not_ready', checks: { database: 'ok', temporal: 'unreachable', policy_engine: 'ok' } });
    const stream = await readEvents(`${url}/api/events`, { authorization: `Bearer ${token}` });
    expect(await server.stop(), server.output()).toBe(0);
    await until('the stream to end', () => stream.hasEnded);
    expect(server.output()).not.toContain(token);
    expect(server.output()).not.toContain(admin.password);
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });

  it('says all that is wrong with its settings at once, without their values', async () => {
    const said = await refusal({ ...settings(), DATABASE_URL: 'mysql://someone:hidden@host/db', MAESTRO_JWT_SECRET: 'short', TEMPORAL_ADDRESS: '' });
    expect(said).toMatch(/DATABASE_URL/);
    expect(said).toMatch(/MAESTRO_JWT_SECRET/);
    expect(said).toMatch(/TEMPORAL_ADDRESS/);
    expect(said).not.toMatch(/hidden|short\b/);
  });

  it('a busy port is one clear sentence', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await until('the blocker to listen', () => blocker.listening);
    const { port } = blocker.address() as AddressInfo;
    try {
      expect(await refusal(settings({ PORT: String(port) }))).toBe(`Port ${port} on 127.0.0.1 is already in use. Stop what uses it or set PORT to another one.`);
    } finally {
      blocker.close();
    }
  });

  it('a database that cannot be reached is one clear sentence', async () => {
    expect(await refusal(settings({ DATABASE_URL: 'postgres://someone:hidden@127.0.0.1:1/db' }))).toBe('The database at DATABASE_URL cannot be reached.');
  });

  it('a database that is behind is not served', async () => {
    const empty = await createTestDatabase({ migrate: false });
    try {
      expect(await refusal(settings({ DATABASE_URL: empty.connectionString }))).toMatch(/^The database is not up to date: .*Run "npm run migrate" first\.$/);
    } finally {
      await empty.close();
    }
  });
});
