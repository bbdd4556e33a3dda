import OpenAI from 'openai';
import { Stream } from 'openai/core/streaming';
import { callProvider, cutAnswer } from '../call-provider.ts';
import { type ConnectionOptions, defaultTimeouts, toEndpoint } from '../endpoint.ts';
import type { GenerateOptions, LanguageModel, ModelRequest, ModelResponse } from '../language-model.ts';
import { refuseAgainst } from '../parameter-rules.ts';
import { checkOpenAiRequest } from './parameter-rules.ts';
import { readChunks } from './read-chunks.ts';
import { findCode, toHttpFailure } from './to-llm-error.ts';
import { toModelResponse } from './to-model-response.ts';
import { type OptionalField, optionalFields, toOpenAiBody } from './to-openai-body.ts';
import { toProviderLimits } from './to-provider-limits.ts';

/** A model that thinks hard unseen sends no byte meanwhile, where others would long be lost. */
const hardThoughtMs = 10 * 60_000;

/** The optional field a server refuses by its name; undefined when the error is about something else. */
function findRefusedField(error: unknown, body: object): OptionalField | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  if (!(cause instanceof OpenAI.APIError) || (cause.status !== 400 && cause.status !== 422)) return undefined;
  const said = `${cause.param ?? ''} ${cause.message}`;
  return optionalFields.find((field) => field in body && said.includes(field));
}

/** Some servers send an error with status 200 in place of an answer. */
function throwErrorWithin(body: unknown, headers: Headers): unknown {
  const { error, choices } = (typeof body === 'object' && body !== null ? body : {}) as { error?: object | null; choices?: unknown };
  if (choices === undefined && error) throw new OpenAI.APIError(undefined, error, undefined, headers);
  return body;
}

/**
 * Models behind `/v1/chat/completions`: OpenAI's, or any server that speaks like it. Throws the LLM_* codes of the port.
 * @see https://developers.openai.com/api/reference/resources/chat (2026-11)
 */
export function createOpenAiModel(connection: ConnectionOptions): LanguageModel {
  const { apiKey, timeouts } = connection;
  const endpoint = toEndpoint('openai', connection);
  const limits = { ...defaultTimeouts, ...timeouts };
  // Everything the client would else read from the environment is given: configuration has one reader.
  const settings = { apiKey: apiKey ?? 'none', baseURL: endpoint.baseUrl, organization: null, project: null, maxRetries: 0, timeout: limits.wholeMs, logLevel: 'off' as const };
  /** Optional fields this server refused, each with the model and the value it was refused for. */
  const refused = new Set<string>();

  const ask = (request: ModelRequest, options: GenerateOptions): Promise<ModelResponse> => {
    const body = toOpenAiBody(request, endpoint.isOfficial);
    const keyOf = (field: OptionalField): string => JSON.stringify([request.model, field, field === 'response_format' ? request.outputSchema : null]);
    for (const field of optionalFields) if (refused.has(keyOf(field))) delete body[field];
    const isPatient = request.parameters?.reasoning_effort === 'high' && timeouts?.firstTokenMs === undefined;
    return callProvider({
      endpoint, options, timeouts: isPatient ? { ...limits, firstTokenMs: hardThoughtMs } : limits, toHttpFailure, findCode, toLimits: toProviderLimits, endMark: /\[DONE\]\s*$/,
      // A client of its own for each call, since it takes its fetch when it is made; that costs less than 0.1 ms.
      send: (fetch) => new OpenAI({ ...settings, fetch }).chat.completions.create(body).asResponse(),
      async readStream(stream, sink) {
        const { completion, isWhole } = await readChunks(Stream.fromSSEResponse(stream.response, new AbortController(), new OpenAI(settings)), sink);
        if (!isWhole && !stream.sawEndMark()) throw cutAnswer(endpoint);
        return completion;
      },
      readWhole: throwErrorWithin,
      toResponse: (answer) => toModelResponse(answer, request.model),
    }).catch((error: unknown) => {
      const field = findRefusedField(error, body);
      if (field === undefined) throw error;
      refused.add(keyOf(field));
      return ask(request, options);
    });
  };

  return {
    async generate(request, options) {
      refuseAgainst(checkOpenAiRequest, request, endpoint);
      return ask(request, options);
    },
  };
}
