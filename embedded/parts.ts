// The parts an installation runs, as the supervisor takes them.
import type { Kysely } from 'kysely';
import pg from 'pg';
import type { Database } from '../db/database.ts';
import { findLastHeartbeat } from '../db/repositories/health.repository.ts';
import type { DataDir } from './data-dir.ts';
import { type ManagedProcess, startNodeProcess } from './managed-process.ts';
import { type PgliteProcess, startPglite } from './pglite/start-pglite.ts';
import type { InternalPorts } from './ports.ts';
import { StartError } from './start-error.ts';
import type { Part } from './supervisor.ts';
import { startTemporalServer } from './temporal-server.ts';

type Log = (line: string) => void;

const pollMs = 50;
const readyMs = 60_000;

/** Asks a database on a connection of its own, so that a hung one is noticed whatever the pools hold. */
async function askDatabase(connectionString: string, signal: AbortSignal): Promise<void> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  const giveUp = (): void => void client.end().catch(() => undefined);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    await client.connect();
    await client.query('select 1');
  } finally {
    signal.removeEventListener('abort', giveUp);
    await client.end().catch(() => undefined);
  }
}

async function openDatabase(options: Parameters<typeof startPglite>[0]): Promise<PgliteProcess> {
  try {
    return await startPglite(options);
  } catch (error) {
    throw new StartError(`The database in ${options.dataDir} cannot be opened (${error instanceof Error ? error.message.split(': ').at(-1) : 'unknown'}). If it does not open on a second start either, bring the directory back from a copy, or move it away to begin anew.`, { cause: error });
  }
}

const pglitePart = (name: string, options: Parameters<typeof startPglite>[0]): Part => ({
  name,
  start: () => openDatabase(options),
  probe: (signal) => askDatabase(`postgres://postgres:postgres@127.0.0.1:${options.port}/postgres`, signal),
});

/** Maestro's own database. */
export const databasePart = (dataDir: DataDir, ports: InternalPorts): Part =>
  pglitePart('database', { dataDir: dataDir.at('database'), port: ports.database, content: 'maestro', logFile: dataDir.logFile('database') });

/** The demo's ticket database: a process of its own, because a model writes its statements and no statement of PGlite can be interrupted. */
export const demoDataPart = (dataDir: DataDir, ports: InternalPorts): Part =>
  pglitePart('demo data', { dataDir: dataDir.at('demo-data'), port: ports.demoData, content: 'tickets', logFile: dataDir.logFile('demo-data') });

export const temporalPart = (dataDir: DataDir, ports: InternalPorts, { binary, uiPort, namespace }: { binary: string; uiPort: number; namespace: string }): Part => ({
  name: 'temporal',
  start: () => startTemporalServer({ binary, port: ports.temporal, uiPort, namespace, dbFile: `${dataDir.at('temporal')}/temporal.db`, logFile: dataDir.logFile('temporal') }),
});

/** Errors of api and worker also come to the terminal, short; everything is in the log file. */
const showErrors = (name: string, log: Log) => (line: string): void => {
  let entry: { level?: number; msg?: string; error?: { message?: string } };
  try {
    entry = JSON.parse(line) as typeof entry;
  } catch {
    return;
  }
  if ((entry.level ?? 0) >= 50) log(`${name}: ${entry.msg ?? 'error'}${entry.error?.message === undefined ? '' : ` (${entry.error.message.split('\n')[0]?.slice(0, 200)})`}`);
};

/** Waits until `isReady`; a process that ends before, or takes too long, did not start. */
async function whenReady(name: string, child: ManagedProcess, isReady: () => Promise<boolean>): Promise<ManagedProcess> {
  for (const deadline = Date.now() + readyMs; !(await isReady().catch(() => false)); ) {
    if (!child.isAlive()) throw new StartError(`The ${name} did not start: ${child.lastWords().split('\n').slice(-5).join('\n')}`);
    if (Date.now() > deadline) {
      await child.kill();
      throw new StartError(`The ${name} did not get ready within ${readyMs / 1000} s; its log may say why.`);
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  return child;
}

const answers = async (url: string, signal = AbortSignal.timeout(5_000)): Promise<boolean> => (await fetch(url, { signal })).ok;
const localUrl = ({ host, port }: { host: string; port: number }): string => `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host}:${port}`;

export const apiPart = (dataDir: DataDir, env: NodeJS.ProcessEnv, address: { host: string; port: number }, log: Log): Part => ({
  name: 'api',
  async start() {
    const child = startNodeProcess({ script: 'api/server.ts', env, logFile: dataDir.logFile('api'), onLine: showErrors('api', log), endsWithParent: true });
    return whenReady('api', child, () => answers(`${localUrl(address)}/readyz`));
  },
  probe: (signal) => answers(`${localUrl(address)}/healthz`, signal),
});

export const workerPart = (dataDir: DataDir, env: NodeJS.ProcessEnv, db: Kysely<Database>, log: Log): Part => ({
  name: 'worker',
  async start() {
    const startedAt = Date.now();
    const child = startNodeProcess({ script: 'worker.ts', env, logFile: dataDir.logFile('worker'), onLine: showErrors('worker', log), endsWithParent: true });
    // It reports once it polls; another worker's report would do as well, because then runs go on.
    return whenReady('worker', child, async () => ((await findLastHeartbeat(db))?.getTime() ?? 0) >= startedAt);
  },
});

/** Vite's dev server, for `npm run dev`. */
export const webPart = (dataDir: DataDir, env: NodeJS.ProcessEnv, { host, port }: { host: string; port: number }, log: Log): Part => ({
  name: 'web',
  async start() {
    const child = startNodeProcess({
      script: 'node_modules/vite/bin/vite.js',
      args: ['--config', 'web/vite.config.ts', '--host', host, '--port', String(port), '--strictPort', '--clearScreen', 'false'],
      env, logFile: dataDir.logFile('web'), onLine: (line) => /error/i.test(line) && log(`web: ${line.trim()}`), endsWithParent: true,
    });
    return whenReady('web app', child, () => answers(localUrl({ host, port })));
  },
});
