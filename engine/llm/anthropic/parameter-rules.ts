import type { parameterNames } from '../../../contracts/agents.ts';
import type { FieldIssue } from '../../../contracts/errors.ts';
import type { ParameterRules } from '../parameter-rules.ts';
import { defaultMaxTokens, thinkingOf } from './model-traits.ts';

type ParameterName = (typeof parameterNames)[number];

/** What Anthropic's own API takes; sampling parameters are gone since version 2026-10-21. */
export const anthropicParameters: readonly ParameterName[] = ['stop_sequences', 'reasoning_effort', 'thinking_budget_tokens', 'parallel_tool_calls'];

/** What a server that speaks like it may take besides. */
export const anthropicCompatibleParameters: readonly ParameterName[] = ['temperature', 'top_p', ...anthropicParameters];

const minThinkingBudget = 1_024;

/**
 * What Anthropic's own API refuses, so that it is said when an agent is made and not at its first run. Compatible servers are held
 * only to what the API has no field for and to the bounds of a thinking budget.
 * @see https://platform.claude.com/docs/en/api/messages (2026-11)
 */
export const checkAnthropicRequest: ParameterRules = ({ model, isOfficial, temperature, max_output_tokens: maxTokens, parameters }) => {
  const issues: FieldIssue[] = [];
  const refuse = (path: string, message: string): void => void issues.push({ path, message });
  const { thinking_budget_tokens: budget, reasoning_effort: effort } = parameters;
  const thinking = thinkingOf(model);
  for (const [name, words] of [['seed', 'seed'], ['frequency_penalty', 'frequency penalty'], ['presence_penalty', 'presence penalty']] as const) {
    if (parameters[name] !== null) refuse(`parameters.${name}`, `Anthropic takes no ${words}.`);
  }
  if (isOfficial) {
    if (temperature !== null) refuse('temperature', 'Anthropic takes no temperature.');
    if (parameters.top_p !== null) refuse('parameters.top_p', 'Anthropic takes no top p.');
    if (effort === 'minimal') refuse('parameters.reasoning_effort', 'Anthropic knows the efforts low, medium and high.');
    else if (effort !== null && !thinking.effort) refuse('parameters.reasoning_effort', `${model} takes no reasoning effort. Set a thinking budget instead.`);
    if (budget !== null && !thinking.budget) refuse('parameters.thinking_budget_tokens', `${model} decides itself how much it thinks. Set a reasoning effort instead.`);
  }
  if (budget === null) return issues;
  const limit = maxTokens ?? defaultMaxTokens(model, budget);
  if (budget < minThinkingBudget) refuse('parameters.thinking_budget_tokens', `A thinking budget is at least ${minThinkingBudget} tokens.`);
  else if (budget >= limit) refuse('parameters.thinking_budget_tokens', `The thinking budget must be smaller than the ${limit} tokens of an answer, which it is part of.`);
  if (!isOfficial && temperature !== null && temperature !== 1) refuse('temperature', 'A temperature cannot be combined with a thinking budget.');
  return issues;
};
