import { createHash } from 'node:crypto';
import type OpenAI from 'openai';
import { defaultModelParameters } from '../../../contracts/agents.ts';
import type { ModelRequest } from '../language-model.ts';
import { isStrictSchema } from '../strict-schema.ts';
import { toOpenAiMessages, toOpenAiTools } from './to-openai-messages.ts';

type Body = OpenAI.Chat.ChatCompletionCreateParamsStreaming;

/** Fields no answer depends on; a server that refuses one by name is asked again without it. */
export const optionalFields = ['stream_options', 'response_format', 'prompt_cache_key'] as const;
export type OptionalField = (typeof optionalFields)[number];

/** Requests that begin alike should meet the same cache: the key is made of what stays the same through a run. */
const toCacheKey = ({ system, tools }: ModelRequest): string => `maestro-${createHash('sha256').update(JSON.stringify([system, toOpenAiTools(tools)])).digest('hex').slice(0, 32)}`;

const toResponseFormat = (schema: { [key: string]: unknown }): Body['response_format'] => ({ type: 'json_schema', json_schema: { name: 'final_answer', schema, strict: isStrictSchema(schema) } });

/**
 * The request's body. Servers that only resemble OpenAI's know `max_tokens`, stumble over `tool_choice`, and may fail on a schema;
 * OpenAI's own models want `max_completion_tokens`. What the agent leaves open is not sent.
 */
export function toOpenAiBody(request: ModelRequest, isOfficial: boolean): Body {
  const { model, maxOutputTokens, temperature, tools, outputSchema } = request;
  const parameters = { ...defaultModelParameters, ...request.parameters };
  return {
    model,
    messages: toOpenAiMessages(request),
    ...(tools.length === 0 ? {} : { tools: toOpenAiTools(tools) }),
    ...(isOfficial && tools.length > 0 && request.mustAnswer === true ? { tool_choice: 'none' as const } : {}),
    ...(tools.length > 0 && parameters.parallel_tool_calls !== null ? { parallel_tool_calls: parameters.parallel_tool_calls } : {}),
    ...(maxOutputTokens === undefined ? {} : isOfficial ? { max_completion_tokens: maxOutputTokens } : { max_tokens: maxOutputTokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(parameters.top_p === null ? {} : { top_p: parameters.top_p }),
    ...(parameters.stop_sequences.length === 0 ? {} : { stop: parameters.stop_sequences }),
    ...(parameters.seed === null ? {} : { seed: parameters.seed }),
    ...(parameters.frequency_penalty === null ? {} : { frequency_penalty: parameters.frequency_penalty }),
    ...(parameters.presence_penalty === null ? {} : { presence_penalty: parameters.presence_penalty }),
    ...(parameters.reasoning_effort === null ? {} : { reasoning_effort: parameters.reasoning_effort }),
    ...(isOfficial && outputSchema !== undefined ? { response_format: toResponseFormat(outputSchema) } : {}),
    ...(isOfficial ? { prompt_cache_key: toCacheKey(request) } : {}),
    stream: true,
    stream_options: { include_usage: true },
  };
}
