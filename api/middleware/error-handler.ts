import type { ErrorRequestHandler } from 'express';
import { AppError, describeError, type ErrorCode, type ErrorResponse } from '../../contracts/errors.ts';
import { isDatabaseUnavailable } from '../../db/is-unavailable.ts';
import { isUnstorable } from '../../db/is-unstorable.ts';
import type { Logger } from '../../platform/logger.ts';

/** What Express and its body parser throw: an error with a 4xx status and sometimes a type. */
const codeOfHttpError = (error: unknown): ErrorCode | undefined => {
  const { status, type } = (typeof error === 'object' && error !== null ? error : {}) as { status?: unknown; type?: unknown };
  if (typeof status !== 'number' || status < 400 || status > 499) return undefined;
  if (type === 'entity.parse.failed') return 'MALFORMED_JSON';
  if (status === 413) return 'BODY_TOO_LARGE';
  if (status === 415) return 'UNSUPPORTED_MEDIA_TYPE';
  return 'BAD_REQUEST';
};

const toAppError = (error: unknown): AppError => {
  if (error instanceof AppError) return error;
  const code = codeOfHttpError(error) ?? (isDatabaseUnavailable(error) ? 'DATABASE_UNAVAILABLE' : isUnstorable(error) ? 'BAD_REQUEST' : 'INTERNAL');
  return new AppError(code, undefined, { cause: error });
};

/** A message written for people; others ("run 42") are for the log and stay there. */
const isSentence = (message: string): boolean => /^\p{Lu}.*[.!?]$/su.test(message);

const retryAfterSeconds = ({ code, details }: AppError): number | undefined => {
  const given = details?.['retry_after_ms'];
  if (typeof given === 'number') return Math.max(1, Math.ceil(given / 1000));
  return describeError(code).status === 503 ? 1 : undefined;
};

/** The api's one edge for errors: whatever was thrown becomes the contract's error form; the rest goes to the log. */
export const errorHandler =
  (logger: Logger): ErrorRequestHandler =>
  (thrown: unknown, _request, response, next) => {
    const error = toAppError(thrown);
    const { status, sentence } = describeError(error.code);
    const requestId = String(response.locals['requestId'] ?? '');
    if (status >= 500) logger.error({ requestId, code: error.code, error: error.cause instanceof Error && error.code === 'INTERNAL' ? error.cause : error }, 'request failed');
    else logger.debug({ requestId, code: error.code, reason: error.message }, 'request refused');
    // Half an answer cannot be taken back: Express closes the connection.
    if (response.headersSent) {
      next(thrown);
      return;
    }
    const body: ErrorResponse = {
      error: {
        code: error.code,
        message: status < 500 && isSentence(error.message) ? error.message : sentence,
        ...(status < 500 && error.details !== undefined ? { details: error.details } : {}),
        request_id: requestId,
      },
    };
    const retryAfter = retryAfterSeconds(error);
    if (retryAfter !== undefined) response.set('retry-after', String(retryAfter));
    if (status === 401) response.set('www-authenticate', 'Bearer');
    response.set('cache-control', 'no-store');
    response.status(status).json(body);
  };
