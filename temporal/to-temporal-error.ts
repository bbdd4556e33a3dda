import { isGrpcServiceError, ServiceError } from '@temporalio/client';
import { AppError } from '../contracts/errors.ts';

/**
 * DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED and UNAVAILABLE: nobody answered, or nobody has time.
 * @see https://grpc.io/docs/guides/status-codes/
 */
const outages: ReadonlySet<number> = new Set([4, 8, 14]);

/** The status a service answered with, wherever it stands in what the client made of it. */
const statusOf = (error: unknown): number | undefined => {
  if (isGrpcServiceError(error)) return error.code;
  return error instanceof Error && error.cause !== undefined ? statusOf(error.cause) : undefined;
};

const isLostConnection = (error: unknown): boolean => error instanceof ServiceError || (error instanceof Error && /transport error|failed to connect/i.test(error.message));

/**
 * What a call of the Temporal Service failed with: TEMPORAL_UNAVAILABLE where trying again may help, TEMPORAL_REFUSED where the service
 * did answer (a run that takes no more signals, say), and anything else as it is. `subject` says what was asked about, for the log.
 */
export function toTemporalError(error: unknown, subject: string): unknown {
  const status = statusOf(error);
  if (status === undefined ? isLostConnection(error) : outages.has(status)) return new AppError('TEMPORAL_UNAVAILABLE', subject, { cause: error });
  return status === undefined ? error : new AppError('TEMPORAL_REFUSED', subject, { cause: error });
}
