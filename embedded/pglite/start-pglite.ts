import { fileURLToPath } from 'node:url';
import { startNodeProcess } from '../managed-process.ts';

export interface PgliteProcess {
  connectionString: string;
  port: number;
  pid: number;
  /** How it ended. */
  exited: Promise<string>;
  isAlive(): boolean;
  lastWords(): string;
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

const script = fileURLToPath(new URL('./server.ts', import.meta.url));
/** A first start on a busy machine takes ten seconds, on a very busy one a minute; a damaged database may hang instead of failing. */
const startTimeoutMs = 240_000;

/** The line that tells what is wrong, of everything a failed start prints. */
const causeIn = (said: string): string => said.split('\n').findLast((line) => /\b(error|fatal|panic|in use)\b/i.test(line))?.trim().slice(0, 300) ?? 'it did not say why';

/** Starts PGlite behind a PostgreSQL socket in a process of its own. @throws Error with what it said when it does not start. */
export async function startPglite(options: PgliteOptions): Promise<PgliteProcess> {
  const child = startNodeProcess({ script, args: [options.dataDir, String(options.port), options.content], logFile: options.logFile });
  let isTooLate = false;
  const tooLate = setTimeout(() => {
    isTooLate = true;
    void child.kill();
  }, startTimeoutMs);
  try {
    const { port } = await child.firstMessage<{ port: number }>();
    return { ...child, port, connectionString: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`, stop: () => child.stop() };
  } catch (error) {
    throw new Error(`the database in ${options.dataDir} did not start: ${isTooLate ? `no answer within ${startTimeoutMs / 1000} s; if this machine is busy, start again` : causeIn(child.lastWords())}`, { cause: error });
  } finally {
    clearTimeout(tooLate);
  }
}
