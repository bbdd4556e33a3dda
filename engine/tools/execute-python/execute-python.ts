import { z } from 'zod';
import { AppError } from '../../../contracts/errors.ts';
import { fileNameSchema, maxRunFileBytes } from '../../../contracts/run-files.ts';
import { counted } from '../../../platform/counted.ts';
import { newId } from '../../../platform/ids.ts';
import type { Json, Tool, ToolCallContext, ToolFile } from '../tool.ts';
import { toCsv } from './csv.ts';
import { importedModules } from './imported-modules.ts';
import { mediaTypeOf } from './media-type-of.ts';
import type { PythonOutcome, PythonSandbox } from './python-sandbox.ts';
import type { SandboxFile } from './sandbox-process.ts';

const defaultTimeoutSeconds = 30;
const maxTimeoutSeconds = 120;
/** Making the memory image once, waiting for a turn and starting under load must fit beside the program's own time. */
const startUpAllowanceMs = 180_000;
const maxInputCharacters = 8_000_000;
const maxInputFilesBytes = 25_000_000;

const keywords = new Set(
  ('False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda '
    + 'nonlocal not or pass raise return try while with yield').split(' '),
);

const inputNameSchema = z.string().max(64)
  .regex(/^[A-Za-z][A-Za-z0-9_]*$/, 'Use a Python name: a letter, then letters, digits or underscores.')
  .refine((name) => !keywords.has(name), 'This is a Python keyword; choose another name.');

const inputSchema = z.union([
  z.strictObject({
    result_of: z.string().min(1).max(200).describe('Id of an earlier tool call of this run; its whole output becomes the variable.'),
    as: z.enum(['json', 'csv']).optional().describe('"csv": the variable is the text of a CSV table; for an output that is a list of rows or has one as `rows`. Default "json": the value itself.'),
  }),
  z.strictObject({ file: z.string().min(1).max(200).describe('Id or name of a file an earlier call of this run made; the variable is the path to read it from.') }),
  z.strictObject({ value: z.json().describe('The variable\'s value.') }),
]);

export const executePythonArgumentsSchema = z.strictObject({
  code: z.string().min(1).max(100_000)
    .describe('The program. Its result is the value of the last expression, or of a variable named `result`, and should be JSON. Top-level await works.'),
  inputs: z.record(inputNameSchema, inputSchema)
    .refine((inputs) => Object.keys(inputs).length <= 20, 'At most 20 inputs.')
    .optional()
    .describe('Variables the program finds defined, by name. Use result_of to hand over an earlier result without copying it.'),
  timeout_seconds: z.int().min(1).max(maxTimeoutSeconds).optional().describe(`Default ${defaultTimeoutSeconds}.`),
});
export type ExecutePythonArguments = z.infer<typeof executePythonArgumentsSchema>;

const invalid = (message: string): AppError => new AppError('TOOL_INPUT_INVALID', message);

/** Variables of the program, and the files some of them name. Throws TOOL_INPUT_INVALID. */
const resolveInputs = async (inputs: NonNullable<ExecutePythonArguments['inputs']>, { readResult, readFile }: ToolCallContext): Promise<{ values: Record<string, Json>; files: SandboxFile[] }> => {
  const files = new Map<string, ToolFile>();
  const values: Record<string, Json> = {};
  for (const [name, input] of Object.entries(inputs)) {
    if ('value' in input) values[name] = input.value;
    else if ('result_of' in input) {
      const result = await readResult(input.result_of);
      const value = input.as === 'csv' ? toCsv(result) : result;
      if (value === undefined) throw invalid(`The result of ${input.result_of} is not a list of rows, so it cannot be CSV; take it as JSON.`);
      values[name] = value;
    } else {
      const file = await readFile(input.file);
      let path = file.name;
      while (files.has(path) && files.get(path)?.id !== file.id) path = `${name}-${path}`; // another file of the same name
      files.set(path, file);
      values[name] = `/inputs/${path}`;
    }
  }
  if (JSON.stringify(values).length > maxInputCharacters) {
    throw invalid(`The inputs are larger than ${maxInputCharacters / 1_000_000} MB together; hand over less, e.g. by narrowing the earlier call.`);
  }
  const given = [...files].map(([name, { bytes }]) => ({ name, bytes }));
  if (given.reduce((sum, { bytes }) => sum + bytes.length, 0) > maxInputFilesBytes) throw invalid(`The input files have more than ${maxInputFilesBytes / 1_000_000} MB together; take fewer in one call.`);
  return { values, files: given };
};

