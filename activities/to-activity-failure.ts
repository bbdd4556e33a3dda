import { activityInfo, ApplicationFailure, Context } from '@temporalio/activity';
import { AppError, describeError } from '../contracts/errors.ts';
import { isDatabaseUnavailable } from '../db/is-unavailable.ts';

/** A bug does not mend itself: after this many attempts the run ends with INTERNAL instead of trying for hours. */
const maxAttemptsOfBugs = 8;

/** A failure as `AppError`: a lost database is waited for, anything unknown is a bug. */
export const toAppError = (error: unknown): AppError => {
  if (error instanceof AppError) return error;
  if (isDatabaseUnavailable(error)) return new AppError('DATABASE_UNAVAILABLE', undefined, { cause: error });
  return new AppError('INTERNAL', error instanceof Error ? error.message : String(error), { cause: error });
};

/**
 * Turns what an activity threw into what Temporal understands: type = error code, retried only where the error table says a
 * retry may help, after the delay the other side asked for. The message is a sentence for people; causes stay out of the history.
 * @param options.isLast this attempt was the last one, whatever the table says.
 */
export function toActivityFailure(thrown: unknown, options: { isLast?: boolean } = {}): unknown {
  // A cancelled activity ends as cancelled, not as failed.
  if (Context.current().cancellationSignal.aborted) return Context.current().cancellationSignal.reason;
  const error = toAppError(thrown);
  const mayMend = error.code === 'INTERNAL' ? activityInfo().attempt < maxAttemptsOfBugs : error.retryable;
  const delay = error.details?.['retry_after_ms'];
  const { sentence } = describeError(error.code);
  // What a bug says may repeat addresses and values; the log, which is masked, has it with its cause. The history gets the sentence.
  if (error.code === 'INTERNAL') Context.current().log.error(sentence, { error });
  return ApplicationFailure.create({
    type: error.code,
    message: error.message === sentence || error.code === 'INTERNAL' ? sentence : `${sentence} (${error.message.slice(0, 1_000).toWellFormed()})`,
    nonRetryable: options.isLast === true || !mayMend,
    ...(typeof delay === 'number' ? { nextRetryDelay: delay } : {}),
  });
}

/** Heartbeats every two seconds until the returned function is called, so that a dead worker is noticed and cancellation arrives. */
export function startHeartbeat(): () => void {
  const context = Context.current();
  context.heartbeat();
  const timer = setInterval(() => context.heartbeat(), 2_000);
  return () => clearInterval(timer);
}
