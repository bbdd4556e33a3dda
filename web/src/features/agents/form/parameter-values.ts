import { type ModelParameters, modelParametersSchema, type parameterNames } from '@contracts/agents.ts';
import { parseTypedNumber } from '@/components/limits/limit-values.ts';

export type ParameterName = (typeof parameterNames)[number];

/** The parameters of a model as the form holds them: as typed; empty leaves each to the provider. */
export interface ParameterValues {
  top_p: string;
  /** One a line; `\n`, `\t` and `\\` stand for what cannot be typed on one line. */
  stop_sequences: string;
  seed: string;
  frequency_penalty: string;
  presence_penalty: string;
  reasoning_effort: '' | NonNullable<ModelParameters['reasoning_effort']>;
  thinking_budget_tokens: string;
  parallel_tool_calls: '' | 'yes' | 'no';
}
/** Where the parameters stand in the form: temperature is a field of the agent's own. */
export type ParameterField = 'temperature' | `parameters.${keyof ParameterValues}`;
export interface WithParameters {
  temperature: string;
  parameters: ParameterValues;
}

interface ParameterSpec {
  name: ParameterName;
  field: ParameterField;
  label: string;
  hint: string;
  input: 'decimal' | 'numeric' | 'lines' | { options: readonly (readonly [value: string, label: string])[] };
  /** What is said of a value out of bounds. */
  sentence: string;
}

/** Every parameter in the order of the form. */
export const parameterSpecs: readonly ParameterSpec[] = [
  { name: 'temperature', field: 'temperature', label: 'Temperature', hint: '0 to 2. Lower is steadier.', input: 'decimal', sentence: 'Temperature: from 0 to 2, or empty.' },
  { name: 'top_p', field: 'parameters.top_p', label: 'Top p', hint: 'Above 0, up to 1. Change this or the temperature.', input: 'decimal', sentence: 'Top p: above 0 and at most 1, or empty.' },
  { name: 'seed', field: 'parameters.seed', label: 'Seed', hint: 'The same seed makes answers more alike.', input: 'numeric', sentence: 'Seed: a whole number from 0 to 2 147 483 647, or empty.' },
  { name: 'frequency_penalty', field: 'parameters.frequency_penalty', label: 'Frequency penalty', hint: '-2 to 2. Higher repeats less.', input: 'decimal', sentence: 'Frequency penalty: from -2 to 2, or empty.' },
  { name: 'presence_penalty', field: 'parameters.presence_penalty', label: 'Presence penalty', hint: '-2 to 2. Higher turns to new things.', input: 'decimal', sentence: 'Presence penalty: from -2 to 2, or empty.' },
  {
    name: 'reasoning_effort', field: 'parameters.reasoning_effort', label: 'Reasoning effort', hint: 'How long a reasoning model thinks.', sentence: 'Reasoning effort: choose one of the list.',
    input: { options: [['minimal', 'Minimal'], ['low', 'Low'], ['medium', 'Medium'], ['high', 'High']] },
  },
  { name: 'thinking_budget_tokens', field: 'parameters.thinking_budget_tokens', label: 'Thinking budget, in tokens', hint: 'At least 1 024, below the longest answer.', input: 'numeric', sentence: 'Thinking budget: from 1 024 to 200 000 tokens, or empty.' },
  { name: 'parallel_tool_calls', field: 'parameters.parallel_tool_calls', label: 'Several tool calls at once', hint: 'Whether one turn may ask for several tools.', input: { options: [['yes', 'Allowed'], ['no', 'One at a time']] }, sentence: 'Several tool calls: choose one of the list.' },
  { name: 'stop_sequences', field: 'parameters.stop_sequences', label: 'Stop sequences', hint: 'One a line, at most 4; \\n stands for a line break.', input: 'lines', sentence: 'Stop sequences: at most 4 lines of at most 100 characters.' },
];

const escapes: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const unescapes: Record<string, string> = Object.fromEntries(Object.entries(escapes).map(([plain, written]) => [written, plain]));

/** Stop sequences as lines that can be typed, and back. A backslash before anything else stands for itself. */
export const toLines = (sequences: readonly string[]): string => sequences.map((sequence) => sequence.replaceAll(/[\\\n\r\t]/g, (character) => escapes[character] as string)).join('\n');
export const fromLines = (text: string): string[] =>
  text.split('\n').filter((line) => line !== '').map((line) => line.replaceAll(/\\[\\nrt]/g, (written) => unescapes[written] as string));

const typed = (value: number | null): string => (value === null ? '' : String(value));
const optionalNumber = (text: string): number | null => (text.trim() === '' ? null : parseTypedNumber(text));

export const toParameterValues = (parameters: ModelParameters): ParameterValues => ({
  top_p: typed(parameters.top_p),
  stop_sequences: toLines(parameters.stop_sequences),
  seed: typed(parameters.seed),
  frequency_penalty: typed(parameters.frequency_penalty),
  presence_penalty: typed(parameters.presence_penalty),
  reasoning_effort: parameters.reasoning_effort ?? '',
  thinking_budget_tokens: typed(parameters.thinking_budget_tokens),
  parallel_tool_calls: parameters.parallel_tool_calls === null ? '' : parameters.parallel_tool_calls ? 'yes' : 'no',
});
export const emptyParameterValues: ParameterValues = toParameterValues(modelParametersSchema.parse({}));

/** The parameters as the api takes them; numbers that are none become NaN, which its schema refuses. */
export const fromParameterValues = (values: ParameterValues): ModelParameters => ({
  top_p: optionalNumber(values.top_p),
  stop_sequences: fromLines(values.stop_sequences),
  seed: optionalNumber(values.seed),
  frequency_penalty: optionalNumber(values.frequency_penalty),
  presence_penalty: optionalNumber(values.presence_penalty),
  reasoning_effort: values.reasoning_effort === '' ? null : values.reasoning_effort,
  thinking_budget_tokens: optionalNumber(values.thinking_budget_tokens),
  parallel_tool_calls: values.parallel_tool_calls === '' ? null : values.parallel_tool_calls === 'yes',
});

const valueOf = (values: WithParameters, name: ParameterName): string => (name === 'temperature' ? values.temperature : values.parameters[name]);

/**
 * The parameters a form shows: those the chosen connection takes, and those that hold a value though it does not take them, which
 * are kept in sight until somebody clears them. `taken` undefined: nothing is known of the connection, so nothing is hidden.
 */
export const visibleParameters = (values: WithParameters, taken: readonly ParameterName[] | undefined): { spec: ParameterSpec; isTaken: boolean }[] =>
  parameterSpecs.flatMap((spec) => {
    const isTaken = taken === undefined || taken.includes(spec.name);
    return isTaken || valueOf(values, spec.name).trim() !== '' ? [{ spec, isTaken }] : [];
  });

/** Whether any parameter was set. */
export const hasParameters = (values: WithParameters): boolean => parameterSpecs.some(({ name }) => valueOf(values, name).trim() !== '');
