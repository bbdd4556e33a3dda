import { ServiceError } from '@temporalio/client';

/** Whether the Temporal Service could not be reached or did not answer. */
export const isServiceError = (error: unknown): boolean =>
  error instanceof ServiceError || (error instanceof Error && /transport error|failed to connect|UNAVAILABLE|DEADLINE_EXCEEDED/i.test(error.message));
