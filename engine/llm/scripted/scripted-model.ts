import { AppError } from '../../../contracts/errors.ts';
import { estimateTokens } from '../../context/index.ts';
import type { Json } from '../../tools/tool.ts';
import type { LanguageModel, ModelRequest, ModelResponse, ModelToolCall } from '../language-model.ts';
import type { NamedScript } from './load-scripts.ts';
import { type Observation, observe, toCallId } from './observe.ts';
import { findAt, renderTemplate, type Scope } from './render-template.ts';
import type { Condition, Script, Step } from './script.ts';

function holds(condition: Condition, scope: Scope): boolean {
  const value = findAt(scope, condition.path);
  if (condition.is_null !== undefined) return (value === undefined || value === null) === condition.is_null;
  if (condition.below !== undefined) {
    const bound = findAt(scope, condition.below);
    return typeof value === 'number' && typeof bound === 'number' && value < bound;
  }
  return JSON.stringify(value) === JSON.stringify(condition.equals);
}

/** The step to take now: the start, or where the outcome of the last one leads. */
function findStep(script: Script, { step, outcome, scope }: Observation): { name: string; step: Step } {
  const name = step === undefined
    ? script.start
    : script.steps[step]?.next.find((transition) => (transition.on === 'any' || transition.on === outcome) && (transition.if === undefined || holds(transition.if, scope)))?.go;
  const found = name === undefined ? undefined : script.steps[name];
  if (name === undefined || found === undefined) throw new AppError('LLM_REQUEST_INVALID', `The script has no step after "${step}"; was it changed while the run was under way?`);
  return { name, step: found };
}

const quoteRemarks = (remarks: readonly string[]): string => remarks.map((remark) => `“${remark.slice(0, 300).toWellFormed()}”`).join(', ');

interface Decision {
  text: string;
  thought: string | undefined;
  toolCalls: ModelToolCall[];
}

function decide(script: Script, request: ModelRequest): Decision {
  const observation = observe(request);
  const { remarks, scope, turn } = observation;
  if (observation.hasAnswered) return { text: `My answer above stays. I replay a script and call no model, so I cannot act on ${quoteRemarks(remarks.slice(-1))}.`, thought: undefined, toolCalls: [] };
  const { name, step } = findStep(script, observation);
  if (step.calls.length > 0 && request.mustAnswer === true) {
    return { text: `I have no calls left, and my script was not at its end: the next step would have been “${name}”.`, thought: undefined, toolCalls: [] };
  }
  const text = String(renderTemplate(step.say, scope));
  const toolCalls = step.calls.map((call, position): ModelToolCall => {
    const args = renderTemplate(call.arguments, scope) as { [key: string]: Json };
    return { id: toCallId(turn, name, position, step.calls.length), name: call.tool, arguments: args, rawArguments: JSON.stringify(args) };
  });
  const unheard = toolCalls.length === 0 && remarks.length > 0 ? `\n\nWhile I worked you wrote ${quoteRemarks(remarks)}. I replay a script and call no model, so I could not act on it.` : '';
  return { text: text + unheard, thought: step.thought === undefined ? undefined : `${String(renderTemplate(step.thought, scope))} (scripted)`, toolCalls };
}

/** Tokens of the real texts at about four characters each, the same for the same conversation. */
function toUsage(request: ModelRequest, { text, thought, toolCalls }: Decision): ModelResponse['usage'] {
  const asked = [request.system, JSON.stringify(request.tools), ...request.messages.map((message) => message.content + (message.role === 'assistant' ? JSON.stringify(message.toolCalls) : ''))];
  const reasoningTokens = estimateTokens(thought ?? '');
  const outputTokens = estimateTokens(text) + toolCalls.reduce((sum, call) => sum + estimateTokens(call.name + call.rawArguments), 0) + reasoningTokens;
  return { inputTokens: asked.reduce((sum, part) => sum + estimateTokens(part), 0), outputTokens, cachedInputTokens: 0, cacheWriteTokens: 0, reasoningTokens };
}

/**
 * A provider that calls no model: it replays the script the request names as its model. Decisions are fixed, figures are real: they
 * come from what the tools returned. Throws LLM_MODEL_NOT_FOUND for a script that does not exist.
 */
export function createScriptedModel(scripts: ReadonlyMap<string, NamedScript>): LanguageModel {
  return {
    async generate(request, { signal }) {
      signal.throwIfAborted();
      const named = scripts.get(request.model);
      if (named === undefined) {
        const listed = [...scripts.values()].filter(({ script }) => script.is_listed).map(({ name }) => name);
        throw new AppError('LLM_MODEL_NOT_FOUND', `There is no script "${request.model.slice(0, 100)}"; there are ${listed.join(', ')}.`);
      }
      const decision = decide(named.script, request);
      return {
        model: named.name,
        ...decision,
        finishReason: decision.toolCalls.length > 0 ? 'tool_calls' : 'stop',
        usage: toUsage(request, decision),
        rawUsage: { source: 'scripted', note: 'No model was called; tokens are estimated from the text at about 4 characters each.' },
      };
    },
  };
}
