import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../contracts/errors.ts';
import type { OutputFile } from '../../contracts/run-files.ts';
import { createExecutePythonTool, createPythonSandbox, executePythonArgumentsSchema, type ExecutePythonArguments, type PythonSandbox, type PythonSandboxOptions } from '../../engine/tools/execute-python/index.ts';
import type { Json, ToolCallContext, ToolFile, ToolOutcome } from '../../engine/tools/tool.ts';
import { callContext, failureOf } from './tools.ts';

/** The tool's output, as the model gets it. */
export interface PythonOutput {
  result: Json;
  result_note: string | null;
  stdout: string;
  stderr: string;
  truncated: { stdout: boolean; stderr: boolean };
  error: { type: string; message: string; traceback: string } | null;
  files: { file: OutputFile }[];
  files_note: string | null;
  duration_ms: number;
}

/** For tests: the tool over a real sandbox of its own, with earlier results and files to hand over. */
export interface PythonCalls {
  sandbox: PythonSandbox;
  cacheDir: string;
  recorded: Record<string, Json>;
  files: ToolFile[];
  outcome(args: string | ExecutePythonArguments, signal?: AbortSignal): Promise<ToolOutcome>;
  call(args: string | ExecutePythonArguments, signal?: AbortSignal): Promise<PythonOutput>;
  failureOf(args: string | ExecutePythonArguments, signal?: AbortSignal): Promise<AppError>;
  close(): Promise<void>;
}

/** Makes the memory image in a fresh folder, which takes some seconds, unless the options name one. */
export const startPythonCalls = async (options: Partial<PythonSandboxOptions> = {}): Promise<PythonCalls> => {
  const ownDir = options.cacheDir === undefined ? await mkdtemp(join(tmpdir(), 'maestro-python-')) : undefined;
  const cacheDir = options.cacheDir ?? (ownDir as string);
  const sandbox = createPythonSandbox({ ...options, cacheDir });
  await sandbox.warmUp();
  const recorded: Record<string, Json> = {};
  const files: ToolFile[] = [];
  const found = <T>(value: T | undefined, what: string): T => {
    if (value === undefined) throw new AppError('TOOL_INPUT_INVALID', `no ${what}`);
    return value;
  };
  const contextWith = (signal: AbortSignal): ToolCallContext => callContext({
    signal,
    readResult: async (id) => found(recorded[id], `result of ${id}`),
    readFile: async (idOrName) => found(files.find(({ id, name }) => id === idOrName || name === idOrName), `file ${idOrName}`),
  });
  const outcome: PythonCalls['outcome'] = async (args, signal = new AbortController().signal) => {
    const parsed = executePythonArgumentsSchema.parse(typeof args === 'string' ? { code: args, timeout_seconds: 20 } : args);
    return createExecutePythonTool(sandbox).execute(parsed, contextWith(signal));
  };
  return {
    sandbox, cacheDir, recorded, files, outcome,
    call: async (args, signal) => (await outcome(args, signal)).output as unknown as PythonOutput,
    failureOf: (args, signal) => failureOf(outcome(args, signal)),
    async close() {
      await sandbox.close();
      if (ownDir !== undefined) await rm(ownDir, { recursive: true, force: true });
    },
  };
};
