import { createHash } from 'node:crypto';
import { AppError } from '../../../contracts/errors.ts';
import { estimateTokens } from '../../context/index.ts';
import type { Json } from '../../tools/tool.ts';
import type { ModelRequest, ModelResponse, ModelToolCall } from '../language-model.ts';
import type { NamedScript } from './load-scripts.ts';
import { type Observation, observe, toCallId } from './observe.ts';
import { findAt, renderTemplate, type Scope } from './render-template.ts';
import type { Condition, Fault, Script, Step } from './script.ts';

/** What a script answers, however it is brought to who asked. */
export interface ScriptedReply extends Omit<ModelResponse, 'providerState'> {
  /** Between two pieces of the answer. */
  paceMs: number;
  /** To be played instead of the answer, this time. */
  fault: Fault | undefined;
}

export interface ScriptPlayer {
  /** Throws LLM_MODEL_NOT_FOUND for a script that does not exist, LLM_REQUEST_INVALID for a conversation that does not fit it. */
  play(request: ModelRequest): ScriptedReply;
}

type Decision = Pick<ModelResponse, 'text' | 'thought' | 'toolCalls'> & { name: string | undefined; step: Step | undefined };

function holds(condition: Condition, scope: Scope): boolean {
  const value = findAt(scope, condition.path);
  if (condition.is_null !== undefined) return (value === undefined || value === null) === condition.is_null;
  if (condition.below !== undefined) {
    const bound = findAt(scope, condition.below);
    return typeof value === 'number' && typeof bound === 'number' && value < bound;
  }
  return JSON.stringify(value) === JSON.stringify(condition.equals);
}

/** The step to take now: the start, or where the outcome of the last one leads. Undefined: the answer given stays. */
function findStep(script: Script, { step, outcome, scope, answers }: Observation): { name: string; step: Step } | undefined {
  let name = step === undefined
    ? script.start
    : script.steps[step]?.next.find((transition) => (transition.on === 'any' || transition.on === outcome) && (transition.if === undefined || holds(transition.if, scope)))?.go;
  if (name === undefined) throw new AppError('LLM_REQUEST_INVALID', `The script has no step after "${step}"; was it changed while the run was under way?`);
  for (const _answer of answers) if (name !== undefined) name = script.steps[name]?.again;
  const found = name === undefined ? undefined : script.steps[name];
  return name === undefined || found === undefined ? undefined : { name, step: found };
}

const quoteRemarks = (remarks: readonly string[]): string => remarks.map((remark) => `“${remark.slice(0, 300).toWellFormed()}”`).join(', ');
const say = (text: string): Decision => ({ text, thought: undefined, toolCalls: [], name: undefined, step: undefined });

function toCalls({ calls }: Step, name: string, { turn, scope }: Observation): ModelToolCall[] {
  const all = calls.flatMap((call) => Array.from({ length: call.times }, () => call));
  let id = '';
  return all.map((call, position) => {
    const args = renderTemplate(call.arguments, scope) as { [key: string]: Json };
    if (!call.shares_id || id === '') id = toCallId(turn, name, position, all.length);
    return { id, name: call.tool, arguments: args, rawArguments: JSON.stringify(args) };
  });
}

function decide(script: Script, request: ModelRequest): Decision & { goal: string } {
  const observation = observe(request);
  const { remarks, scope, answers } = observation;
  const goal = String(scope['goal']);
  const found = findStep(script, observation);
  if (found === undefined) {
    // Where data is wanted, words about it would only spoil it.
    if (request.outputSchema !== undefined) return { ...say(answers.at(-1) ?? ''), goal };
    return { ...say(`My answer above stays. I replay a script and call no model, so I cannot act on ${quoteRemarks(remarks.slice(-1))}.`), goal };
  }
  const { name, step } = found;
  if (step.calls.length > 0 && request.mustAnswer === true) {
    return { ...say(`I have no calls left, and my script was not at its end: the next step would have been “${name}”.`), goal };
  }
  const said = renderTemplate(step.say, scope);
  const isData = typeof said !== 'string';
  const text = (isData ? JSON.stringify(said) : said).repeat(step.say_times);
  const isUnheard = step.calls.length === 0 && remarks.length > 0 && answers.length === 0 && !isData && request.outputSchema === undefined;
  return {
    name, step, goal,
    text: isUnheard ? `${text}\n\nWhile I worked you wrote ${quoteRemarks(remarks)}. I replay a script and call no model, so I could not act on it.` : text,
    thought: step.thought === undefined ? undefined : `${String(renderTemplate(step.thought, scope))} (scripted)`,
    toolCalls: toCalls(step, name, observation),
  };
}

/** Tokens of the real texts at about four characters each, the same for the same conversation. */
function toUsage(request: ModelRequest, { text, thought, toolCalls }: Decision): ModelResponse['usage'] {
  const asked = [request.system, JSON.stringify(request.tools), ...request.messages.map((message) => message.content + (message.role === 'assistant' ? JSON.stringify(message.toolCalls) : ''))];
  const reasoningTokens = estimateTokens(thought ?? '');
  const outputTokens = estimateTokens(text) + toolCalls.reduce((sum, call) => sum + estimateTokens(call.name + call.rawArguments), 0) + reasoningTokens;
  return { inputTokens: asked.reduce((sum, part) => sum + estimateTokens(part), 0), outputTokens, cachedInputTokens: 0, cacheWriteTokens: 0, reasoningTokens };
}

/** Goals beyond these begin anew: a server that runs for weeks must not remember every one. */
const maxRemembered = 10_000;

/** Plays scripts. What a player remembers is only how often it has played which fault to which goal. */
export function createScriptPlayer(scripts: ReadonlyMap<string, NamedScript>): ScriptPlayer {
  const played = new Map<string, number>();
  const takeFault = (script: string, { name, step, goal }: ReturnType<typeof decide>): Fault | undefined => {
    if (step?.fault === undefined) return undefined;
    const key = createHash('sha256').update(JSON.stringify([script, name, goal])).digest('base64');
    const times = played.get(key) ?? 0;
    if (times >= step.fault.times) return undefined;
    if (played.size >= maxRemembered && times === 0) played.delete(played.keys().next().value ?? '');
    played.set(key, times + 1);
    return step.fault;
  };
  return {
    play(request) {
      const named = scripts.get(request.model);
      if (named === undefined) {
        const listed = [...scripts.values()].filter(({ script }) => script.is_listed).map(({ name }) => name);
        throw new AppError('LLM_MODEL_NOT_FOUND', `There is no script "${request.model.slice(0, 100)}"; there are ${listed.join(', ')}.`);
      }
      const decision = decide(named.script, request);
      const fault = takeFault(named.name, decision);
      const { text, thought, toolCalls, step } = decision;
      return {
        model: named.name, text, thought, toolCalls, fault,
        finishReason: step?.ends_as ?? (toolCalls.length > 0 ? 'tool_calls' : 'stop'),
        usage: toUsage(request, decision),
        rawUsage: { source: 'scripted', note: 'No model was called; tokens are estimated from the text at about 4 characters each.' },
        paceMs: fault?.kind === 'slow' ? fault.delay_ms : named.script.pace_ms,
      };
    },
  };
}
