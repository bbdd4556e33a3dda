import type { ModelParameters, parameterNames } from '../../../contracts/agents.ts';
import type { FieldIssue } from '../../../contracts/errors.ts';
import type { ParameterRules } from '../parameter-rules.ts';

/** What the API takes; it knows no budget for thinking, only an effort. */
export const openAiParameters: readonly (typeof parameterNames)[number][] = [
  'temperature', 'top_p', 'stop_sequences', 'seed', 'frequency_penalty', 'presence_penalty', 'reasoning_effort', 'parallel_tool_calls',
];

const samplingNames = ['top_p', 'frequency_penalty', 'presence_penalty'] as const satisfies (keyof ModelParameters)[];

/** Models that think before each answer, whatever is asked of them. */
const alwaysReasons = (model: string): boolean => /^o\d/.test(model) || /^gpt-5(?!\.)(?!-chat)/.test(model);
/** Models that cannot: an effort is refused. */
const neverReasons = (model: string): boolean => /^(?:gpt-[34]|chatgpt-|gpt-5(?:\.\d+)?-chat)/.test(model);

/**
 * What OpenAI's own API refuses, so that it is said when an agent is made and not at its first run. Of compatible servers only what
 * the API has no field for is refused; models that are not known are left to the server.
 * @see https://developers.openai.com/api/docs/guides/reasoning (2026-11)
 */
export const checkOpenAiRequest: ParameterRules = ({ model, isOfficial, temperature, parameters }) => {
  const issues: FieldIssue[] = [];
  const refuse = (path: string, message: string): void => void issues.push({ path, message });
  const { reasoning_effort: effort, stop_sequences: stops } = parameters;
  if (parameters.thinking_budget_tokens !== null) refuse('parameters.thinking_budget_tokens', 'The OpenAI API takes no thinking budget. Set a reasoning effort instead.');
  if (!isOfficial) return issues;
  const reasons = alwaysReasons(model) ? `${model} reasons before it answers and takes` : effort !== null && !neverReasons(model) ? 'With a reasoning effort OpenAI takes' : undefined;
  if (reasons !== undefined) {
    if (temperature !== null && temperature !== 1) refuse('temperature', `${reasons} no temperature.`);
    for (const name of samplingNames) if (parameters[name] !== null) refuse(`parameters.${name}`, `${reasons} no ${name.replace('_', ' ')}.`);
  }
  if (effort !== null && neverReasons(model)) refuse('parameters.reasoning_effort', `${model} takes no reasoning effort.`);
  if (effort === 'minimal' && /^o\d/.test(model)) refuse('parameters.reasoning_effort', `${model} knows the efforts low, medium and high.`);
  if (stops.length > 0 && /^o[34]/.test(model)) refuse('parameters.stop_sequences', `${model} takes no stop sequences.`);
  return issues;
};
