import Anthropic from '@anthropic-ai/sdk';
import { AppError } from '../../../contracts/errors.ts';
import { callProvider } from '../call-provider.ts';
import { callTimeoutMs, providerFetch, toEndpoint } from '../endpoint.ts';
import type { LanguageModel, ModelRequest } from '../language-model.ts';
import { toAnthropicMessages, toAnthropicSystem, toAnthropicTools } from './to-anthropic-messages.ts';
import { findCode, toHttpFailure } from './to-llm-error.ts';
import { toModelResponse } from './to-model-response.ts';

const officialUrl = 'https://api.anthropic.com';

/** These think by themselves; asking for a summary makes the trace readable, and thinking shares the answer's token limit. */
const thinksByItself = (model: string): boolean => /^claude-(opus|sonnet|haiku|fable|mythos)-5/.test(model);

/** The API demands a limit; this one only where the agent sets none. */
const defaultMaxTokens = (model: string): number => (thinksByItself(model) ? 32_000 : 8_192);

function toBody(request: ModelRequest): Anthropic.MessageCreateParamsNonStreaming {
  const { model, tools, temperature } = request;
  const system = toAnthropicSystem(request.system);
  return {
    model,
    max_tokens: request.maxOutputTokens ?? defaultMaxTokens(model),
    messages: toAnthropicMessages(request),
    ...(system === undefined ? {} : { system }),
    ...(tools.length === 0 ? {} : { tools: toAnthropicTools(tools) }),
    ...(tools.length > 0 && request.mustAnswer === true ? { tool_choice: { type: 'none' as const } } : {}),
    ...(thinksByItself(model) ? { thinking: { type: 'adaptive' as const, display: 'summarized' as const } } : {}),
    // Only a compatible server gets here with one.
    ...(temperature === undefined ? {} : { temperature }),
  };
}

/**
 * Models behind `/v1/messages`: Anthropic's, or any server that speaks like it. `apiKey` may be missing for a server that wants
 * none. Throws the LLM_* codes of the port.
 * @see https://platform.claude.com/docs/en/api/messages (2026-11)
 */
export function createAnthropicModel({ apiKey, baseUrl = officialUrl }: { apiKey?: string | undefined; baseUrl?: string | undefined }): LanguageModel {
  const endpoint = toEndpoint('Anthropic', { baseUrl, officialUrl, secret: apiKey });
  // Everything the client would else read from the environment is given: configuration has one reader. The explicit timeout also
  // keeps it from refusing large limits without streaming.
  const client = new Anthropic({
    apiKey: apiKey ?? 'none', authToken: null, baseURL: baseUrl, maxRetries: 0, timeout: callTimeoutMs, fetch: providerFetch, logLevel: 'off',
    // The client sends the key as a bearer token; servers made for its earlier releases look for it here.
    ...(endpoint.isOfficial || apiKey === undefined ? {} : { defaultHeaders: { 'x-api-key': apiKey } }),
  });
  return {
    async generate(request, { signal }) {
      if (endpoint.isOfficial && request.temperature !== undefined) {
        // The API refuses it since version 2026-10-21; a setting that silently does nothing would be worse.
        throw new AppError('LLM_REQUEST_INVALID', 'Anthropic takes no temperature. Clear it in the agent\'s settings.');
      }
      const body = await callProvider({ endpoint, signal, toHttpFailure, findCode }, (both) => client.messages.create(toBody(request), { signal: both }));
      return toModelResponse(body, request.model);
    },
  };
}
