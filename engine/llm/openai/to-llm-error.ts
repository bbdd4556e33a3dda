import OpenAI from 'openai';
import type { ErrorCode } from '../../../contracts/errors.ts';
import type { HttpFailure } from '../call-provider.ts';
import { isAboutContext } from '../find-context-limit.ts';

/** The status an error within an answer would have had else, by its type; what has none is the server's fault. */
const statusOfType: Record<string, number> = {
  invalid_request_error: 400, BadRequestError: 400, exceed_context_size_error: 400, authentication_error: 401, permission_error: 403, not_found_error: 404, rate_limit_error: 429, rate_limit_exceeded: 429,
  requests: 429, tokens: 429, insufficient_quota: 429, overloaded_error: 529,
};

function statusWithin({ code, type }: InstanceType<typeof OpenAI.APIError>): number {
  const given = Number(code ?? Number.NaN);
  return Number.isInteger(given) && given >= 400 && given <= 599 ? given : (statusOfType[String(type)] ?? statusOfType[String(code)] ?? 500);
}

/** The client's error as status, headers and words; undefined for failures without an HTTP answer. */
export function toHttpFailure(error: unknown): HttpFailure | undefined {
  if (!(error instanceof OpenAI.APIError) || error instanceof OpenAI.APIConnectionError || error instanceof OpenAI.APIUserAbortError) return undefined;
  const said = error.error as unknown;
  // What else a server says beside its message may name the limit.
  const limit = typeof said === 'object' && said !== null && 'n_ctx' in said ? ` (n_ctx: ${String(said.n_ctx)})` : '';
  if (error.status === undefined) return { status: statusWithin(error), headers: error.headers, message: typeof said === 'string' ? said : error.message + limit, isWithinAnswer: true };
  // The client puts the status before the message.
  return { status: error.status, headers: error.headers, message: error.message.replace(/^\d{3} /, '') + limit };
}

const codes: Record<string, ErrorCode> = {
  insufficient_quota: 'LLM_QUOTA_EXHAUSTED',
  billing_hard_limit_reached: 'LLM_QUOTA_EXHAUSTED',
  billing_not_active: 'LLM_QUOTA_EXHAUSTED',
  context_length_exceeded: 'LLM_CONTEXT_TOO_LONG',
  string_above_max_length: 'LLM_CONTEXT_TOO_LONG',
  exceed_context_size_error: 'LLM_CONTEXT_TOO_LONG',
  model_not_found: 'LLM_MODEL_NOT_FOUND',
  invalid_api_key: 'LLM_AUTHENTICATION',
  content_filter: 'LLM_REFUSED',
  content_policy_violation: 'LLM_REFUSED',
};

/**
 * What OpenAI's own error codes mean; undefined leaves the status to decide. `insufficient_quota` is a 429 no waiting mends.
 * @see https://developers.openai.com/api/docs/guides/error-codes (2026-11)
 */
export function findCode(error: unknown, { status, message }: HttpFailure): ErrorCode | undefined {
  if (!(error instanceof OpenAI.APIError)) return undefined;
  const known = codes[String(error.code)] ?? codes[String(error.type)];
  if (known !== undefined) return known;
  return [400, 422, 500].includes(status) && isAboutContext(message) ? 'LLM_CONTEXT_TOO_LONG' : undefined;
}
