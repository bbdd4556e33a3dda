import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface TestProcess {
  pid: number;
  /** What it printed last, for failure messages. */
  output(): string;
  isAlive(): boolean;
  /** SIGKILL: no chance to clean up. */
  kill(): Promise<void>;
  /** SIGTERM and wait. Returns the exit code. */
  stop(): Promise<number | null>;
  exited: Promise<number | null>;
}

/** Starts one of the product's own processes as a user would, with nothing of this process's environment but the path. */
export function startProcess(script: string, env: Record<string, string>, args: readonly string[] = []): TestProcess {
  const child: ChildProcess = spawn(process.execPath, [script, ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const keep = (chunk: Buffer): void => {
    said = (said + chunk.toString()).slice(-20_000);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const isAlive = (): boolean => child.exitCode === null && child.signalCode === null;
  return {
    pid: child.pid ?? -1,
    output: () => said,
    isAlive,
    exited,
    async kill() {
      if (isAlive()) child.kill('SIGKILL');
      await exited;
    },
    async stop() {
      if (isAlive()) child.kill('SIGTERM');
      return exited;
    },
  };
}

/** Settles like `work`, or fails as soon as the process ends, with what it said. */
export const unlessEnded = <Result>(process: TestProcess, work: Promise<Result>): Promise<Result> =>
  Promise.race([work, process.exited.then((code) => Promise.reject(new Error(`the process ended with ${code}: ${process.output()}`)))]);
