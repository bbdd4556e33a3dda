import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../contracts/errors.ts';
import { denoLaunch, type PythonRuntime } from './snapshot.ts';

/** Bounds of one sandbox process. Bytes unless the name says otherwise. */
export interface SandboxLimits {
  /** What Python itself may hold; reaching it is a MemoryError inside the program. */
  memoryMb: number;
  /** Per stream; more is counted and dropped. */
  maxStreamBytes: number;
  /** Characters of the result's JSON. */
  maxResult: number;
  /** Printing more than this in all ends the call. */
  floodBytes: number;
  /** From process start to a Python that waits for its job; never counted as the program's time. */
  startAllowanceMs: number;
}

const programErrorSchema = z.strictObject({ type: z.string(), message: z.string(), traceback: z.string() });
export type PythonError = z.infer<typeof programErrorSchema>;

const printedBytesSchema = z.strictObject({ stdout: z.number(), stderr: z.number() });
const frameSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready') }),
  z.strictObject({ type: z.literal('printed'), stream: z.enum(['stdout', 'stderr']), text: z.string() }),
  z.strictObject({ type: z.literal('flood') }),
  z.strictObject({ type: z.literal('crash'), message: z.string(), printed_bytes: printedBytesSchema.optional() }),
  z.strictObject({ type: z.literal('done'), answer: z.string(), printed_bytes: printedBytesSchema }),
]);
type Frame = z.infer<typeof frameSchema>;

const answerSchema = z.strictObject({ result_json: z.string().nullable(), result_note: z.string().nullable(), error: programErrorSchema.nullable() });

/** How a program ended, as the process told it: everything in here is the program's own word. */
export interface ProgramReport {
  resultJson: string | null;
  resultNote: string | null;
  error: PythonError | null;
  stdout: string;
  stderr: string;
  /** Whether more was printed than is kept. */
  truncated: { stdout: boolean; stderr: boolean };
}

/** One process for one program. */
export interface SandboxProcess {
  readonly pid: number | undefined;
  isAlive(): boolean;
  /** Resolves when Python waits for its job; rejects with TOOL_UNAVAILABLE. */
  readonly ready: Promise<void>;
  /** Runs the program and kills the process, whatever the ending. */
  run(program: { code: string; inputsJson: string; timeoutMs: number }, signal: AbortSignal): Promise<ProgramReport>;
  /** Resolves when the process has ended. */
  readonly exited: Promise<void>;
  /** Kill -9; resolves when the process is gone. */
  kill(): Promise<void>;
}

/** Interpreter, compiled code and Deno itself take about 230 MB of a process's resident memory. */
const runtimeOverheadMb = 384;
const memoryPollMs = 50;

/** Resident memory in MB, or undefined where the kernel does not tell (then the WebAssembly bound alone holds). */
const residentMb = async (pid: number): Promise<number | undefined> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
};

/** Splits standard output into lines and passes on those that carry the nonce; noise around them is dropped. */
const readFrames = (child: ChildProcessWithoutNullStreams, nonce: string, maxBytes: number, onFrame: (frame: Frame) => void, onExcess: () => void): void => {
  let pending: Buffer[] = [];
  let received = 0;
  const onLine = (line: string): void => {
    const at = line.indexOf(nonce);
    if (at === -1) return;
    let json: unknown;
    try {
      json = JSON.parse(line.slice(at + nonce.length));
    } catch {
      return;
    }
    const frame = frameSchema.safeParse(json);
    if (frame.success) onFrame(frame.data);
  };
  child.stdout.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (received > maxBytes) {
      pending = [];
      onExcess();
      return;
    }
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      pending.push(chunk.subarray(start, end));
      onLine(Buffer.concat(pending).toString('utf8'));
      pending = [];
      start = end + 1;
    }
    if (start < chunk.length) pending.push(chunk.subarray(start));
  });
};

/**
 * Starts a Deno process without permissions that restores Python from its memory image and waits for one job.
 * The process ends by itself when this one dies, because its standard input closes.
 */
