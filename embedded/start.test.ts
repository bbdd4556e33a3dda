import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startProcess } from '../tests/support/process.ts';
import { freePort } from '../tests/support/product.ts';
import { openDataDir } from './data-dir.ts';

let folder: string;
const servers: Server[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'maestro-start-'));
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  rmSync(folder, { recursive: true, force: true });
});

const occupy = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    servers.push(server);
  });

/** Starts what must fail; returns how it ended and all it said. */
async function failingStart(env: Record<string, string>): Promise<{ code: number | null; said: string }> {
  const started = startProcess('embedded/start.ts', { PORT: String(await freePort()), TEMPORAL_UI_PORT: String(await freePort()), MAESTRO_DATA_DIR: join(folder, 'data'), ...env });
  const code = await started.exited;
  return { code, said: started.output().trim() };
}

test('a busy web port is one sentence with its number and what to do, and nothing was started', async () => {
  const port = await occupy();
  const { code, said } = await failingStart({ PORT: String(port) });
  expect(code).toBe(1);
  expect(said).toMatch(new RegExp(`^Port ${port}, for the web app and the API, is already in use: .*PORT=${port + 1}\\.$`));
  expect(readdirSync(join(folder, 'data')).toSorted()).toEqual(['.lock', 'logs', 'secrets.json']);
});

test('a busy port of the Temporal Web UI is named as such', async () => {
  const port = await occupy();
  const { code, said } = await failingStart({ TEMPORAL_UI_PORT: String(port) });
  expect(code).toBe(1);
  expect(said).toMatch(new RegExp(`^Port ${port}, for the Temporal Web UI, is already in use: .*TEMPORAL_UI_PORT=`));
});

test('a data directory that is a file is one sentence', async () => {
  writeFileSync(join(folder, 'data'), '');
  const { code, said } = await failingStart({});
  expect(code).toBe(1);
  expect(said).toBe(`The data directory ${join(folder, 'data')} cannot be used: it is a file. Choose another one with MAESTRO_DATA_DIR.`);
});

test('a second start on the same data directory says where the first one is', async () => {
  const dataDir = openDataDir(join(folder, 'data'));
  dataDir.announce('http://127.0.0.1:8000');
  const { code, said } = await failingStart({});
  expect(code).toBe(1);
  expect(said).toMatch(new RegExp(`^Maestro is already running on .* \\(http://127\\.0\\.0\\.1:8000, process ${process.pid}\\): .*MAESTRO_DATA_DIR\\.$`));
  dataDir.release();
});

test('damaged secrets and bad settings stop it before anything starts', async () => {
  mkdirSync(join(folder, 'data'));
  writeFileSync(join(folder, 'data', 'secrets.json'), '{');
  expect(await failingStart({})).toMatchObject({ code: 1, said: expect.stringMatching(/^\S*secrets\.json is damaged: .*\.$/) });
  rmSync(join(folder, 'data'), { recursive: true });
  const { code, said } = await failingStart({ LOG_LEVEL: 'loud', OPENAI_BASE_URL: 'nowhere' });
  expect(code).toBe(1);
  expect(said.split('\n').map((line) => line.trim().split(' ')[0])).toEqual(['The', 'LOG_LEVEL', 'OPENAI_BASE_URL']);
});

test('a database that is damaged is one sentence, and no process is left', async () => {
  mkdirSync(join(folder, 'data', 'database', 'data'), { recursive: true });
  writeFileSync(join(folder, 'data', 'database', 'data', 'PG_VERSION'), 'not a version\n');
  const { code, said } = await failingStart({});
  expect(code).toBe(1);
  expect(said.split('\n').at(-1)).toMatch(/^The database in .*database cannot be opened \(.*\)\. If it does not open on a second start either, bring the directory back from a copy/);
  // The lock of the data directory and those of the parts are free again only when all of them have ended.
  openDataDir(join(folder, 'data')).release();
});
