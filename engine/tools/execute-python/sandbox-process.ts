import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { parse } from 'node:path';
import { AppError } from '../../../contracts/errors.ts';
import { type Frame, parseAnswer, type PythonError, readFrames } from './frames.ts';
import type { PackagesForProgram } from './packages.ts';
import { readProcessUsage } from './process-usage.ts';
import { denoLaunch, digestBytes, type PythonRuntime } from './snapshot.ts';

/** Bounds of one sandbox process. Bytes unless the name says otherwise. */
export interface SandboxLimits {
  /** What Python itself may hold; reaching it is a MemoryError inside the program. */
  memoryMb: number;
  /**
   * Processor time of all threads of the process while the program runs. Less than the longest time limit: a program that waits may
   * take all of that, one that computes may not take a core for so long.
   */
  cpuMs: number;
  /** Per stream; more is counted and dropped. */
  maxStreamBytes: number;
  /** Characters of the result's JSON. */
  maxResult: number;
  /** Printing more than this in all ends the call. */
  floodBytes: number;
  /** Files a program may leave: how many, and bytes of one and of all. */
  maxFiles: number;
  maxFileBytes: number;
  maxFilesBytes: number;
  /** From process start to a Python that waits for its job, and again for loading packages; never counted as the program's time. */
  startAllowanceMs: number;
}

/** A file's name and content. */
export interface SandboxFile {
  name: string;
  bytes: Uint8Array;
}

/** How a program ended, as the process told it: everything in here is the program's own word. */
export interface ProgramReport {
  resultJson: string | null;
  resultNote: string | null;
  error: PythonError | null;
  stdout: string;
  stderr: string;
  /** Whether more was printed than is kept. */
  truncated: { stdout: boolean; stderr: boolean };
  files: SandboxFile[];
  /** In words, what was left out of `files` and why. */
  fileNotes: string[];
  durationMs: number;
}

export interface SandboxJob {
  code: string;
  inputsJson: string;
  /** Placed in /inputs. */
  files: readonly SandboxFile[];
  packages: PackagesForProgram;
  timeoutMs: number;
}

/** One process for one program. */
export interface SandboxProcess {
  readonly pid: number | undefined;
  isAlive(): boolean;
  /** Resolves when Python waits for its job; rejects with TOOL_UNAVAILABLE. */
  readonly ready: Promise<void>;
  /** Runs the program and kills the process, whatever the ending. */
  run(job: SandboxJob, signal: AbortSignal): Promise<ProgramReport>;
  /** Resolves when the process has ended. */
  readonly exited: Promise<void>;
  /** Kill -9; resolves when the process is gone. */
  kill(): Promise<void>;
}

/**
 * By how much a process may outgrow what Python may hold: copies of inputs, results and files on their way, and compiled code. It is
 * counted from what the process held when the program started (about 230 MB, of which 40 MB are shared), so that with 256 MB for
 * Python a process stays near 540 MB whatever the program does.
 */
const memoryMarginMb = 48;
const usagePollMs = 50;
/** Exit codes of runner/main.mjs. */
const exitedFor = { memory: 'exit 70', cpu: 'exit 71' };

/**
 * Starts a Deno process without permissions that restores Python from its memory image and waits for one job.
 * The process ends by itself when this one dies, because its standard input closes.
 */
