import { describeError, type ErrorCode, errorCodes } from '@contracts/errors.ts';
import type { RunError } from '@contracts/runs.ts';

/** What usually helps against an ending; codes that speak for themselves have none. */
const fixes: Partial<Record<RunError['code'], string>> = {
  LLM_NOT_CONFIGURED: 'Set the provider’s key on the server, or choose another provider for the agent.',
  LLM_AUTHENTICATION: 'Check the provider’s key on the server; it may have been revoked.',
  LLM_MODEL_NOT_FOUND: 'Check the model’s name and the base URL: a compatible server usually wants one that ends in /v1.',
  LLM_REQUEST_INVALID: 'Look at the input of the failing step; the model may not support tools or this temperature.',
  LLM_CONTEXT_TOO_LONG: 'Ask for less at once, or choose a model with a larger window.',
  LLM_QUOTA_EXHAUSTED: 'Add credit to the account at the provider, or choose another provider.',
  LLM_RATE_LIMITED: 'Run it again later, or raise the limit at the provider.',
  LLM_UNAVAILABLE: 'Look at the provider’s state on the Integrations page and run it again.',
  LLM_RESPONSE_INVALID: 'Run it again; if it stays, the server at the base URL is not compatible.',
  LLM_REFUSED: 'Change the goal or the instructions: the model declined to do this.',
  TOOL_NOT_CONFIGURED: 'The Integrations page names the settings that are missing.',
  MODEL_MISTAKES: 'The model called tools wrongly three times in a row: a clearer goal or a stronger model helps.',
  APPROVAL_REJECTED: 'The agent is set to fail when a call is rejected. Its settings can let it read the reason and go on.',
  LIMIT_ITERATIONS: 'Raise the limit of iterations for the agent or this run, or narrow the goal.',
  LIMIT_TOKENS: 'Raise the token limit for the agent or this run, or narrow the goal.',
  LIMIT_COST: 'Raise the cost limit for the agent or this run, or choose a cheaper model.',
  LIMIT_DURATION: 'Raise the time limit; waiting for people counts towards it.',
  TERMINATED_IN_TEMPORAL: 'Somebody ended the workflow with Temporal’s own tools.',
  FAILED_IN_TEMPORAL: 'Open the workflow in Temporal: its history says why.',
};

const isErrorCode = (code: string): code is ErrorCode => (errorCodes as readonly string[]).includes(code);

/** How an ending reads: whether another try may help as it is, and what else would. */
export const describeFailure = (error: Pick<RunError, 'code'>): { isRetryable: boolean; fix: string | null } => ({
  isRetryable: isErrorCode(error.code) && describeError(error.code).retryable,
  fix: fixes[error.code] ?? null,
});

const limitWords: Partial<Record<RunError['code'], string>> = {
  LIMIT_ITERATIONS: 'limit of iterations', LIMIT_TOKENS: 'token limit', LIMIT_COST: 'cost limit', LIMIT_DURATION: 'time limit', TIMED_OUT_IN_TEMPORAL: 'time limit of the workflow in Temporal',
};

/** The limit an ending met, in words; null for endings of another kind. */
export const limitMet = (code: RunError['code']): string | null => limitWords[code] ?? null;
