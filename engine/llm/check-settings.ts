import type { LlmProvider, ModelProvider } from '../../contracts/agents.ts';
import type { FieldIssue } from '../../contracts/errors.ts';
import { anthropicCompatibleParameters, anthropicParameters, checkAnthropicRequest } from './anthropic/parameter-rules.ts';
import { checkOpenAiRequest, openAiParameters } from './openai/parameter-rules.ts';
import type { RequestSettings } from './parameter-rules.ts';

/** Parameters a connection takes; the server behind may know fewer. A script knows none and is not disturbed by any. */
export function parametersOf(provider: LlmProvider, isOfficial: boolean): ModelProvider['parameters'] {
  if (provider === 'scripted') return [];
  return [...(provider === 'openai' ? openAiParameters : isOfficial ? anthropicParameters : anthropicCompatibleParameters)];
}

/** What a provider would refuse of an agent's settings, by the paths of the agent's body; nothing for scripts. */
export function checkSettings(provider: LlmProvider, settings: RequestSettings): FieldIssue[] {
  if (provider === 'scripted') return [];
  return (provider === 'openai' ? checkOpenAiRequest : checkAnthropicRequest)(settings);
}
