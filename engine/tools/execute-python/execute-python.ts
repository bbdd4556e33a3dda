import { z } from 'zod';
import { AppError } from '../../../contracts/errors.ts';
import type { Json, Tool } from '../tool.ts';
import { importedModules } from './imported-modules.ts';
import type { PythonSandbox } from './python-sandbox.ts';

const defaultTimeoutSeconds = 30;
const maxTimeoutSeconds = 120;
/** Making the memory image once, waiting for a turn and starting under load must fit beside the program's own time. */
const startUpAllowanceMs = 180_000;
const maxInputCharacters = 8_000_000;

const keywords = new Set(
  ('False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda '
    + 'nonlocal not or pass raise return try while with yield').split(' '),
);

const inputNameSchema = z.string().max(64)
  .regex(/^[A-Za-z][A-Za-z0-9_]*$/, 'Use a Python name: a letter, then letters, digits or underscores.')
  .refine((name) => !keywords.has(name), 'This is a Python keyword; choose another name.');

const inputSchema = z.union([
  z.strictObject({ result_of: z.string().min(1).max(200).describe('Id of an earlier tool call of this run; its whole output becomes the variable.') }),
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

const resolveInputs = async (inputs: ExecutePythonArguments['inputs'], readResult: (toolCallId: string) => Promise<Json>): Promise<Record<string, Json>> => {
  const values = await Promise.all(
    Object.entries(inputs ?? {}).map(async ([name, input]) => [name, 'result_of' in input ? await readResult(input.result_of) : input.value] as const),
  );
  const resolved: Record<string, Json> = Object.fromEntries(values);
  if (JSON.stringify(resolved).length > maxInputCharacters) {
    throw new AppError('TOOL_INPUT_INVALID', `The inputs are larger than ${maxInputCharacters / 1_000_000} MB together; hand over less, e.g. by narrowing the earlier call.`);
  }
  return resolved;
};

/** "1234 ms", from ten seconds on "12.3 s". */
const toDuration = (ms: number): string => (ms < 10_000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`);

/**
 * The tool that runs Python in a sandbox. Output: `{result, result_note, stdout, stderr, truncated, error, duration_ms}`,
 * where `error` is null or `{type, message, traceback}`: an exception is something the model reads and mends, not a failure of the tool.
 * Throws TOOL_TIMEOUT, TOOL_REFUSED (memory or output bounds), TOOL_INPUT_INVALID (inputs), TOOL_UNAVAILABLE (sandbox could not start).
 */
export const createExecutePythonTool = (sandbox: PythonSandbox): Tool<ExecutePythonArguments> => ({
  name: 'execute_python',
  description:
    'Runs a Python program in a sandbox without network, files or access to the host and returns its result, what it printed and its error, if any. '
    + 'Only the standard library is there. Nothing is kept between calls.',
  argumentsSchema: executePythonArgumentsSchema,
  defaultRisk: 'MEDIUM',
  risk: () => 'MEDIUM',
  defaultEffect: 'none',
  effect: () => 'none',
  missingConfiguration: null,
  timeoutMs: maxTimeoutSeconds * 1000 + startUpAllowanceMs,
  facts: ({ code, inputs, timeout_seconds }) => ({
    code_length: code.length,
    imported_modules: importedModules(code).slice(0, 50),
    input_names: Object.keys(inputs ?? {}).toSorted(),
    timeout_seconds: timeout_seconds ?? defaultTimeoutSeconds,
  }),
  effectSentence: ({ code, inputs }) => {
    const lines = code.trimEnd().split('\n').length;
    const given = Object.keys(inputs ?? {}).length;
    return `Run ${lines} ${lines === 1 ? 'line' : 'lines'} of Python in the sandbox${given === 0 ? '' : `, with ${given} ${given === 1 ? 'input' : 'inputs'}`}`;
  },
  async execute({ code, inputs, timeout_seconds }, context) {
    const outcome = await sandbox.run(
      { code, inputs: await resolveInputs(inputs, context.readResult), timeoutMs: (timeout_seconds ?? defaultTimeoutSeconds) * 1000 },
      context.signal,
    );
    const { result, resultNote, stdout, stderr, truncated, error, durationMs } = outcome;
    return {
      output: { result, result_note: resultNote, stdout, stderr, truncated, error: error === null ? null : { ...error }, duration_ms: durationMs },
      summary: error === null ? `finished in ${toDuration(durationMs)}` : `${error.type}: ${error.message}`.split('\n', 1)[0]!.slice(0, 200),
    };
  },
});
