import type Anthropic from '@anthropic-ai/sdk';
import { defaultModelParameters, type ModelParameters } from '../../../contracts/agents.ts';
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
function toThinking(model: string, parameters: ModelParameters, messages: readonly Anthropic.MessageParam[]): Body['thinking'] {
  const { byItself, adaptive } = thinkingOf(model);
  if (parameters.thinking_budget_tokens !== null) {
    return mayThink(messages) ? { type: 'enabled', budget_tokens: parameters.thinking_budget_tokens, display: 'summarized' } : undefined;
  }
  return byItself || (adaptive && parameters.reasoning_effort !== null) ? { type: 'adaptive', display: 'summarized' } : undefined;
}

function toToolChoice({ tools, mustAnswer }: ModelRequest, { parallel_tool_calls: isParallel }: ModelParameters): Body['tool_choice'] {
  if (tools.length === 0) return undefined;
  if (mustAnswer === true) return { type: 'none' };
  return isParallel === null ? undefined : { type: 'auto', disable_parallel_tool_use: !isParallel };
}

/** A schema only where the grammar takes it and the server is Anthropic's own; the prompt says it anyway. */
function toOutputConfig({ outputSchema }: ModelRequest, parameters: ModelParameters, isOfficial: boolean): Body['output_config'] {
  // What is no effort of this API is refused before; a compatible server may know it.
  const effort = parameters.reasoning_effort as 'low' | 'medium' | 'high' | null;
  const format = isOfficial && outputSchema !== undefined && isStrictSchema(outputSchema) ? { type: 'json_schema' as const, schema: outputSchema } : undefined;
  return effort === null && format === undefined ? undefined : { ...(effort === null ? {} : { effort }), ...(format === undefined ? {} : { format }) };
}

/** The request's body. What the agent leaves open is not sent, but for the limit, which the API demands. */
export function toAnthropicBody(request: ModelRequest, isOfficial: boolean): Body & SamplingFields {
  const { model, tools, temperature } = request;
  const parameters = { ...defaultModelParameters, ...request.parameters };
  const messages = toAnthropicMessages(request);
  const system = toAnthropicSystem(request.system);
  const thinking = toThinking(model, parameters, messages);
  const toolChoice = toToolChoice(request, parameters);
  const outputConfig = toOutputConfig(request, parameters, isOfficial);
  return {
    model,
    max_tokens: request.maxOutputTokens ?? defaultMaxTokens(model, parameters.thinking_budget_tokens ?? undefined),
    messages,
    ...(system === undefined ? {} : { system }),
    ...(tools.length === 0 ? {} : { tools: toAnthropicTools(tools) }),
    ...(toolChoice === undefined ? {} : { tool_choice: toolChoice }),
    ...(thinking === undefined ? {} : { thinking }),
    ...(outputConfig === undefined ? {} : { output_config: outputConfig }),
    ...(parameters.stop_sequences.length === 0 ? {} : { stop_sequences: parameters.stop_sequences }),
    // Only a compatible server gets here with these.
    ...(temperature === undefined ? {} : { temperature }),
    ...(parameters.top_p === null ? {} : { top_p: parameters.top_p }),
    stream: true,
  };
}
