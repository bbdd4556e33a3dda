import { deleteEndedNotices, endNotices, findNextDue, postponeNotices } from '../../../db/repositories/notices.repository.ts';
import type { NoticeDeps } from '../notice-deps.ts';
import { type ClaimedMessage, claimMessages } from './claim-messages.ts';
import { maxAttempts, retryDelayMs } from './retry-delay.ts';
import { sendMessage } from './send-message.ts';

/** Notices are kept for the list of deliveries. */
const keptMs = 30 * 24 * 3_600_000;
/** In one go, so that a long queue is no long silence. */
const maxRounds = 20;

export interface DeliveryRound {
  /** How long nothing is to be done, in milliseconds; null: nothing waits at all. */
  waitMs: number | null;
}

async function deliverOne(deps: NoticeDeps, message: ClaimedMessage, now: () => Date, stop: AbortSignal): Promise<void> {
  const ids = message.notices.map(({ id }) => id);
  const outcome = await sendMessage(deps, message, stop);
  if (outcome.ok) return endNotices(deps.db, { ids, state: 'sent', detail: outcome.detail, at: now() });
  // A worker that stops is no fault of the other side: the lease runs out, and the next worker tries.
  if (stop.aborted) return undefined;
  const attempts = Math.max(...message.notices.map((notice) => notice.attempts)) + 1;
  const delayMs = outcome.isFinal ? undefined : retryDelayMs(attempts);
  if (delayMs !== undefined) return postponeNotices(deps.db, { ids, until: new Date(now().getTime() + delayMs), detail: outcome.detail });
  const detail = outcome.isFinal ? outcome.detail : `Given up after ${maxAttempts} attempts within a day. The last one: ${outcome.detail}`;
  return endNotices(deps.db, { ids, state: 'failed', detail, at: now() });
}

/**
 * Sends what is due, at least once each and under an id that stays: a message whose worker died is sent again when its lease has run
 * out. Several workers may do this at once. A failed attempt is repeated, each time later, and given up after a day.
 */
export async function deliverNotices(deps: NoticeDeps, { stop = new AbortController().signal }: { stop?: AbortSignal } = {}): Promise<DeliveryRound> {
  const { db, config, now = () => new Date() } = deps;
  for (let round = 0; round < maxRounds && !stop.aborted; round++) {
    const { messages, isDone } = await db.transaction().execute((trx) => claimMessages(trx, { now: now(), hasMailServer: config.mail.smtpUrl !== undefined }));
    const outcomes = await Promise.allSettled(messages.map((message) => deliverOne(deps, message, now, stop)));
    // The others are told by now; what failed here is a bug or a lost database, and falls due again by its lease.
    const failure = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failure !== undefined) throw failure.reason;
    if (isDone) break;
  }
  const next = await findNextDue(db);
  if (next === undefined) await deleteEndedNotices(db, new Date(now().getTime() - keptMs));
  return { waitMs: next === undefined ? null : Math.max(0, next.getTime() - now().getTime()) };
}
