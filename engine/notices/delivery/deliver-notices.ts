import { setTimeout as pause } from 'node:timers/promises';
import { bringForwardRetries, deleteEndedNotices, endNotices, findNextDue, listDueWebhookIds, type NoticeRow, postponeNotices } from '../../../db/repositories/notices.repository.ts';
import type { NoticeDeps } from '../notice-deps.ts';
import { type ClaimedMessage, claimMessages } from './claim-messages.ts';
import { groupSpanMs } from './plan-messages.ts';
import { maxAttempts, retryDelayMs } from './retry-delay.ts';
import { sendMessage, type SendOutcome } from './send-message.ts';

/** Notices are kept for the list of deliveries. */
const keptMs = 30 * 24 * 3_600_000;
const maxForgotten = 5_000;
/** In one go, so that a long queue is no long silence. */
const goMs = 60_000;
/** How long something new waits while other messages are under way. */
const lookAgainMs = 500;

export interface DeliveryRound {
  /** How long nothing is to be done, in milliseconds; null: nothing waits at all. */
  waitMs: number | null;
}

/** A message got through. To a mailbox that takes mail again goes what waits for another attempt, together. */
async function noteSent({ db }: Pick<NoticeDeps, 'db'>, { notices }: ClaimedMessage, { detail }: SendOutcome, now: Date): Promise<void> {
  await endNotices(db, { ids: notices.map(({ id }) => id), state: 'sent', detail, at: now });
  const userId = notices[0]?.user_id ?? null;
  if (userId !== null) await bringForwardRetries(db, { userId, until: new Date(now.getTime() + groupSpanMs) });
}

/** Has notices of one age tried again, each time later, or gives them up. */
async function tryLater({ db }: Pick<NoticeDeps, 'db'>, notices: readonly NoticeRow[], { detail, isFinal, isUntaken = false }: SendOutcome, now: Date): Promise<void> {
  const ids = notices.map(({ id }) => id);
  const attempts = Math.max(...notices.map((notice) => notice.attempts)) + 1;
  const delayMs = isFinal ? undefined : retryDelayMs(attempts);
  if (delayMs !== undefined) return postponeNotices(db, { ids, until: new Date(now.getTime() + delayMs), detail, isUnbound: isUntaken });
  return endNotices(db, { ids, state: 'failed', detail: isFinal ? detail : `Given up after ${maxAttempts} attempts within a day. The last one: ${detail}`, at: now });
}

async function deliverOne(deps: NoticeDeps, message: ClaimedMessage, now: () => Date, stop: AbortSignal): Promise<void> {
  const outcome = await sendMessage(deps, message, stop);
  if (outcome.ok) return noteSent(deps, message, outcome, now());
  // A worker that stops is no fault of the other side: the lease runs out, and the next worker tries.
  if (stop.aborted) return;
  // What nobody got need not go out again as it was: it becomes one with what else is due to the same person by then.
  const ages = outcome.isUntaken === true ? [...Map.groupBy(message.notices, ({ attempts }) => attempts).values()] : [message.notices];
  for (const notices of ages) await tryLater(deps, notices, outcome, now());
}

/** Sends a few of the messages due to a webhook (null: as mail); ends with the slowest of them. */
async function deliverSome(deps: NoticeDeps, webhookId: string | null, stop: AbortSignal): Promise<void> {
  const { db, config, listDeciderIds, now = () => new Date() } = deps;
  const messages = await db.transaction().execute((trx) => claimMessages(trx, { webhookId, now: now(), hasMailServer: config.mail.smtpUrl !== undefined, listDeciderIds }));
  if (messages === undefined) await pause(lookAgainMs);
  const outcomes = await Promise.allSettled((messages ?? []).map((message) => deliverOne(deps, message, now, stop)));
  // The others are told by now; what failed here is a bug or a lost database, and falls due again by its lease.
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
}

/** Sends what is due, each webhook and the mail on its own, so that one that does not answer holds up nothing but what is meant for it. */
async function deliverDue(deps: NoticeDeps, stop: AbortSignal): Promise<void> {
  const { db, now = () => new Date() } = deps;
  const underWay = new Map<string | null, Promise<void>>();
  const failures: unknown[] = [];
  const begin = (webhookId: string | null): void => {
    const some = deliverSome(deps, webhookId, stop).catch((error: unknown) => failures.push(error)).then(() => void underWay.delete(webhookId));
    underWay.set(webhookId, some);
  };
  for (const end = performance.now() + goMs; !stop.aborted && failures.length === 0 && performance.now() < end; ) {
    for (const webhookId of await listDueWebhookIds(db, now())) if (!underWay.has(webhookId)) begin(webhookId);
    if (underWay.size === 0) break;
    await Promise.race([...underWay.values(), pause(lookAgainMs, undefined, { ref: false })]);
  }
  await Promise.all(underWay.values());
  if (failures.length > 0) throw failures[0];
}

/**
 * Sends what is due, at least once each and under an id that stays: a message whose worker died is sent again when its lease has run
 * out. Several workers may do this at once. A failed attempt is repeated, each time later, and given up after a day.
 */
export async function deliverNotices(deps: NoticeDeps, { stop = new AbortController().signal }: { stop?: AbortSignal } = {}): Promise<DeliveryRound> {
  const { db, now = () => new Date() } = deps;
  await deliverDue(deps, stop);
  await deleteEndedNotices(db, { before: new Date(now().getTime() - keptMs), limit: maxForgotten });
  const next = await findNextDue(db);
  return { waitMs: next === undefined ? null : Math.max(0, next.getTime() - now().getTime()) };
}
