import { z } from 'zod';

/**
 * What each error code means at the edges: the HTTP status it is answered with, whether trying again may help,
 * and a sentence a user may read. The thrown message is for logs and may add ids, never secrets or prompts.
 */
const errorTable = {
  BAD_REQUEST: { status: 400, retryable: false, sentence: 'The request could not be understood.' },
  MALFORMED_JSON: { status: 400, retryable: false, sentence: 'The request body is not valid JSON.' },
  VALIDATION_FAILED: { status: 422, retryable: false, sentence: 'Some fields are missing or not valid.' },
  BODY_TOO_LARGE: { status: 413, retryable: false, sentence: 'The request body is larger than 1 MB.' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, retryable: false, sentence: 'Send the body as application/json.' },
  METHOD_NOT_ALLOWED: { status: 405, retryable: false, sentence: 'This address does not take that method.' },
  ROUTE_NOT_FOUND: { status: 404, retryable: false, sentence: 'There is nothing at this address.' },

  UNAUTHENTICATED: { status: 401, retryable: false, sentence: 'Sign in to continue.' },
  CREDENTIALS_INVALID: { status: 401, retryable: false, sentence: 'E-mail or password is wrong.' },
  TOO_MANY_ATTEMPTS: { status: 429, retryable: true, sentence: 'Too many attempts. Wait a little and try again.' },
  FORBIDDEN: { status: 403, retryable: false, sentence: 'Your role does not allow this.' },

  AGENT_NOT_FOUND: { status: 404, retryable: false, sentence: 'There is no such agent.' },
  AGENT_NAME_TAKEN: { status: 409, retryable: false, sentence: 'Another agent already has this name.' },
  AGENT_HAS_OPEN_RUNS: { status: 409, retryable: false, sentence: 'The agent has runs that have not ended.' },
  AGENT_CHANGED: { status: 409, retryable: false, sentence: 'Somebody else changed the agent meanwhile.' },
  RUN_NOT_FOUND: { status: 404, retryable: false, sentence: 'There is no such run.' },
  RUN_ENDED: { status: 409, retryable: false, sentence: 'The run has already ended.' },
  RUN_NOT_STARTED: { status: 503, retryable: true, sentence: 'The run could not be started. Nothing was kept; try again.' },
  STEP_NOT_FOUND: { status: 404, retryable: false, sentence: 'This run has no such step.' },
  IDEMPOTENCY_KEY_REUSED: { status: 409, retryable: false, sentence: 'This Idempotency-Key was used for a different request.' },
  APPROVAL_NOT_FOUND: { status: 404, retryable: false, sentence: 'There is no such approval request.' },
  APPROVAL_ALREADY_DECIDED: { status: 409, retryable: false, sentence: 'This request has already been decided.' },
  APPROVAL_STALE: { status: 409, retryable: false, sentence: 'The request changed after you opened it.' },
  APPROVAL_EDIT_INVALID: { status: 422, retryable: false, sentence: 'The edited arguments are not valid for this tool.' },
  APPROVAL_SELF_FORBIDDEN: { status: 403, retryable: false, sentence: 'The policy does not let you decide on your own run.' },
  APPROVAL_NOT_ELIGIBLE: { status: 403, retryable: false, sentence: 'The policy lets other people decide on this request.' },
  APPROVAL_ALREADY_VOTED: { status: 409, retryable: false, sentence: 'You have approved this already; somebody else has to as well.' },
  APPROVAL_NOT_EXTENDABLE: { status: 409, retryable: false, sentence: 'The policy does not let this request wait longer.' },
  APPROVAL_KIND_MISMATCH: { status: 422, retryable: false, sentence: 'This kind of request is not decided that way.' },
  APPROVAL_BULK_REFUSED: { status: 422, retryable: false, sentence: 'These requests cannot be approved together.' },
  POLICY_NOT_FOUND: { status: 404, retryable: false, sentence: 'There is no such policy.' },
  POLICY_NAME_TAKEN: { status: 409, retryable: false, sentence: 'Another policy already has this name.' },
  POLICY_CHANGED: { status: 409, retryable: false, sentence: 'Somebody else changed the policy meanwhile.' },
  POLICY_BUILT_IN: { status: 409, retryable: false, sentence: 'A built-in policy is not edited. Write one that permits or forbids what it does not.' },
  POLICY_INVALID: { status: 422, retryable: false, sentence: 'The policy is not valid and cannot go live.' },
  POLICY_HAS_WARNINGS: { status: 409, retryable: false, sentence: 'The policy may not do what is meant. Read the warnings and accept them, or change it.' },
  POLICY_NOT_BACK_TESTED: { status: 409, retryable: false, sentence: 'This exact text was not back-tested on any recorded decision. Do so, or give a reason to go without.' },
  POLICY_NOTHING_TO_PUBLISH: { status: 409, retryable: false, sentence: 'There is no draft that differs from what is live.' },
  POLICY_NOT_LIVE: { status: 409, retryable: false, sentence: 'The policy is not in force.' },
  BACK_TEST_NOT_FOUND: { status: 404, retryable: false, sentence: 'There is no such back-test.' },
  BACK_TEST_OUTDATED: { status: 409, retryable: false, sentence: 'Maestro was updated meanwhile and brings other built-in policies. Start the back-test again.' },
  BACK_TEST_ENDED: { status: 409, retryable: false, sentence: 'The back-test has already ended.' },
  GROUP_NOT_FOUND: { status: 404, retryable: false, sentence: 'There is no such group.' },
  GROUP_NAME_TAKEN: { status: 409, retryable: false, sentence: 'Another group already has this name.' },
  GROUP_CHANGED: { status: 409, retryable: false, sentence: 'Somebody else changed the group meanwhile.' },
  GROUP_IN_USE: { status: 409, retryable: false, sentence: 'Live policies name this group. Give its name to delete it all the same.' },
  DELEGATION_NOT_FOUND: { status: 404, retryable: false, sentence: 'There is no such delegation.' },
  WEBHOOK_NOT_FOUND: { status: 404, retryable: false, sentence: 'There is no such webhook.' },
  WEBHOOK_CHANGED: { status: 409, retryable: false, sentence: 'Somebody else changed the webhook meanwhile.' },
  MEMORY_NOT_FOUND: { status: 404, retryable: false, sentence: 'There is no such memory.' },
  USER_NOT_FOUND: { status: 404, retryable: false, sentence: 'There is no such user.' },
  USER_EMAIL_TAKEN: { status: 409, retryable: false, sentence: 'Another user already has this e-mail address.' },
  USER_LAST_ADMIN: { status: 409, retryable: false, sentence: 'At least one admin must remain.' },
  CONNECTION_NOT_FOUND: { status: 404, retryable: false, sentence: 'There is no such connection.' },
  CONNECTION_NAME_TAKEN: { status: 409, retryable: false, sentence: 'Another connection already has this name.' },
  CONNECTION_CHANGED: { status: 409, retryable: false, sentence: 'Somebody else changed the connection meanwhile.' },
  CONNECTION_IN_USE: { status: 409, retryable: false, sentence: 'Agents use this connection. Give its name to delete it all the same.' },
  CONNECTION_NAMED: { status: 409, retryable: false, sentence: 'Live policies go by the name of this connection. Change or turn off the policies first.' },
  CONNECTION_BUILT_IN: { status: 409, retryable: false, sentence: 'This connection comes from the configuration and is changed there.' },
  PRICE_NOT_FOUND: { status: 404, retryable: false, sentence: 'There is no such price.' },
  ATTEMPT_NOT_FOUND: { status: 404, retryable: false, sentence: 'This step has no such attempt, or its request was not kept.' },
  SECRET_NOT_FOUND: { status: 404, retryable: false, sentence: 'There is no such secret.' },
  SECRET_NAME_TAKEN: { status: 409, retryable: false, sentence: 'Another secret already has this name.' },
  SECRET_CHANGED: { status: 409, retryable: false, sentence: 'Somebody else changed the secret meanwhile.' },
  SECRET_IN_USE: { status: 409, retryable: false, sentence: 'Something refers to this secret. Give its name to delete it all the same.' },
  MCP_TOOL_NOT_FOUND: { status: 404, retryable: false, sentence: 'The server has no such tool.' },
  MCP_TOOL_CHANGED: { status: 409, retryable: false, sentence: 'The tool is defined differently by now. Look at it again.' },
  TOOL_SETTINGS_CHANGED: { status: 409, retryable: false, sentence: 'Somebody else changed the settings of this tool meanwhile.' },
  FILE_NOT_FOUND: { status: 404, retryable: false, sentence: 'There is no such file.' },
  CURSOR_INVALID: { status: 400, retryable: false, sentence: 'The page cursor is not valid. Start from the first page.' },

  TOOL_UNKNOWN: { status: 422, retryable: false, sentence: 'There is no such tool.' },
  TOOL_INPUT_INVALID: { status: 422, retryable: false, sentence: 'The arguments do not fit the tool.' },
  TOOL_REFUSED: { status: 422, retryable: false, sentence: 'The tool refused this call.' },
  TOOL_FAILED: { status: 502, retryable: false, sentence: 'The tool could not do its work.' },
  TOOL_UNAVAILABLE: { status: 503, retryable: true, sentence: 'The tool cannot be reached at the moment.' },
  TOOL_TIMEOUT: { status: 504, retryable: false, sentence: 'The tool took longer than it may.' },
  TOOL_OFF: { status: 422, retryable: false, sentence: 'The tool is switched off on this system, or waits for a review.' },
  TOOL_CAPACITY: { status: 503, retryable: true, sentence: 'The tool is at its limit; the call waits for its turn.' },
  TOOL_NOT_CONFIGURED: { status: 422, retryable: false, sentence: 'The tool is not configured on this system.' },

  LLM_NOT_CONFIGURED: { status: 422, retryable: false, sentence: 'The model provider has no key configured.' },
  LLM_AUTHENTICATION: { status: 502, retryable: false, sentence: 'The model provider refused the key.' },
  LLM_MODEL_NOT_FOUND: { status: 502, retryable: false, sentence: 'The model provider does not know this model, or the base URL is wrong.' },
  LLM_REQUEST_INVALID: { status: 502, retryable: false, sentence: 'The model provider did not accept the request.' },
  LLM_CONTEXT_TOO_LONG: { status: 502, retryable: false, sentence: 'The conversation no longer fits the model.' },
  LLM_QUOTA_EXHAUSTED: { status: 502, retryable: false, sentence: 'The account at the model provider has no credit left.' },
  LLM_RATE_LIMITED: { status: 503, retryable: true, sentence: 'The model provider is limiting requests.' },
  LLM_UNAVAILABLE: { status: 503, retryable: true, sentence: 'The model provider cannot be reached at the moment.' },
  LLM_RESPONSE_INVALID: { status: 502, retryable: true, sentence: 'The model provider sent an answer that cannot be read.' },
  LLM_CONNECTION_OFF: { status: 422, retryable: false, sentence: 'The connection to the model is switched off or was deleted.' },
  LLM_CIRCUIT_OPEN: { status: 503, retryable: true, sentence: 'The connection to the model failed several times in a row and is resting.' },
  LLM_CAPACITY: { status: 503, retryable: true, sentence: 'The connection is at its rate limit; the run waits for capacity.' },
  LLM_SAME_REQUEST: { status: 503, retryable: true, sentence: 'Another run is asking the model exactly the same; this one waits for its answer.' },
  LLM_OUTPUT_INVALID: { status: 502, retryable: false, sentence: "The final answer does not fit the agent's output schema." },
  LLM_REFUSED: { status: 502, retryable: false, sentence: 'The model refused to answer.' },

  DATABASE_UNAVAILABLE: { status: 503, retryable: true, sentence: 'The database cannot be reached at the moment.' },
  TEMPORAL_UNAVAILABLE: { status: 503, retryable: true, sentence: 'Temporal cannot be reached at the moment.' },
  TEMPORAL_REFUSED: { status: 502, retryable: false, sentence: 'Temporal refused what was asked of it.' },
  /** Made by the web client when no answer came at all; the api never sends it. */
  SERVER_UNREACHABLE: { status: 503, retryable: true, sentence: 'Cannot reach the server.' },
  INTERNAL: { status: 500, retryable: false, sentence: 'Something went wrong on our side.' },
} as const satisfies Record<string, { status: number; retryable: boolean; sentence: string }>;