export const startSandboxProcess = (runtime: PythonRuntime, snapshotFile: string, cwd: string, limits: SandboxLimits): SandboxProcess => {
  const { flags, env } = denoLaunch([runtime.pyodideDir, runtime.runnerDir, snapshotFile], [`--wasm-max-mem-pages=${limits.memoryMb * 16}`]);
  const child = spawn(runtime.denoPath, [...flags, join(runtime.runnerDir, 'main.mjs')], { cwd, env, stdio: 'pipe' });
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
    child.once('exit', (code, signal) => ended(`exit ${code ?? signal}`));
  });
  const kill = (): Promise<void> => {
    if (alive) child.ref(); // whoever waits for the end must see it
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
  // JSON escapes at most sixfold; the frames' own text is small beside that.
  const maxFrameBytes = 6 * (2 * limits.maxStreamBytes + limits.maxResult) + 1_000_000;
  readFrames(child, nonce, maxFrameBytes, (frame) => onFrame(frame), () => onExcess());
  child.stdin.write(`${JSON.stringify({ nonce, pyodideDir: runtime.pyodideDir, snapshotFile })}\n`);

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

  const run: SandboxProcess['run'] = async ({ code, inputsJson, timeoutMs }, signal) => {
    const printed = { stdout: '', stderr: '' };
    for (const handle of handles) handle.ref();
    const cleanUp: (() => void)[] = [];
    try {
      return await new Promise<ProgramReport>((resolve, reject) => {
        const refuse = (message: string): void => reject(new AppError('TOOL_REFUSED', message, { details: { ...printed } }));
        const tooMuchOutput = (): void => refuse(`The program was stopped: it printed more than ${limits.floodBytes} bytes.`);
        const tooMuchMemory = (): void => refuse(`The program was stopped: it used more than ${limits.memoryMb} MB of memory.`);
        const report = (error: PythonError | null, result: { json: string | null; note: string | null }, bytes: { stdout: number; stderr: number } | undefined): void =>
          resolve({
            resultJson: result.json, resultNote: result.note, error, ...printed,
            truncated: { stdout: (bytes?.stdout ?? 0) > limits.maxStreamBytes, stderr: (bytes?.stderr ?? 0) > limits.maxStreamBytes },
          });

        onExcess = tooMuchOutput;
        onEnd = (why) => {
          if (/out of memory/i.test(complaint)) tooMuchMemory();
          else reject(new AppError('TOOL_FAILED', `The Python process ended unexpectedly (${why}).`, { details: { ...printed } }));
        };
        onFrame = (frame) => {
          if (frame.type === 'printed') printed[frame.stream] = (printed[frame.stream] + frame.text).slice(0, limits.maxStreamBytes);
          else if (frame.type === 'flood') tooMuchOutput();
          else if (frame.type === 'crash') {
            const message = /call stack/i.test(frame.message) ? 'The program nested too deeply and used up the interpreter\'s stack.' : `Python ended abnormally: ${frame.message.replace('Uncaught (in promise) ', '')}`;
            report({ type: 'InterpreterCrash', message, traceback: '' }, { json: null, note: null }, frame.printed_bytes);
          } else if (frame.type === 'done') {
            const answer = parseAnswer(frame.answer);
            if (answer === undefined) reject(new AppError('TOOL_FAILED', 'The program disturbed its own report; its answer cannot be read.', { details: { ...printed } }));
            else report(answer.error, { json: answer.result_json, note: answer.result_note }, frame.printed_bytes);
          }
        };

        const timer = setTimeout(
          () => reject(new AppError('TOOL_TIMEOUT', `The program ran longer than ${timeoutMs / 1000} s and was stopped.`, { details: { timeout_seconds: timeoutMs / 1000, ...printed } })),
          timeoutMs,
        );
        cleanUp.push(() => clearTimeout(timer));

        const watchMemory = setInterval(() => {
          if (child.pid === undefined) return;
          void residentMb(child.pid).then((used) => { if (used !== undefined && used > limits.memoryMb + runtimeOverheadMb) tooMuchMemory(); });
        }, memoryPollMs);
        cleanUp.push(() => clearInterval(watchMemory));

        const onAbort = (): void => reject(signal.reason as Error);
        signal.addEventListener('abort', onAbort, { once: true });
        cleanUp.push(() => signal.removeEventListener('abort', onAbort));
        if (signal.aborted) return onAbort();
        if (!alive) return onEnd('before the program started');

        const job = {
          code, inputs_json: inputsJson, memory_mb: limits.memoryMb, timeout_ms: timeoutMs, max_result: limits.maxResult, max_traceback: 8_000,
          max_stream_bytes: limits.maxStreamBytes, flood_bytes: limits.floodBytes,
        };
        child.stdin.write(`${JSON.stringify(job)}\n`);
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

const parseAnswer = (text: string): z.infer<typeof answerSchema> | undefined => {
  try {
    return answerSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
};
