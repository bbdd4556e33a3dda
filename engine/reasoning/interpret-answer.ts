import type { NewToolCall } from '../../db/repositories/tool-calls.repository.ts';
import { toJsonb } from '../../db/storable.ts';
import { hashJson } from '../../platform/hash-json.ts';
import { newId } from '../../platform/ids.ts';
import { jsonDepth, maxJsonDepth } from '../../platform/json-depth.ts';
import type { ModelResponse, ModelToolCall } from '../llm/language-model.ts';
import type { ToolRegistry } from '../tools/index.ts';
import { cutAnswerNote, emptyAnswerNote } from './prompts.ts';

/** More calls than this in one answer are told to the model instead of made. */
const maxCallsPerTurn = 32;
/** Beyond this many the rest of an answer gone wild is not even kept. */
const maxKeptCalls = 64;

/** Characters of arguments in one answer. Longer ones are nothing anybody approves or executes. */
const maxArguments = 500_000;
/** What is kept to show of arguments that are too long. */
const keptArguments = 2_000;

/** What a model's answer means for the run. */
export type Interpretation =
  | { outcome: 'final' }
  | { outcome: 'failed'; code: 'LLM_REFUSED' | 'LLM_OUTPUT_INVALID'; message: string }
  /** `note` is said to the model when there is no tool call an error could answer. */
  | { outcome: 'mistake'; calls: NewToolCall[]; mistake: string; note: string | null }
  | { outcome: 'acts'; calls: NewToolCall[] };

interface Context {
  runId: string;
  iteration: number;
  tools: ToolRegistry;
  /** Names the agent was given. */
  allowed: readonly string[];
  /** Call ids this run used before. */
  usedCallIds: ReadonlySet<string>;
  /** Fingerprints of the turns before, newest last; see {@link fingerprintOf}. */
  earlierFingerprints: readonly string[];
}

/** Equal for two turns that make the same calls with the same arguments. */
export const fingerprintOf = (calls: readonly { toolName: string; argumentsHash: string | null }[]): string =>
  calls.map((call) => `${call.toolName}:${call.argumentsHash}`).sort().join('\n');

/** Why a call cannot be made, as the model should read it; undefined when it can. */
function findMistake(call: ModelToolCall, { position, isCut, isTooLong, isTooDeep }: { position: number; isCut: boolean; isTooLong: boolean; isTooDeep: boolean }, { tools, allowed }: Context): { code: string; message: string } | undefined {
  if (position >= maxCallsPerTurn) return { code: 'TOOL_INPUT_INVALID', message: `At most ${maxCallsPerTurn} calls in one answer; this one was not made.` };
  if (!allowed.includes(call.name) || tools.find(call.name) === undefined) {
    return { code: 'TOOL_UNKNOWN', message: `There is no tool "${call.name.slice(0, 100)}". Your tools: ${allowed.join(', ') || 'none'}.` };
  }
  if (isTooLong) return { code: 'TOOL_INPUT_INVALID', message: `The arguments are too long: ${call.rawArguments.length} characters. All calls of one answer together may have ${maxArguments}.` };
  if (isTooDeep) return { code: 'TOOL_INPUT_INVALID', message: `The arguments are nested deeper than ${maxJsonDepth} levels.` };
  if (call.arguments === undefined) {
    const why = isCut ? 'The call was cut off at the token limit. Make a shorter one.' : `The arguments are not a JSON object: ${call.rawArguments.slice(0, 200).toWellFormed()}`;
    return { code: 'TOOL_INPUT_INVALID', message: why };
  }
  const parsed = tools.parseArguments(call.name, call.arguments);
  return parsed.ok ? undefined : { code: 'TOOL_INPUT_INVALID', message: parsed.message };
}

/** The provider's id where it will do as a name within the run; both providers take it back in this form only. */
function toCallId(id: string, position: number, iteration: number, used: ReadonlySet<string>): string {
  if (/^[A-Za-z0-9_-]{1,64}$/.test(id) && !used.has(id)) return id;
  let own = `call_${iteration}_${position}`;
  while (used.has(own)) own += '_';
  return own;
}

function toNewToolCalls({ toolCalls, finishReason }: ModelResponse, context: Context): NewToolCall[] {
  const used = new Set(context.usedCallIds);
  const kept = toolCalls.slice(0, maxKeptCalls);
  let characters = 0;
  return kept.map((call, position) => {
    const isTooLong = (characters += call.rawArguments.length) > maxArguments;
    if (isTooLong) characters -= call.rawArguments.length;
    const providerCallId = toCallId(call.id, position, context.iteration, used);
    used.add(providerCallId);
    const isCut = finishReason === 'max_tokens' && position === toolCalls.length - 1;
    const isTooDeep = !isTooLong && jsonDepth(call.rawArguments) > maxJsonDepth;
    // What is judged, hashed, approved and executed is what can be stored, letter for letter.
    const storable = call.arguments === undefined || isTooLong || isTooDeep ? undefined : (JSON.parse(toJsonb(call.arguments)) as NonNullable<ModelToolCall['arguments']>);
    const error = findMistake({ ...call, arguments: storable }, { position, isCut, isTooLong, isTooDeep }, context) ?? null;
    return {
      id: newId(),
      runId: context.runId,
      iteration: context.iteration,
      position,
      providerCallId,
      toolName: call.name.slice(0, 200),
      arguments: storable ?? null,
      rawArguments: storable === undefined ? call.rawArguments.slice(0, isTooLong ? keptArguments : maxArguments) : null,
      argumentsHash: storable === undefined ? null : hashJson(storable),
      idempotencyKey: `${context.runId}:${context.iteration}.${position}`,
      state: error === null ? 'proposed' : 'invalid',
      error,
    };
  });
}

/** Reads a model's answer. Mistakes are no failures: they go back to the model, which may do better on the next turn. */
export function interpretAnswer(response: ModelResponse, context: Context): Interpretation {
  if (response.finishReason === 'refusal' || response.finishReason === 'content_filter') {
    const why = response.finishReason === 'refusal' ? 'The model refused to answer' : "The provider's content filter stopped the answer";
    return { outcome: 'failed', code: 'LLM_REFUSED', message: response.text === '' ? `${why}.` : `${why}: ${response.text.slice(0, 500)}` };
  }
  if (response.toolCalls.length === 0) {
    if (response.finishReason === 'max_tokens') return { outcome: 'mistake', calls: [], mistake: 'the answer was cut off at the token limit', note: cutAnswerNote };
    if (response.text.trim() === '') return { outcome: 'mistake', calls: [], mistake: 'an empty answer', note: emptyAnswerNote };
    return { outcome: 'final' };
  }
  const calls = toNewToolCalls(response, context);
  const fingerprint = fingerprintOf(calls);
  const [last, lastButOne] = context.earlierFingerprints.toReversed();
  if (fingerprint === last && fingerprint === lastButOne) {
    const error = { code: 'TOOL_INPUT_INVALID', message: 'You made exactly the same call in your last two turns. Use their results, try something else, or give your final answer.' };
    return { outcome: 'mistake', calls: calls.map((call) => ({ ...call, state: 'invalid', error: call.error ?? error })), mistake: 'the same calls for the third time in a row', note: null };
  }
  const bad = calls.find((call) => call.error !== null);
  return calls.every((call) => call.error !== null)
    ? { outcome: 'mistake', calls, mistake: bad?.error?.message ?? 'no usable tool call', note: null }
    : { outcome: 'acts', calls };
}
