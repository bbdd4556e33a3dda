import Anthropic from '@anthropic-ai/sdk';
import type { ErrorCode } from '../../../contracts/errors.ts';
import type { HttpFailure } from '../call-provider.ts';

/** The client's error as status, headers and words; undefined for failures without an HTTP answer. */
export function toHttpFailure(error: unknown): HttpFailure | undefined {
  if (!(error instanceof Anthropic.APIError) || typeof error.status !== 'number') return undefined;
  return { status: error.status, headers: error.headers, message: error.apiMessage ?? error.message.replace(/^\d{3} /, '') };
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
  if (status !== 400) return undefined;
  if (/credit balance/i.test(message)) return 'LLM_QUOTA_EXHAUSTED';
  return /prompt is too long|context (limit|window|length)/i.test(message) ? 'LLM_CONTEXT_TOO_LONG' : undefined;
}
