import OpenAI from 'openai';
import type { ErrorCode } from '../../../contracts/errors.ts';
import type { HttpFailure } from '../call-provider.ts';

/** The client's error as status, headers and words; undefined for failures without an HTTP answer. */
export function toHttpFailure(error: unknown): HttpFailure | undefined {
  if (!(error instanceof OpenAI.APIError) || error.status === undefined) return undefined;
  // The client puts the status before the message.
  return { status: error.status, headers: error.headers, message: error.message.replace(/^\d{3} /, '') };
}

const codes: Record<string, ErrorCode> = {
  insufficient_quota: 'LLM_QUOTA_EXHAUSTED',
  billing_hard_limit_reached: 'LLM_QUOTA_EXHAUSTED',
  billing_not_active: 'LLM_QUOTA_EXHAUSTED',
  context_length_exceeded: 'LLM_CONTEXT_TOO_LONG',
  string_above_max_length: 'LLM_CONTEXT_TOO_LONG',
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
  // Compatible servers have no code for it, only words.
  return status === 400 && /context (length|window|size)|maximum context|too many tokens/i.test(message) ? 'LLM_CONTEXT_TOO_LONG' : undefined;
}
