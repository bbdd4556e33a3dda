import Anthropic from '@anthropic-ai/sdk';
import { Stream } from '@anthropic-ai/sdk/core/streaming';
import { callProvider, cutAnswer } from '../call-provider.ts';
import { type ConnectionOptions, defaultTimeouts, toEndpoint } from '../endpoint.ts';
import type { GenerateOptions, LanguageModel, ModelRequest, ModelResponse } from '../language-model.ts';
import { refuseAgainst } from '../parameter-rules.ts';
import { checkAnthropicRequest } from './parameter-rules.ts';
import { readEvents } from './read-events.ts';
import { toAnthropicBody } from './to-anthropic-body.ts';
import { findCode, toHttpFailure } from './to-llm-error.ts';
import { toModelResponse } from './to-model-response.ts';
import { toProviderLimits } from './to-provider-limits.ts';

/** Throws an error that came as a success: within a stream, or in place of an answer. */
function throwErrorWithin(body: unknown, headers: Headers): unknown {
  const { type, error } = (typeof body === 'object' && body !== null ? body : {}) as { type?: unknown; error?: { type?: string } | null };
  if (type === 'error' || (type === undefined && error)) throw new Anthropic.APIError(undefined, body as object, undefined, headers, error?.type as never);
  return body;
}

/** Events as JSON. The client's own parser passes over events without a name, which some servers send. */
async function* parseEvents(response: Response): AsyncIterable<unknown> {
  for await (const { event, data } of Stream.rawEvents(response)) {
    if (data === '' || data === '[DONE]') continue;
    if (event === 'error' && !data.startsWith('{')) throw new Anthropic.APIError(undefined, undefined, data, response.headers);
    yield throwErrorWithin(JSON.parse(data), response.headers);
  }
}

/** Whether a model refuses the schema of its answer, which the prompt says anyway. */
function isAboutFormat(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Anthropic.APIError && cause.status === 400 && /output_config|output_format|json_schema|structured output/i.test(cause.message);
}

/**
 * Models behind `/v1/messages`: Anthropic's, or any server that speaks like it. Throws the LLM_* codes of the port.
 * @see https://platform.claude.com/docs/en/api/messages (2026-11)
 */
export function createAnthropicModel(connection: ConnectionOptions): LanguageModel {
  const { apiKey, timeouts } = connection;
  const endpoint = toEndpoint('anthropic', connection);
  const limits = { ...defaultTimeouts, ...timeouts };
  // Everything the client would else read from the environment is given: configuration has one reader.
  const settings = {
    apiKey: apiKey ?? 'none', authToken: null, baseURL: endpoint.baseUrl, maxRetries: 0, timeout: limits.wholeMs, logLevel: 'off' as const,
    // The client sends the key as a bearer token; servers made for its earlier releases look for it here.
    ...(endpoint.isOfficial || apiKey === undefined ? {} : { defaultHeaders: { 'x-api-key': apiKey } }),
  };
  /** Schemas that were refused, each with its model. */
  const refused = new Set<string>();

  const ask = (request: ModelRequest, options: GenerateOptions): Promise<ModelResponse> => {
    const key = JSON.stringify([request.model, request.outputSchema]);
    const body = toAnthropicBody(refused.has(key) ? { ...request, outputSchema: undefined } : request, endpoint.isOfficial);
    return callProvider({
      endpoint, options, timeouts: limits, toHttpFailure, findCode, toLimits: toProviderLimits, endMark: /message_stop"?\s*\}?\s*$/,
      // A client of its own for each call, since it takes its fetch when it is made; that costs less than 0.1 ms.
      send: (fetch) => new Anthropic({ ...settings, fetch }).messages.create(body).asResponse(),
      async readStream({ response }, sink) {
        const { body: message, isWhole } = await readEvents(parseEvents(response), sink);
        if (!isWhole) throw cutAnswer(endpoint);
        return message;
      },
      readWhole: throwErrorWithin,
      toResponse: (answer) => toModelResponse(answer, request.model),
    }).catch((error: unknown) => {
      if (body.output_config?.format === undefined || !isAboutFormat(error)) throw error;
      refused.add(key);
      return ask(request, options);
    });
  };

  return {
    async generate(request, options) {
      refuseAgainst(checkAnthropicRequest, request, endpoint);
      return ask(request, options);
    },
  };
}
