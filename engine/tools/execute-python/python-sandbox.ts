import { existsSync, realpathSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { AppError } from '../../../contracts/errors.ts';
import { maxRunFileBytes } from '../../../contracts/run-files.ts';
import { untilAborted } from '../../../platform/until-aborted.ts';
import { parseExactJson } from '../parse-exact-json.ts';
import type { Json } from '../tool.ts';
import type { PythonError } from './frames.ts';
import { importedModules } from './imported-modules.ts';
import { createPythonPackages, type PythonPackages } from './packages.ts';
import { type ProgramReport, type SandboxFile, type SandboxLimits, type SandboxProcess, startSandboxProcess } from './sandbox-process.ts';
import { createSlots } from './slots.ts';
import { ensureSnapshot, findPythonRuntime, type PythonRuntime } from './snapshot.ts';

export interface PythonSandboxOptions {
  /** Where the memory image is kept; made when missing. */
  cacheDir: string;
  /** Folder with packages built for Pyodide, e.g. its full release. Undefined: programs have the standard library alone. */
  packagesDir?: string | undefined;
  /** Processes kept started for the next calls (each about 230 MB, used once). Default 1; 0 starts one per call (about 0.5 s). */
  poolSize?: number;
  /**
   * Programs that run at once, default 2 to 4 by the number of cores; further ones wait for their turn, which is none of their own
   * time. More would only starve each other: twelve starts at once on two cores took a minute each.
   */
  maxConcurrent?: number;
  /**
   * Default: 256 MB for Python, 60 s of processor time, 64 kB per stream, 1 M characters of result, 16 MB printed in all, 20 files of
   * 10 MB and 25 MB together, 120 s to start.
   */
  limits?: Partial<SandboxLimits>;
}

export interface PythonProgram {
  code: string;
  /** Become variables of the program. */
  inputs: Record<string, Json>;
  /** Lie in the program's /inputs. Default: none. */
  files?: readonly SandboxFile[];
  timeoutMs: number;
}

/** How a program ended. An exception in the program is an outcome like any other; only `error` tells. */
export interface PythonOutcome {
  result: Json;
  /** What the reader must know about `result`: that it is a repr, shortened, or holds integers given as text. */
  resultNote: string | null;
  stdout: string;
  stderr: string;
  truncated: { stdout: boolean; stderr: boolean };
  error: PythonError | null;
  /** What the program left in /outputs, and figures it left open. The names are the program's. */
  files: SandboxFile[];
  /** In words, what was left out of `files` and why. */
  fileNotes: string[];
  /** The program's own time, measured from outside: neither starting Python nor loading packages counts. */
  durationMs: number;
}

export interface PythonSandbox {
  /** Names of the packages there are beside the standard library, sorted. */
  readonly packages: readonly string[];
  /**
   * Runs one program in a process and interpreter of its own. Throws TOOL_TIMEOUT, TOOL_REFUSED (memory, output),
   * TOOL_UNAVAILABLE (could not start), TOOL_FAILED (process lost), or the signal's reason when it aborts.
   */
  run(program: PythonProgram, signal: AbortSignal): Promise<PythonOutcome>;
  /** Makes the memory image if need be and fills the pool. */
  warmUp(): Promise<void>;
  /** Ends every process; later calls throw TOOL_UNAVAILABLE. */
  close(): Promise<void>;
}

const defaultLimits: SandboxLimits = {
  memoryMb: 256, cpuMs: 60_000, maxStreamBytes: 64_000, maxResult: 1_000_000, floodBytes: 16_000_000,
  maxFiles: 20, maxFileBytes: maxRunFileBytes, maxFilesBytes: 25_000_000, startAllowanceMs: 120_000,
};

const toOutcome = (report: ProgramReport): PythonOutcome => {
  const { resultJson, resultNote, ...rest } = report;
  if (resultJson === null) return { ...rest, result: null, resultNote };
  let parsed: ReturnType<typeof parseExactJson>;
  try {
    parsed = parseExactJson(resultJson);
  } catch (cause) {
    throw new AppError('TOOL_FAILED', 'The program disturbed its own report; its result is not JSON.', { cause });
  }
  const textNumbers = parsed.hasTextNumbers ? 'Integers beyond ±(2^53 − 1) are given as text.' : null;
  return { ...rest, result: parsed.value, resultNote: [resultNote, textNumbers].filter((note) => note !== null).join(' ') || null };
};

const findPackages = (runtime: PythonRuntime, packagesDir: string | undefined): PythonPackages =>
  // A folder that is not there has no packages: every program that needs one is told so.
  createPythonPackages({ ...runtime, packagesDir: packagesDir === undefined || !existsSync(packagesDir) ? packagesDir : realpathSync(packagesDir) });

const listPackages = (packagesDir: string | undefined): readonly string[] => {
  if (packagesDir === undefined) return [];
  try {
    return findPackages(findPythonRuntime(), packagesDir).available;
  } catch {
    return []; // no runtime: running a program tells what is missing
  }
};

/**
 * CPython in WebAssembly inside Deno processes that hold no permission while a program runs: no files, network, environment
 * or processes of the host, whichever way the program asks (os, socket, ctypes, or JavaScript through `js`).
 * One process and interpreter per program, so nothing passes from one call to the next.
 */
export const createPythonSandbox = (options: PythonSandboxOptions): PythonSandbox => {
  const cacheDir = resolve(options.cacheDir);
  const poolSize = options.poolSize ?? 1;
  const limits = { ...defaultLimits, ...options.limits };
  const slots = createSlots(options.maxConcurrent ?? Math.min(4, Math.max(2, availableParallelism())));
  const all = new Set<SandboxProcess>();
  /** Started for the next calls, perhaps not ready yet: each call takes the oldest, and so starts no more than one. */
  const pool: Promise<SandboxProcess>[] = [];
  let isClosed = false;
  let prepared: Promise<{ runtime: PythonRuntime; snapshotFile: string; packages: PythonPackages }> | undefined;

  const prepare = (): NonNullable<typeof prepared> => {
    prepared ??= (async () => {
      const runtime = findPythonRuntime();
      return { runtime, snapshotFile: await ensureSnapshot(runtime, cacheDir), packages: findPackages(runtime, options.packagesDir) };
    })();
    prepared.catch(() => { prepared = undefined; });
    return prepared;
  };

  const assertOpen = (): void => {
    if (isClosed) throw new AppError('TOOL_UNAVAILABLE', 'The Python sandbox is closed.');
  };

  const start = async (): Promise<SandboxProcess> => {
    const { runtime, snapshotFile, packages } = await prepare();
    assertOpen();
    const sandbox = startSandboxProcess(runtime, snapshotFile, packages.lockFile, limits);
    all.add(sandbox);
    void sandbox.exited.then(() => all.delete(sandbox));
    return sandbox;
  };

  /** A process that waits for its job. A failed start may mean a damaged image: it is checked, remade if so, and tried once more. */
  const startReady = async (): Promise<SandboxProcess> => {
    const first = await start();
    try {
      await first.ready;
      return first;
    } catch {
      assertOpen();
      prepared = undefined;
      const second = await start();
      await second.ready;
      return second;
    }
  };

  const fillPool = (): void => {
    while (!isClosed && pool.length < poolSize) {
      const starting = startReady();
      starting.catch(() => pool.splice(pool.indexOf(starting), pool.includes(starting) ? 1 : 0)); // whoever needs it starts its own and reports why that fails
      pool.push(starting);
    }
  };

  const takeProcess = async (): Promise<SandboxProcess> => {
    for (let next = pool.shift(); next !== undefined; next = pool.shift()) {
      const sandbox = await next.catch(() => undefined);
      if (sandbox?.isAlive() === true) return sandbox;
    }
    return startReady();
  };

  return {
    packages: listPackages(options.packagesDir),
    async run({ code, inputs, files = [], timeoutMs }, signal) {
      assertOpen();
      const giveBack = await slots.take(signal);
      try {
        assertOpen();
        const packages = await untilAborted(prepare().then((parts) => parts.packages.forModules(importedModules(code))), signal);
        const taking = takeProcess();
        // On abort nobody takes the process any more: it goes as soon as it is there.
        const sandbox = await untilAborted(taking, signal).catch((error: unknown) => {
          taking.then((unused) => unused.kill(), () => {});
          throw error;
        });
        return toOutcome(await sandbox.run({ code, inputsJson: JSON.stringify(inputs), files, packages, timeoutMs }, signal));
      } finally {
        giveBack();
        fillPool();
      }
    },
    async warmUp() {
      assertOpen();
      await prepare();
      fillPool();
      await Promise.all(pool);
    },
    async close() {
      isClosed = true;
      await Promise.all([...all].map((sandbox) => sandbox.kill()));
      await Promise.allSettled(pool);
      await Promise.all([...all].map((sandbox) => sandbox.kill()));
    },
  };
};