/** The program's files as files of the run. Names are the program's word and checked here. */
const toFiles = ({ files, fileNotes }: PythonOutcome): { files: ToolFile[]; note: string | null } => {
  const kept: ToolFile[] = [];
  const notes: string[] = [];
  for (const { name, bytes } of files) {
    if (!fileNameSchema.safeParse(name).success) notes.push(`${JSON.stringify(name.slice(0, 100))} is no file name.`);
    else if (kept.some((file) => file.name === name)) notes.push(`There are two files named ${name}; the first is kept.`);
    else if (bytes.length > maxRunFileBytes) notes.push(`${name} has more than ${maxRunFileBytes} bytes.`);
    else kept.push({ id: newId(), name, mediaType: mediaTypeOf(name), bytes });
  }
  const all = [...fileNotes, ...notes].map((note) => note.slice(0, 600));
  return { files: kept, note: all.length === 0 ? null : `Not kept: ${all.slice(0, 20).join(' ')}` };
};

/** "1234 ms", from ten seconds on "12.3 s". */
const toDuration = (ms: number): string => (ms < 10_000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`);

const wellKnown = ['numpy', 'pandas', 'matplotlib'];

const describePackages = (packages: readonly string[] = []): string => {
  if (packages.length === 0) return 'Only the standard library is there.';
  const first = [...wellKnown.filter((name) => packages.includes(name)), ...packages.filter((name) => !wellKnown.includes(name))];
  const named = first.slice(0, 20).join(', ');
  return `The standard library is there, and ${named}${first.length > 20 ? ' and more' : ''}; nothing can be installed.${packages.includes('matplotlib') ? ' Figures left open are saved as PNG files.' : ''}`;
};

/**
 * The tool that runs Python in a sandbox. Output: `{result, result_note, stdout, stderr, truncated, error, files, files_note, duration_ms}`,
 * where `error` is null or `{type, message, traceback}`: an exception is something the model reads and mends, not a failure of the tool.
 * `files` are those the program left in /outputs, and figures it left open; `files_note` is null or says what was not kept.
 * Throws TOOL_TIMEOUT (wall clock, or processor time), TOOL_REFUSED (memory or output bounds), TOOL_INPUT_INVALID (inputs), TOOL_UNAVAILABLE (sandbox could not start).
 */
export const createExecutePythonTool = (sandbox: PythonSandbox): Tool<ExecutePythonArguments> => ({
  name: 'execute_python',
  description:
    'Runs a Python program in a sandbox without network or access to the host and returns its result, what it printed and its error, if any. '
    + `${describePackages(sandbox.packages)} Files written to /outputs, the working directory, become files of the run. Nothing else is kept between calls.`,
  argumentsSchema: executePythonArgumentsSchema,
  defaultRisk: 'MEDIUM',
  risk: () => 'MEDIUM',
  defaultEffect: 'none',
  effect: () => 'none',
  missingConfiguration: null,
  timeoutMs: maxTimeoutSeconds * 1000 + startUpAllowanceMs,
  bodies: ['code', 'inputs'],
  facts: ({ code, inputs, timeout_seconds }) => ({
    code_length: code.length,
    imported_modules: importedModules(code).slice(0, 50),
    input_names: Object.keys(inputs ?? {}).toSorted(),
    timeout_seconds: timeout_seconds ?? defaultTimeoutSeconds,
  }),
  effectSentence: ({ code, inputs }) => {
    const given = Object.keys(inputs ?? {}).length;
    return `Run ${counted(code.trimEnd().split('\n').length, 'line')} of Python in the sandbox${given === 0 ? '' : `, with ${counted(given, 'input')}`}`;
  },
  async execute({ code, inputs, timeout_seconds }, context) {
    const { values, files: given } = await resolveInputs(inputs ?? {}, context);
    const outcome = await sandbox.run({ code, inputs: values, files: given, timeoutMs: (timeout_seconds ?? defaultTimeoutSeconds) * 1000 }, context.signal);
    const { result, resultNote, stdout, stderr, truncated, error, durationMs } = outcome;
    const { files, note } = toFiles(outcome);
    const listed = files.map(({ id, name, mediaType, bytes }) => ({ file: { id, name, media_type: mediaType, bytes: bytes.length } }));
    const made = files.length === 0 ? '' : `, ${counted(files.length, 'file')}`;
    return {
      output: { result, result_note: resultNote, stdout, stderr, truncated, error: error === null ? null : { ...error }, files: listed, files_note: note, duration_ms: durationMs },
      ...(files.length === 0 ? {} : { files }),
      summary: error === null ? `finished in ${toDuration(durationMs)}${made}` : `${error.type}: ${error.message}`.split('\n', 1)[0]!.slice(0, 200),
    };
  },
});
