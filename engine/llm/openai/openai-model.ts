import OpenAI from 'openai';
import { callProvider } from '../call-provider.ts';
import { callTimeoutMs, providerFetch, toEndpoint } from '../endpoint.ts';
import type { LanguageModel, ModelRequest } from '../language-model.ts';
import { findCode, toHttpFailure } from './to-llm-error.ts';
import { toModelResponse } from './to-model-response.ts';
import { toOpenAiMessages, toOpenAiTools } from './to-openai-messages.ts';

const officialUrl = 'https://api.openai.com/v1';

/**
 * The request's body. Servers that only resemble OpenAI's know `max_tokens` and stumble over `tool_choice`; OpenAI's own models
 * want `max_completion_tokens`.
 */
function toBody(request: ModelRequest, isOfficial: boolean): OpenAI.Chat.ChatCompletionCreateParamsNonStreaming {
  const { model, maxOutputTokens, temperature, tools } = request;
  return {
    model,
    messages: toOpenAiMessages(request),
    ...(tools.length === 0 ? {} : { tools: toOpenAiTools(tools) }),
    ...(isOfficial && tools.length > 0 && request.mustAnswer === true ? { tool_choice: 'none' as const } : {}),
    ...(maxOutputTokens === undefined ? {} : isOfficial ? { max_completion_tokens: maxOutputTokens } : { max_tokens: maxOutputTokens }),
    ...(temperature === undefined ? {} : { temperature }),
  };
}

/**
 * Models behind `/v1/chat/completions`: OpenAI's, or any server that speaks like it. `apiKey` may be missing for a server that wants
 * none. Throws the LLM_* codes of the port.
 * @see https://developers.openai.com/api/reference/resources/chat (2026-11)
 */
export function createOpenAiModel({ apiKey, baseUrl = officialUrl }: { apiKey?: string | undefined; baseUrl?: string | undefined }): LanguageModel {
  const endpoint = toEndpoint('OpenAI', { baseUrl, officialUrl, secret: apiKey });
  // Everything the client would else read from the environment is given: configuration has one reader.
  const client = new OpenAI({ apiKey: apiKey ?? 'none', baseURL: baseUrl, organization: null, project: null, maxRetries: 0, timeout: callTimeoutMs, fetch: providerFetch, logLevel: 'off' });
  return {
    async generate(request, { signal }) {
      const body = await callProvider({ endpoint, signal, toHttpFailure, findCode }, (both) => client.chat.completions.create(toBody(request, endpoint.isOfficial), { signal: both }));
      return toModelResponse(body, request.model);
    },
  };
}
