import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { lockDirectory } from './directory-lock.ts';
import { StartError } from './start-error.ts';

const runningSchema = z.object({ pid: z.number(), url: z.string() });
/** The start that has a data directory now. */
export type Running = z.infer<typeof runningSchema>;

export interface DataDir {
  path: string;
  /** Paths of what lies inside. */
  at(name: 'database' | 'demo-data' | 'temporal' | 'secrets.json' | 'ports.json'): string;
  logFile(name: string): string;
  /** The start before did not end in order: what it left may still be ending. */
  wasInterrupted: boolean;
  /** Tells other starts on this directory where this one is. */
  announce(url: string): void;
  release(): void;
}

const words: Record<string, string> = { EACCES: 'this user may not write there', EPERM: 'this user may not write there', EROFS: 'it is on a read-only file system', ENOTDIR: 'a part of the path is a file', EEXIST: 'it is a file', ENOSPC: 'the disk is full' };
const reasonOf = (error: unknown): string => words[(error as NodeJS.ErrnoException).code ?? ''] ?? (error instanceof Error ? error.message : String(error));

/** Who has this data directory, if anybody said so. */
export function findRunning(path: string): Running | undefined {
  try {
    return runningSchema.parse(JSON.parse(readFileSync(join(path, 'running.json'), 'utf8')));
  } catch {
    return undefined;
  }
}

/** The data directory is in use by another start. */
export class DataDirInUseError extends StartError {
  readonly running: Running | undefined;
  constructor(path: string, running: Running | undefined) {
    super(`Maestro is already running on ${path}${running === undefined ? '' : ` (${running.url}, process ${running.pid})`}: use that one, stop it, or choose another directory with MAESTRO_DATA_DIR.`);
    this.running = running;
  }
}

/** Makes the data directory where it is missing and takes it for this process. @throws StartError, DataDirInUseError. */
export function openDataDir(path: string): DataDir {
  const runningFile = join(path, 'running.json');
  let lock: { release(): void } | undefined;
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    mkdirSync(join(path, 'logs'), { recursive: true, mode: 0o700 });
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    lock = lockDirectory(path);
  } catch (error) {
    throw new StartError(`The data directory ${path} cannot be used: ${reasonOf(error)}. Choose another one with MAESTRO_DATA_DIR.`, { cause: error });
  }
  if (lock === undefined) throw new DataDirInUseError(path, findRunning(path));
  const wasInterrupted = existsSync(runningFile);
  const held = lock;
  return {
    path,
    at: (name) => join(path, name),
    logFile: (name) => join(path, 'logs', `${name}.log`),
    wasInterrupted,
    announce: (url) => writeFileSync(runningFile, `${JSON.stringify({ pid: process.pid, url } satisfies Running)}\n`),
    release() {
      rmSync(runningFile, { force: true });
      held.release();
    },
  };
}
