import type Anthropic from '@anthropic-ai/sdk';
import type { ModelRequest } from '../language-model.ts';
import { isStrictSchema } from '../strict-schema.ts';
import { defaultMaxTokens, thinkingOf } from './model-traits.ts';
import { toAnthropicMessages, toAnthropicSystem, toAnthropicTools } from './to-anthropic-messages.ts';

type Body = Anthropic.MessageCreateParamsStreaming;
/** Compatible servers still take what Anthropic's own API no longer has. */
type SamplingFields = { temperature?: number; top_p?: number };

/**
 * A model under a budget refuses to go on with calls it made without thinking: turns that were shortened, or made by another model.
 * It thinks again with the next answer to a person.
 */
const mayThink = (messages: readonly Anthropic.MessageParam[]): boolean => {
  const last = messages.findLast(({ role }) => role === 'assistant');
  const blocks = Array.isArray(last?.content) ? last.content : [];
  return !blocks.some(({ type }) => type === 'tool_use') || blocks[0]?.type === 'thinking' || blocks[0]?.type === 'redacted_thinking';
};

/** Asking for a summary makes the trace readable: else the newest models think, and speak between calls, unseen. */
function toThinking({ model, parameters = {} }: ModelRequest, messages: readonly Anthropic.MessageParam[]): Body['thinking'] {
  const { byItself, adaptive } = thinkingOf(model);
  if (parameters.thinkingBudgetTokens !== undefined) {
    return mayThink(messages) ? { type: 'enabled', budget_tokens: parameters.thinkingBudgetTokens, display: 'summarized' } : undefined;
  }
  return byItself || (adaptive && parameters.reasoningEffort !== undefined) ? { type: 'adaptive', display: 'summarized' } : undefined;
}

function toToolChoice({ tools, mustAnswer, parameters }: ModelRequest): Body['tool_choice'] {
  if (tools.length === 0) return undefined;
  if (mustAnswer === true) return { type: 'none' };
  return parameters?.parallelToolCalls === undefined ? undefined : { type: 'auto', disable_parallel_tool_use: !parameters.parallelToolCalls };
}

/** A schema only where the grammar takes it and the server is Anthropic's own; the prompt says it anyway. */
function toOutputConfig({ outputSchema, parameters }: ModelRequest, isOfficial: boolean): Body['output_config'] {
  // What is no effort of this API is refused before; a compatible server may know it.
  const effort = parameters?.reasoningEffort as 'low' | 'medium' | 'high' | undefined;
  const format = isOfficial && outputSchema !== undefined && isStrictSchema(outputSchema) ? { type: 'json_schema' as const, schema: outputSchema } : undefined;
  return effort === undefined && format === undefined ? undefined : { ...(effort === undefined ? {} : { effort }), ...(format === undefined ? {} : { format }) };
}

/** The request's body. What the agent leaves open is not sent, but for the limit, which the API demands. */
export function toAnthropicBody(request: ModelRequest, isOfficial: boolean): Body & SamplingFields {
  const { model, tools, temperature, parameters = {} } = request;
  const messages = toAnthropicMessages(request);
  const system = toAnthropicSystem(request.system);
  const thinking = toThinking(request, messages);
  const toolChoice = toToolChoice(request);
  const outputConfig = toOutputConfig(request, isOfficial);
  return {
    model,
    max_tokens: request.maxOutputTokens ?? defaultMaxTokens(model, parameters.thinkingBudgetTokens),
    messages,
    ...(system === undefined ? {} : { system }),
    ...(tools.length === 0 ? {} : { tools: toAnthropicTools(tools) }),
    ...(toolChoice === undefined ? {} : { tool_choice: toolChoice }),
    ...(thinking === undefined ? {} : { thinking }),
    ...(outputConfig === undefined ? {} : { output_config: outputConfig }),
    ...(parameters.stopSequences === undefined || parameters.stopSequences.length === 0 ? {} : { stop_sequences: [...parameters.stopSequences] }),
    // Only a compatible server gets here with these.
    ...(temperature === undefined ? {} : { temperature }),
    ...(parameters.topP === undefined ? {} : { top_p: parameters.topP }),
    stream: true,
  };
}
