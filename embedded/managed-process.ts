import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { openLogFile } from './log-file.ts';

export interface ManagedProcess {
  pid: number;
  isAlive(): boolean;
  /** How it ended, as words: "exit code 1", "SIGKILL". */
  exited: Promise<string>;
  /** What it printed last. */
  lastWords(): string;
  /** The first message it sends over its channel; rejects with its last words when it ends before. */
  firstMessage<Message>(): Promise<Message>;
  /** SIGTERM, then SIGKILL after `graceMs` (default 10 s). */
  stop(graceMs?: number): Promise<void>;
  /** SIGKILL, as a crash would. */
  kill(): Promise<void>;
}

export interface ProcessOptions {
  /** Path below the project, or absolute. */
  script: string;
  args?: readonly string[];
  /** Its whole environment; undefined: this process's. */
  env?: NodeJS.ProcessEnv;
  logFile?: string | undefined;
  /** Each whole line it prints. */
  onLine?: ((line: string) => void) | undefined;
  /** For scripts that do not watch their channel themselves: they then end with this process, however it ends. */
  endsWithParent?: boolean;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const endWithParent = new URL('./end-with-parent.ts', import.meta.url).href;
const keptChars = 4_000;
const lastWordsMs = 500;

/** Calls back with whole lines of what comes in pieces. */
function splitLines(onLine: (line: string) => void): (chunk: string) => void {
  let rest = '';
  return (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = (lines.pop() ?? '').slice(-100_000);
    for (const line of lines) onLine(line);
  };
}

/**
 * Starts one of our own scripts as a process of its own session, so that Ctrl-C in the terminal does not reach it: the parent stops its
 * children in order. Both are joined by a channel, by which the child notices when the parent is gone.
 */
export function startNodeProcess(options: ProcessOptions): ManagedProcess {
  const child: ChildProcess = fork(options.script, [...(options.args ?? [])], {
    cwd: root,
    env: options.env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Nothing of how this process was started (a test runner's flags) goes on to the child.
    execArgv: options.endsWithParent === true ? ['--import', endWithParent] : [],
    detached: true,
  });
  const file = options.logFile === undefined ? undefined : openLogFile(options.logFile);
  const onText = options.onLine === undefined ? undefined : splitLines(options.onLine);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-keptChars);
      file?.write(chunk);
      onText?.(chunk.toString());
    });
  }
  let hasEnded = false;
  const exited = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      hasEnded = true;
      const end = (): void => resolve(signal ?? `exit code ${code}`);
      // By 'close' its last words have been read; a process it left behind may hold the pipes open for ever.
      child.once('close', end);
      setTimeout(end, lastWordsMs).unref();
    });
    child.once('error', (error) => {
      said += error.message;
      hasEnded = true;
      resolve(error.message);
    });
  });
  const firstMessage = new Promise<unknown>((resolve, reject) => {
    child.once('message', resolve);
    void exited.then((how) => reject(new Error(`it ended with ${how}: ${said.trim().slice(-1_000)}`)));
  });
  firstMessage.catch(() => undefined);
  const end = async (signal: NodeJS.Signals, graceMs: number): Promise<void> => {
    if (hasEnded) return;
    child.kill(signal);
    const forced = setTimeout(() => child.kill('SIGKILL'), graceMs);
    await exited;
    clearTimeout(forced);
  };
  return {
    pid: child.pid ?? -1,
    isAlive: () => !hasEnded,
    exited,
    lastWords: () => said.trim(),
    firstMessage: <Message>() => firstMessage as Promise<Message>,
    stop: (graceMs = 10_000) => end('SIGTERM', graceMs),
    kill: () => end('SIGKILL', 10_000),
  };
}
