import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Connection } from '@temporalio/client';
import { searchAttributes } from '../temporal/names.ts';
import { startNodeProcess } from './managed-process.ts';

const guard = fileURLToPath(new URL('./guard.ts', import.meta.url));
/** How long it may take to answer; a few seconds on a machine that is not busy. */
const startTimeoutMs = 60_000;

const cliTypes = { KEYWORD: 'Keyword', DATETIME: 'Datetime', DOUBLE: 'Double', INT: 'Int' } as const;

/**
 * The dev server has one history shard and lets its queues load 20 times a second, so each dispatched task waits about 45 ms. With
 * these settings ten activities in a row take 120–200 ms instead of 1,050 ms. WAL with full fsync keeps the durability of
 * the default journal at twice the runs per second.
 */
const tuning = [
  ...['transfer', 'timer', 'visibility'].flatMap((queue) => [
    `history.${queue}ProcessorMaxPollRPS=5000`,
    `history.${queue}ProcessorMaxPollHostRPS=5000`,
  ]),
  'system.enableActivityEagerExecution=true',
];
const pragmas = ['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=2'];

export interface TemporalServer {
  address: string;
  pid: number;
  /** Its own Web UI; undefined when it runs headless. */
  uiUrl: string | undefined;
  /** How it ended. */
  exited: Promise<string>;
  isAlive(): boolean;
  lastWords(): string;
  stop(): Promise<void>;
  /** SIGKILL, as a crash would. */
  kill(): Promise<void>;
}

export interface TemporalServerOptions {
  binary: string;
  port: number;
  /** Undefined: no Web UI. */
  uiPort?: number | undefined;
  /** Undefined: state in memory, gone at the end. */
  dbFile?: string | undefined;
  logFile?: string | undefined;
  namespace?: string | undefined;
  /** Dynamic configuration besides, `name=value` each. */
  settings?: readonly string[] | undefined;
}

/** Starts Temporal's dev server on loopback and waits until it answers. @throws Error with what it said when it does not. */
export async function startTemporalServer(options: TemporalServerOptions): Promise<TemporalServer> {
  const { binary, port, uiPort, dbFile, logFile } = options;
  const attributes = Object.entries(searchAttributes).flatMap(([name, type]) => ['--search-attribute', `${name}=${cliTypes[type]}`]);
  if (dbFile !== undefined) mkdirSync(dirname(dbFile), { recursive: true, mode: 0o700 });
  // The program knows nothing of parents; the guard ends it when this process is gone.
  const child = startNodeProcess({
    script: guard,
    args: [
      dbFile === undefined ? '' : dirname(dbFile), binary,
      'server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--log-level', 'warn',
      ...(options.namespace === undefined ? [] : ['--namespace', options.namespace]),
      ...(uiPort === undefined ? ['--headless'] : ['--ui-port', String(uiPort), '--ui-ip', '127.0.0.1']),
      ...(dbFile === undefined ? [] : ['--db-filename', dbFile, ...pragmas]),
      ...attributes, ...[...tuning, ...(options.settings ?? [])].flatMap((setting) => ['--dynamic-config-value', setting]),
    ],
    logFile,
  });
  const address = `127.0.0.1:${port}`;
  const failure = (cause: unknown): Error =>
    new Error(`The Temporal dev server did not start on port ${port}: ${child.lastWords().split('\n').slice(-3).join(' ')}`, { cause });
  const { pid } = await child.firstMessage<{ pid: number }>().catch((error: unknown) => {
    throw failure(error);
  });
  const kill = async (): Promise<void> => {
    try {
      if (child.isAlive()) process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself a moment ago.
    }
    await child.exited;
  };
  // Were the guard killed alone, its program would go on without anybody to stop it.
  void child.exited.then((how) => {
    if (how.startsWith('exit code')) return; // It waited for its program.
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Both were ended.
    }
  });
  for (const deadline = Date.now() + startTimeoutMs; ; ) {
    try {
      const connection = await Connection.connect({ address, connectTimeout: 1_000 });
      await connection.workflowService.describeNamespace({ namespace: options.namespace ?? 'default' });
      await connection.close();
      break;
    } catch (error) {
      if (!child.isAlive() || Date.now() > deadline) {
        await kill();
        throw failure(error);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  return {
    address,
    pid,
    uiUrl: uiPort === undefined ? undefined : `http://127.0.0.1:${uiPort}`,
    exited: child.exited,
    isAlive: child.isAlive,
    lastWords: child.lastWords,
    stop: () => child.stop(),
    kill,
  };
}