export const startSandboxProcess = (runtime: PythonRuntime, snapshotFile: string, lockFile: string, limits: SandboxLimits): SandboxProcess => {
  const { args, env } = denoLaunch(runtime, [snapshotFile, lockFile], [`--wasm-max-mem-pages=${limits.memoryMb * 16}`, `--max-old-space-size=${limits.memoryMb}`]);
  const child = spawn(runtime.denoPath, args, { cwd: parse(runtime.runnerDir).root, env, stdio: 'pipe' });
  const nonce = randomBytes(24).toString('base64url');
  const handles = [child, child.stdin, child.stdout, child.stderr] as unknown as { ref(): void; unref(): void }[];

  let alive = true;
  let complaint = '';
  let onFrame: (frame: Frame) => void = () => {};
  let onEnd: (why: string) => void = () => {};
  let onExcess: () => void = () => {};

  const exited = new Promise<void>((resolve) => {
    const ended = (why: string): void => {
      alive = false;
      onEnd(why);
      resolve();
    };
    child.once('error', (error) => ended(error.message));
    // After everything it said was read.
    child.once('close', (code, signal) => ended(`exit ${code ?? signal}`));
  });
  const kill = (): Promise<void> => {
    if (alive) for (const handle of handles) handle.ref(); // whoever waits for the end must see it
    child.kill('SIGKILL');
    return exited;
  };

  child.stdin.on('error', () => {}); // a process that died early: its exit tells the same
  let complaintBytes = 0;
  child.stderr.on('data', (chunk: Buffer) => {
    if (complaint.length < 4_000) complaint += chunk.toString();
    complaintBytes += chunk.length;
    if (complaintBytes > limits.floodBytes) onExcess();
  });
  // JSON escapes at most sixfold, base64 takes a third more; the frames' own text is small beside that.
  const maxFrameBytes = 6 * (2 * limits.maxStreamBytes + limits.maxResult) + 2 * limits.maxFilesBytes + 1_000_000;
  readFrames(child.stdout, nonce, maxFrameBytes, (frame) => onFrame(frame), () => onExcess());
  child.stdin.write(`${JSON.stringify({ nonce, pyodideDir: runtime.pyodideDir, runnerDir: runtime.runnerDir, lockFile, snapshotFile, digestBytes })}\n`);

  const ready = new Promise<void>((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(allowance);
      void kill();
      reject(new AppError('TOOL_UNAVAILABLE', `The Python sandbox could not start: ${why}; ${complaint.slice(0, 500)}`));
    };
    const allowance = setTimeout(() => fail(`not ready after ${limits.startAllowanceMs} ms`), limits.startAllowanceMs);
    onEnd = fail;
    onExcess = () => fail('unexpected output');
    onFrame = (frame) => {
      if (frame.type !== 'ready') return fail(frame.type === 'crash' ? frame.message : `unexpected ${frame.type}`);
      clearTimeout(allowance);
      // A process that only waits must not keep this one from ending.
      for (const handle of handles) handle.unref();
      resolve();
    };
  });
  ready.catch(() => {}); // whoever runs a program awaits it; a warmed process may fail with nobody looking

  const send = ({ code, inputsJson, files, packages, timeoutMs }: SandboxJob): void => {
    const attachments = [
      ...packages.wheels.map(({ fileName, bytes }) => ({ kind: 'wheel', name: fileName, bytes })),
      ...files.map(({ name, bytes }) => ({ kind: 'input', name, bytes })),
    ];
    const job = {
      code, inputs_json: inputsJson, packages: packages.names, package_notes: packages.notes, attachments: attachments.map(({ kind, name, bytes }) => ({ kind, name, bytes: bytes.length })),
      memory_mb: limits.memoryMb, memory_growth_mb: limits.memoryMb + memoryMarginMb, cpu_ms: limits.cpuMs, timeout_ms: timeoutMs,
      max_result: limits.maxResult, max_traceback: 8_000, max_stream_bytes: limits.maxStreamBytes, flood_bytes: limits.floodBytes,
      max_files: limits.maxFiles, max_file_bytes: limits.maxFileBytes, max_files_bytes: limits.maxFilesBytes,
    };
    child.stdin.write(`${JSON.stringify(job)}\n`);
    for (const { bytes } of attachments) child.stdin.write(bytes);
  };

  const run: SandboxProcess['run'] = async (job, signal) => {
    const printed = { stdout: '', stderr: '' };
    const files: SandboxFile[] = [];
    for (const handle of handles) handle.ref();
    const cleanUp: (() => void)[] = [];
    try {
      return await new Promise<ProgramReport>((resolve, reject) => {
        let startedAt = 0;
        const stop = (code: 'TOOL_REFUSED' | 'TOOL_TIMEOUT' | 'TOOL_FAILED' | 'TOOL_UNAVAILABLE', message: string, details = {}): void => reject(new AppError(code, message, { details: { ...details, ...printed } }));
        const tooMuchOutput = (): void => stop('TOOL_REFUSED', `The program was stopped: it printed more than ${limits.floodBytes} bytes.`);
        const tooMuchMemory = (): void => stop('TOOL_REFUSED', `The program was stopped: it used more than ${limits.memoryMb} MB of memory.`);
        const tooMuchCpu = (): void => stop('TOOL_TIMEOUT', `The program was stopped: it used more than ${limits.cpuMs / 1000} s of processor time.`);
        const report = (error: PythonError | null, result: { json: string | null; note: string | null }, fileNotes: string[], bytes: { stdout: number; stderr: number } | undefined): void =>
          resolve({
            resultJson: result.json, resultNote: result.note, error, ...printed, files, fileNotes, durationMs: Math.round(performance.now() - startedAt),
            truncated: { stdout: (bytes?.stdout ?? 0) > limits.maxStreamBytes, stderr: (bytes?.stderr ?? 0) > limits.maxStreamBytes },
          });

        const startClock = (): void => {
          startedAt = performance.now();
          clearTimeout(loading);
          const timer = setTimeout(() => stop('TOOL_TIMEOUT', `The program ran longer than ${job.timeoutMs / 1000} s and was stopped.`, { timeout_seconds: job.timeoutMs / 1000 }), job.timeoutMs);
          cleanUp.push(() => clearTimeout(timer));
          const { pid } = child;
          if (pid === undefined) return;
          // The process watches itself as well, on every platform; this watch needs /proc and holds also when that thread is starved.
          const atStart = readProcessUsage(pid);
          const watch = setInterval(() => {
            void Promise.all([atStart, readProcessUsage(pid)]).then(([start, usage]) => {
              if (start === undefined || usage === undefined) return;
              if (usage.residentMb - start.residentMb > limits.memoryMb + memoryMarginMb) tooMuchMemory();
              if (usage.cpuMs - start.cpuMs > limits.cpuMs) tooMuchCpu();
            });
          }, usagePollMs);
          cleanUp.push(() => clearInterval(watch));
        };

        const loading = setTimeout(() => stop('TOOL_UNAVAILABLE', `The Python sandbox could not load the program's packages within ${limits.startAllowanceMs} ms.`), limits.startAllowanceMs);
        cleanUp.push(() => clearTimeout(loading));

        onExcess = tooMuchOutput;
        onEnd = (why) => {
          if (why === exitedFor.memory || /out of memory/i.test(complaint)) tooMuchMemory();
          else if (why === exitedFor.cpu) tooMuchCpu();
          else stop('TOOL_FAILED', `The Python process ended unexpectedly (${why}).`);
        };
        onFrame = (frame) => {
          if (frame.type === 'started') startClock();
          else if (frame.type === 'printed') printed[frame.stream] = (printed[frame.stream] + frame.text).slice(0, limits.maxStreamBytes);
          else if (frame.type === 'flood') tooMuchOutput();
          else if (frame.type === 'file') files.push({ name: frame.name, bytes: Buffer.from(frame.base64, 'base64') });
          else if (frame.type === 'crash') {
            if (startedAt === 0) return stop('TOOL_UNAVAILABLE', `The Python sandbox could not take the program: ${frame.message}`);
            const message = /call stack/i.test(frame.message) ? 'The program nested too deeply and used up the interpreter\'s stack.' : `Python ended abnormally: ${frame.message.replace('Uncaught (in promise) ', '')}`;
            report({ type: 'InterpreterCrash', message, traceback: '' }, { json: null, note: null }, [], frame.printed_bytes);
          } else if (frame.type === 'done') {
            const answer = parseAnswer(frame.answer);
            if (answer === undefined) return stop('TOOL_FAILED', 'The program disturbed its own report; its answer cannot be read.');
            report(answer.error, { json: answer.result_json, note: answer.result_note }, [...frame.refused_files, ...(answer.figures_note === null ? [] : [answer.figures_note])], frame.printed_bytes);
          }
        };

        const onAbort = (): void => reject(signal.reason as Error);
        signal.addEventListener('abort', onAbort, { once: true });
        cleanUp.push(() => signal.removeEventListener('abort', onAbort));
        if (signal.aborted) return onAbort();
        if (!alive) return onEnd('before the program started');
        send(job);
      });
    } finally {
      for (const undo of cleanUp) undo();
      onFrame = onEnd = onExcess = () => {};
      for (const handle of handles) handle.unref();
      void kill();
    }
  };

  return { pid: child.pid, isAlive: () => alive, ready, exited, run, kill };
};