export type ErrorCode = keyof typeof errorTable;
export const errorCodes = Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]];

/** Status, retryability and user-readable sentence of an error code. */
export const describeError = (code: ErrorCode): { status: number; retryable: boolean; sentence: string } => errorTable[code];

/**
 * The one error type domain code throws. `message` is for logs; `details` may be shown to the caller.
 * Anything else that is thrown is a bug and becomes INTERNAL at the edge.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: Record<string, unknown> | undefined;
  constructor(code: ErrorCode, message?: string, options: { details?: Record<string, unknown>; cause?: unknown } = {}) {
    super(message ?? errorTable[code].sentence, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.details = options.details;
  }
  get retryable(): boolean {
    return errorTable[this.code].retryable;
  }
}

/** One field that was refused: `path` is dotted (`limits.max_iterations`), empty for the body itself. */
export const fieldIssueSchema = z.strictObject({ path: z.string(), message: z.string() });
export type FieldIssue = z.infer<typeof fieldIssueSchema>;

/** An error about one field of what was sent: whoever filled it in reads `message` beside it. */
export const toFieldError = (code: ErrorCode, { path, message }: FieldIssue, cause?: unknown): AppError => new AppError(code, message, { cause, details: { issues: [{ path, message }] } });

/** Refuses what was sent for one field. Throws VALIDATION_FAILED. */
export const refuseField = (path: string, message: string): never => {
  throw toFieldError('VALIDATION_FAILED', { path, message });
};

/** The form of every error answer of the API. */
export const errorResponseSchema = z.strictObject({
  error: z.strictObject({
    code: z.enum(errorCodes),
    message: z.string(),
    details: z.record(z.string(), z.unknown()).optional(),
    request_id: z.string(),
  }),
});
export type ErrorResponse = z.infer<typeof errorResponseSchema>;
