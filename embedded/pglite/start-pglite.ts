import { type ChildProcess, fork } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface PgliteProcess {
  connectionString: string;
  port: number;
  pid: number;
  exited: Promise<number | null>;
  /** Closes the data properly. */
  stop(): Promise<void>;
  kill(): Promise<void>;
}

export interface PgliteOptions {
  /** A folder, or `memory://` for a database that lives as long as its process. */
  dataDir: string;
  /** 0: any free one. */
  port: number;
  /** `maestro`: empty, with pgvector; `tickets`: the demo's data. */
  content: 'maestro' | 'tickets';
  logFile?: string | undefined;
}

/** Starts PGlite behind a PostgreSQL socket in a process of its own. @throws Error with what it said when it does not start. */
export async function startPglite(options: PgliteOptions): Promise<PgliteProcess> {
  const script = fileURLToPath(new URL('./server.ts', import.meta.url));
  const child: ChildProcess = fork(script, [options.dataDir, String(options.port), options.content], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] });
  const file = options.logFile === undefined ? undefined : createWriteStream(options.logFile, { flags: 'a' });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4_000);
      file?.write(chunk);
    });
  }
  let hasExited = false;
  const exited = new Promise<number | null>((resolve) =>
    child.once('exit', (code) => {
      hasExited = true;
      file?.end();
      resolve(code);
    }),
  );
  const port = await Promise.race([
    new Promise<number>((resolve) => child.once('message', (message: { port: number }) => resolve(message.port))),
    exited.then((code) => {
      throw new Error(`the database in ${options.dataDir} did not start (${code}): ${said.trim().split('\n').find((line) => /error/i.test(line)) ?? said.trim().slice(-300)}`);
    }),
  ]);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (!hasExited) child.kill(signal);
    const forced = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await exited;
    clearTimeout(forced);
  };
  return {
    connectionString: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
    port,
    pid: child.pid ?? -1,
    exited,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}
