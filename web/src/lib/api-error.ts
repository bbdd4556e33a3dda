import { AppError, describeError, type ErrorCode, errorResponseSchema, type FieldIssue, fieldIssueSchema } from '@contracts/errors.ts';
import { z } from 'zod';

const issuesSchema = z.object({ issues: z.array(fieldIssueSchema) });

/** What an answer of the api that was no success becomes: pages switch on `code`, never on text. */
export class ApiError extends AppError {
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** Quoted to people who ask for help; null when no answer came. */
  readonly requestId: string | null;
  /** Seconds the server asked to wait, if it did. */
  readonly retryAfterSeconds: number | null;

  constructor(
    code: ErrorCode,
    message: string | undefined,
    options: {
      status: number;
      requestId?: string | null;
      retryAfterSeconds?: number | null;
      details?: Record<string, unknown>;
      cause?: unknown;
    },
  ) {
    super(code, message, {
      ...(options.details === undefined ? {} : { details: options.details }),
      ...(options.cause === undefined ? {} : { cause: options.cause }),
    });
    this.name = 'ApiError';
    this.status = options.status;
    this.requestId = options.requestId ?? null;
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
  }

  /** Fields the server refused, with their dotted paths; empty when it named none. */
  get fieldIssues(): FieldIssue[] {
    const parsed = issuesSchema.safeParse(this.details);
    return parsed.success ? parsed.data.issues : [];
  }
}

/** The sentence of an error a person may read: the server's own words, else the code's. */
export const sentenceOf = (error: unknown): string => {
  if (error instanceof AppError) return error.message || describeError(error.code).sentence;
  return 'Something went wrong in this page.';
};

/** Whether an error is an {@link AppError} of one of these codes. */
export const hasCode = (error: unknown, ...codes: ErrorCode[]): error is AppError =>
  error instanceof AppError && codes.includes(error.code);

/** Seconds of a Retry-After header, which is a number or a date; null when absent or unreadable. */
export const parseRetryAfter = (header: string | null, now: number = Date.now()): number | null => {
  if (header === null || header.trim() === '') return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, Math.ceil(seconds));
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - now) / 1000));
};

/** Codes for answers without an error body of ours: what a proxy in between sends. */
const codeOfStatus = (status: number): ErrorCode => {
  if (status === 401) return 'UNAUTHENTICATED';
  if (status === 403) return 'FORBIDDEN';
  if (status === 404) return 'ROUTE_NOT_FOUND';
  if (status === 413) return 'BODY_TOO_LARGE';
  if (status === 429) return 'TOO_MANY_ATTEMPTS';
  if (status === 502 || status === 503 || status === 504) return 'SERVER_UNREACHABLE';
  return status < 500 ? 'BAD_REQUEST' : 'INTERNAL';
};

/** Turns an answer outside 2xx into an {@link ApiError}; reads the body. */
export const toApiError = async (response: Response): Promise<ApiError> => {
  const retryAfterSeconds = parseRetryAfter(response.headers.get('retry-after'));
  const text = await response.text().catch(() => '');
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  const parsed = errorResponseSchema.safeParse(body);
  if (parsed.success) {
    const { code, message, details, request_id } = parsed.data.error;
    return new ApiError(code, message, {
      status: response.status,
      requestId: request_id,
      retryAfterSeconds,
      ...(details === undefined ? {} : { details }),
    });
  }
  return new ApiError(codeOfStatus(response.status), undefined, {
    status: response.status,
    requestId: response.headers.get('x-request-id'),
    retryAfterSeconds,
  });
};
