import Anthropic from '@anthropic-ai/sdk';
import type { ErrorCode } from '../../../contracts/errors.ts';
import type { HttpFailure } from '../call-provider.ts';
import { isAboutContext } from '../find-context-limit.ts';

/**
 * The status each type of error comes with, for errors within a stream, which have none.
 * @see https://platform.claude.com/docs/en/api/errors (2026-11)
 */
const statusOfType: Record<string, number> = {
  invalid_request_error: 400, authentication_error: 401, billing_error: 402, permission_error: 403, not_found_error: 404, conflict_error: 409, request_too_large: 413, rate_limit_error: 429,
  api_error: 500, timeout_error: 504, overloaded_error: 529,
};

/** The client's error as status, headers and words; undefined for failures without an HTTP answer. */
export function toHttpFailure(error: unknown): HttpFailure | undefined {
  if (!(error instanceof Anthropic.APIError) || error instanceof Anthropic.APIConnectionError || error instanceof Anthropic.APIUserAbortError) return undefined;
  const message = error.apiMessage ?? error.message.replace(/^\d{3} /, '');
  const status = error.status as number | undefined;
  return status === undefined ? { status: statusOfType[String(error.type)] ?? 500, headers: error.headers, message, isWithinAnswer: true } : { status, headers: error.headers, message };
}

/**
 * What Anthropic's error types and wordings mean; undefined leaves the status to decide. Context and credit have no type of their own.
 * @see https://platform.claude.com/docs/en/api/errors (2026-11)
 */
export function findCode(error: unknown, { status, message }: HttpFailure): ErrorCode | undefined {
  if (!(error instanceof Anthropic.APIError)) return undefined;
  switch (error.type as string | null) {
    case 'billing_error':
      return 'LLM_QUOTA_EXHAUSTED';
    case 'overloaded_error':
      return 'LLM_UNAVAILABLE';
    case 'rate_limit_error':
      return 'LLM_RATE_LIMITED';
    default:
  }
  if (![400, 422, 500].includes(status)) return undefined;
  if (/credit balance/i.test(message)) return 'LLM_QUOTA_EXHAUSTED';
  return isAboutContext(message) ? 'LLM_CONTEXT_TOO_LONG' : undefined;
}
